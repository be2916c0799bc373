"""The kinds of event."""

from pitcrew.history.kinds import define

LINK_BROKEN = define("link.broken", "A link broke: {sentence}", is_work=False)
LINK_CHANGED = define("link.changed", "The next move at a broken link is another's", is_work=False)
LINK_MENDED = define("link.mended", "A broken link is mended", is_work=False)
LINK_ESCALATED = define("link.escalated", "A broken link was told to {person}", is_work=False)
ALARM_GIVEN = define("alarm.given", "{staff} was told of a broken link", is_work=False)
