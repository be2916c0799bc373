from pitcrew.history.kinds import define

LETTER_WRITTEN = define("letter.written", "A letter about it waits to leave", is_work=False)
LETTER_DROPPED = define("letter.dropped", "The letter was not needed any more", is_work=False)
LETTER_LEFT = define("letter.left", "A letter was sent", undoable=False, is_work=False)
LETTER_UNDELIVERED = define(
    "letter.undelivered", "A letter was not delivered: {undelivered_why}", undoable=False, is_work=False
)
