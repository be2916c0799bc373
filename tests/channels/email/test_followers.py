"""A customer who is forgotten is forgotten by the mail channel too."""

from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.followers import erase_what_was_sent
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.conversations import actions
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.history.models import Event
from pitcrew.people.events import CUSTOMER_FORGOTTEN


def arrival_of(message, at) -> Arrival:
    raw = f"Message-ID: <{message.pk}@customer.test>\r\n\r\nhello".encode()
    keep([letter(raw, door="smtp", arrived_at=at, mailbox="support@company.test")])
    found = Arrival.objects.order_by("-pk")[0]
    found.message, found.envelope_from = message, "martin@customer.test"
    found.save()
    return found


def received(address: str, at, cast, *hashes: str):
    attached = [File("card.txt", "text/plain", 4, each) for each in hashes]
    letter_ = Incoming(channel="email", address=address, text="Hello", files=attached, external_id=address)
    return actions.receive(letter_, by=cast.by, at=at)


def test_mails_and_files_of_a_forgotten_customer_are_gone_and_those_of_others_stay(cast, at, settings, tmp_path):
    settings.DATA = tmp_path
    own, shared = files().put(b"only hers"), files().put(b"sent by two")
    lena, tom = received("lena@x.test", at, cast, own, shared), received("tom@x.test", at, cast, shared)
    hers, his = arrival_of(lena, at), arrival_of(tom, at)
    actions.forget_customer(lena.customer, by=cast.by, at=at)
    for _ in range(2):
        for event in Event.objects.filter(kind=CUSTOMER_FORGOTTEN):
            erase_what_was_sent(event, at)
    assert not RawMail.objects.filter(pk=hers.pk).exists()
    assert Arrival.objects.get(pk=hers.pk).envelope_from == ""
    assert RawMail.objects.filter(pk=his.pk).exists()
    assert not files().path(own).exists()
    assert files().path(shared).exists()
