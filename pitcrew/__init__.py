"""Pitcrew: customer service for the whole company."""

__version__ = "0.1.0"
