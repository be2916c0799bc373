"""The addresses of links, whole, as they stand in mails. The screens under them are in web/outside_urls.py."""

from pathlib import Path

from django.conf import settings

from pitcrew.conversations.models import Conversation
from pitcrew.relays.doors import tokens
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import page_word

LEG, PAGE = "l", "p"
NOWHERE = "http://127.0.0.1:8420"


def house() -> str:
    """Where Pitcrew answers: PITCREW_URL, else where its last start said that it listens."""
    if settings.BASE_URL:
        return settings.BASE_URL.rstrip("/")
    try:
        return Path(settings.DATA, "address").read_text().strip() or NOWHERE
    except OSError:
        return NOWHERE


def door_address(door: Door) -> str:
    """The link to one leg, for the party of this door."""
    return f"{house()}/{LEG}/{tokens.link(door.pk)}/"


def page_address(conversation: Conversation) -> str:
    """The link to the customer's progress page that is good now."""
    return f"{house()}/{PAGE}/{page_word(conversation)}/"
