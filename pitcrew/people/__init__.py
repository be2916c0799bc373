"""Customers and their identities, staff, departments; and who may see and do what."""
