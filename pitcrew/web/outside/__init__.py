"""What pages for people outside have in common: no session, no cookie, every refusal in words of their own."""
