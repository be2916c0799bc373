from pitcrew.history.kinds import define

MAILBOX_ADDED = define("mailbox.added", "{actor} added the mailbox {address}")
MAILBOX_CHANGED = define("mailbox.changed", "{actor} changed a mailbox")
MAILBOX_STOPPED = define("mailbox.stopped", "A mailbox stopped: {stopped_why}")
MAILBOX_STARTED = define("mailbox.started", "A mailbox works again")
MAILBOX_RETIRED = define("mailbox.retired", "{actor} removed a mailbox")
