"""Screens for people outside: partners, colleagues who do not live on the desk, customers."""
