"""The company's mailbox, and a short way in."""

from collections.abc import Callable

import pytest

from pitcrew.channels.email import intake
from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Arrival, Mailbox
from pitcrew.conversations.models import Message


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    yield tmp_path
    intake._reader.stop()


@pytest.fixture
def kept(db, at) -> Callable[..., Arrival]:
    """Keep a mail as if it had just come in; gives its arrival."""

    def keep_one(raw: bytes, door: str = "smtp", mailbox: str = "", envelope: str = "", to: tuple = ()) -> Arrival:
        one = letter(raw, door=door, arrived_at=at, mailbox=mailbox, envelope_from=envelope, envelope_to=to)
        return Arrival.objects.get(pk=keep([one])[0].arrival)

    return keep_one


@pytest.fixture
def taken(kept, at) -> Callable[..., Message]:
    """Keep a mail and take it in; gives the message it became."""

    def take_one(raw: bytes, **how) -> Message:
        arrival = kept(raw, **how)
        intake.take_some(at)
        arrival.refresh_from_db()
        assert arrival.message is not None, arrival.quarantined_why or "it still waits"
        return arrival.message

    return take_one


@pytest.fixture
def mailbox(cast, at) -> Mailbox:
    return name_mailbox("support@company.test", cast.front, by=cast.by, at=at)
