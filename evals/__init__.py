"""Thin adapters between Pitcrew and scorers that judge it."""
