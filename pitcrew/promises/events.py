"""The kinds of event."""

from pitcrew.history.kinds import define

PROMISE_MADE = define("promise.made", "Promised: {kind} by {due_at}")
PROMISE_WARNED = define("promise.warned", "A promise is at risk: due {due_at}", is_work=False)
PROMISE_BROKEN = define("promise.broken", "A promise was broken", is_work=False)
PROMISE_KEPT = define("promise.kept", "A promise was kept")
PROMISE_RELEASED = define("promise.released", "{actor} released a promise")
PROMISE_PAUSED = define("promise.paused", "A promise stands still")
PROMISE_RESUMED = define("promise.resumed", "A promise is due {due_at}")
PROMISE_REFITTED = define("promise.refitted", "A promise is due {due_at} now")
PROMISE_MOVED = define("promise.moved", "{actor} moved a promise here", is_work=False)
CALENDAR_ADDED = define("calendar.added", "{actor} added the working hours {name}")
CALENDAR_CHANGED = define("calendar.changed", "{actor} changed working hours")
CALENDAR_RETIRED = define("calendar.retired", "{actor} removed working hours")
POLICY_ADDED = define("policy.added", "{actor} added the promises {name}")
POLICY_CHANGED = define("policy.changed", "{actor} changed what is promised")
POLICY_RETIRED = define("policy.retired", "{actor} removed promises")
