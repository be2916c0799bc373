"""Mail that did not arrive: which addresses it did not reach, why, and which of our messages came back."""

from pitcrew.channels.email.parse.bounces.finding import BounceFinding, bounces

__all__ = ["BounceFinding", "bounces"]
