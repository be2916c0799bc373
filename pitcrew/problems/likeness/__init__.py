"""Which problem a message speaks of: the words people wrote down for it, and its likeness to what was linked."""

from pitcrew.problems.likeness.index import Found, Index, Known, Said, Written

__all__ = ["Found", "Index", "Known", "Said", "Written"]
