"""What is done with promises: made, kept, paused, broken; and what decides them."""

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
    "break_due",
    "break_overdue",
    "keep",
    "owe_for_leg",
    "pause",
    "promise",
    "refit",
    "release",
    "resume",
    "revive",
    "warn",
    "warn_due",
]
