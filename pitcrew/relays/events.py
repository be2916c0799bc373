"""The kinds of event."""
