"""Card processing helps by mail, a courier by link; letters leave into a box that tests read."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email import intake
from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.letters import followers, sending
from pitcrew.channels.email.letters.models import Letter
from pitcrew.channels.email.letters.queries import due
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Arrival
from pitcrew.history.actors import Actor
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Edition, Leg

COURIER = "driver@courier.test"
COMMITS = "postgres" in os.environ.get("DATABASE_URL", "")  # there, followers read only what is committed
FORM = re.compile(r'name="form" value="([^"]+)"')


class Clock:
    """The moment it is for the pages; a test moves it on."""

    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **how: float) -> datetime:
        self.now += timedelta(**how)
        return self.now


@pytest.fixture
def clock(at, monkeypatch) -> Clock:
    found = Clock(at + timedelta(minutes=5))
    monkeypatch.setattr(timezone, "now", found)
    return found


@pytest.fixture
def house(cast, at, settings, tmp_path) -> SimpleNamespace:
    """The cast, Dee and Eli who contribute to Card processing, a template, and a mailbox."""
    settings.DATA, settings.BASE_URL = tmp_path, "https://desk.company.test"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    setup = {"by": Actor("pitcrew", "setup"), "at": at}
    cast.cards = people.open_department("Card processing", **setup)
    for name in ("Dee Moll", "Eli Ray"):
        staff = people.hire(f"{name[:3].lower()}@company.test", name, **setup)
        people.add_member(cast.cards, staff, Role.CONTRIBUTOR, **setup)
        setattr(cast, name[:3].lower(), staff)
    name_mailbox("support@company.test", cast.front, name="Nordbank", **setup)
    steps = [
        {"key": "card", "name": "New card", "department": cast.cards.pk, "told": "A new card is made"},
        {
            "key": "courier",
            "name": "Courier",
            "department": cast.front.pk,
            "partner": COURIER,
            "after": ["card"],
            "told": "The courier brings it",
            "asks": [{"key": "signed", "label": "Signed by", "kind": "text", "needed": True}],
        },
        {"key": "call", "name": "Call back", "department": cast.front.pk, "after": ["courier"], "is_follow_up": True},
    ]
    template = relays.add_template("Card delivery", steps, **setup)
    cast.edition = Edition.objects.get(template=template)
    cast.by_when = at + timedelta(days=3)
    cast.as_ana = {"by": Actor("agent", cast.ana.pk, door="test"), "at": at + timedelta(minutes=1)}
    return cast


@pytest.fixture
def brief(house) -> Brief:
    return Brief("A card that arrives", "The first came back", "A new one on Thursday", house.by_when)


@pytest.fixture
def post(house, clock) -> Callable[[], list]:
    """Let the followers read, and let leave what may; gives the mails that left."""

    def run() -> list:
        mail.outbox.clear()
        only = [f"{followers.__name__.removeprefix('pitcrew.')}.{name}" for name in vars(followers)]
        tell_followers(clock.now, only=only)
        for pk in due(clock.later(seconds=20)).values_list("pk", flat=True):
            row = Letter.objects.get(pk=pk)
            sending.send_now(row, at=clock.now)
        return list(mail.outbox)

    return run


@pytest.fixture
def offered(house, brief, post) -> Leg:
    """The first leg of the card delivery, offered to Card processing, whose letters have left."""
    relays.start(house.conversation, house.edition, brief, **house.as_ana)
    post()
    return Leg.objects.get(step="card")


@pytest.fixture
def courier(offered, house, clock) -> Leg:
    """The courier's leg, offered."""
    how = {"by": Actor("agent", house.dee.pk), "at": clock.later(minutes=1)}
    relays.done(offered, {}, "made", **how)
    return Leg.objects.get(step="courier")


@pytest.fixture
def arrives(db, clock) -> Callable[..., Arrival]:
    """A mail comes in and is taken; gives its arrival."""

    def take(raw: bytes, to: tuple = (), envelope: str = "") -> Arrival:
        one = letter(raw, door="smtp", arrived_at=clock.now, mailbox="", envelope_from=envelope, envelope_to=to)
        arrival = Arrival.objects.get(pk=keep([one])[0].arrival)
        intake.take_some(clock.now)
        arrival.refresh_from_db()
        assert arrival.message_id or arrival.letter, arrival.quarantined_why or "it still waits"
        return arrival

    yield take
    intake._reader.stop()


class Visitor:
    """Somebody outside with a browser that keeps nothing."""

    def __init__(self, address: str):
        self.path = address.removeprefix("https://desk.company.test")
        self.client = Client(enforce_csrf_checks=True)

    def looks(self, query: str = ""):
        return self.client.get(self.path + query)

    def form(self) -> str:
        return FORM.search(self.looks().content.decode())[1]

    def says(self, act: str, words: str = "", form: str | None = None, **more: str):
        return self.client.post(self.path, {"form": form or self.form(), "act": act, "words": words, **more})


def link_in(sent) -> str:
    """The link in a mail."""
    return re.search(r"https://desk\.company\.test/[lp]/[\w-]+/", sent.body)[0]
