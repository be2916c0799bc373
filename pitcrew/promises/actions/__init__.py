"""What is done with promises: made, kept, paused, broken; and what decides them."""

from pitcrew.promises.actions.deciding import (
    add_calendar,
    add_policy,
    change_calendar,
    change_policy,
    remove_calendar,
    remove_policy,
    start_with_the_usual,
)
from pitcrew.promises.actions.owing import (
    keep,
    owe_for_leg,
    pause,
    promise,
    refit,
    release,
    resume,
    revive,
)
from pitcrew.promises.actions.sweeping import break_due, break_overdue, warn, warn_due

__all__ = [
    "add_calendar",
    "add_policy",
    "break_due",
    "break_overdue",
    "change_calendar",
    "change_policy",
    "keep",
    "owe_for_leg",
    "pause",
    "promise",
    "refit",
    "release",
    "remove_calendar",
    "remove_policy",
    "resume",
    "revive",
    "start_with_the_usual",
    "warn",
    "warn_due",
]
