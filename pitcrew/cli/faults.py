"""What a person at the terminal has to mend."""


class Fault(Exception):
    """Something is wrong outside of Pitcrew. The text is a sentence: what, and what to do."""
