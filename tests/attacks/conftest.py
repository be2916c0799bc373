"""The cast under attack: clients, mails taken in, and what a hostile string looks like once it is kept."""

from collections.abc import Callable

import pytest
from django.test import Client

from pitcrew.channels.email import intake
from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.models import Arrival
from pitcrew.conversations.models import Message


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    yield tmp_path
    intake._reader.stop()


@pytest.fixture
def signed_in(cast) -> Callable[..., Client]:
    """A client signed in as one of the cast: ``signed_in("ana")``."""

    def client_of(name: str, **how) -> Client:
        client = Client(**how)
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture
def takes(db, at) -> Callable[..., list[Message]]:
    """Let mails come in; gives the message each became."""

    def take_all(raws: list[bytes], mailbox: str = "", envelope: str = "") -> list[Message]:
        letters = [
            letter(raw, door="smtp", arrived_at=at, mailbox=mailbox, envelope_from=envelope, envelope_to=())
            for raw in raws
        ]
        kept = [one.arrival for one in keep(letters)]
        while intake.take_some(at):
            pass
        arrivals = Arrival.objects.select_related("message").in_bulk(kept)
        wrong = [row.quarantined_why or "it still waits" for row in arrivals.values() if row.message is None]
        assert not wrong, wrong[:5]
        return [arrivals[pk].message for pk in kept]

    return take_all
