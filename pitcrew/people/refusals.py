"""What somebody may not do, said so that they know what to do instead."""


class Refused(Exception):
    """An act that cannot be done as asked. The text is a sentence for the person who asked."""


class NeedsConfirmation(Refused):
    """An act that is done only when asked for a second time, with ``confirmed=True``."""
