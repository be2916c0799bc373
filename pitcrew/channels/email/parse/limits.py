"""How much a mail may hold before it is set aside unread."""

MAX_BYTES = 64 * 1024 * 1024
MAX_HEADER_BYTES = 2 * 1024 * 1024
MAX_HEADERS = 5_000
MAX_PARTS = 1_000
MAX_DEPTH = 50

# Past these a mail is still read; the rest of the list or line is left out and said so.
MAX_ADDRESSES = 1_000
MAX_REFERENCES = 500
MAX_HEADER_TEXT = 64 * 1024
MAX_PARAMETERS = 200
MAX_NAME = 240
MAX_SUBJECT = 2_000
MAX_ID = 998
MAX_BLOCKS = 1_000
MAX_READ_CLOSELY = 1024 * 1024
MAX_READABLE = 4 * 1024 * 1024


class Unreadable(Exception):
    """The mail breaks a limit; the sentence says which, and goes to the quarantine with it."""
