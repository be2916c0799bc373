"""Broken links: the places where a chain stopped, found before the customer finds them."""
