"""What is owed for a leg: to be accepted in time, then to be completed in time. Nobody else keeps or releases it."""

from datetime import datetime

from pitcrew.relays.models import Leg


def owe_acceptance(leg: Leg) -> None:
    """The department has to accept it by a moment."""


def owe_completion(leg: Leg) -> None:
    """It was accepted: that promise is kept, and the next one runs."""


def pause(leg: Leg) -> None:
    """The baton is back with the sender: its clocks stand still."""


def resume(leg: Leg) -> None:
    """The sender has answered: the clocks run on."""


def keep(leg: Leg) -> None:
    """It is done."""


def release(leg: Leg) -> None:
    """Nobody waits for it any more."""


def owe_call(leg: Leg, call_at: datetime) -> None:
    """The customer is called again at a moment."""
