"""Many phrases as one pattern, written a line at a time so that a person can read and extend the list."""

import re


def any_of(*phrases: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """A pattern that finds any of the phrases (regular expressions), whatever the case.

    `before` and `after` must stand around whichever phrase is found.
    """
    return re.compile(f"{before}(?:{'|'.join(phrases)}){after}", re.IGNORECASE)
