"""Forgetting a customer: what they said and who they were is erased, that something was said stays."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations import guards, search
from pitcrew.conversations.models import Attachment, Conversation, Draft, Message, Note
from pitcrew.history.actors import Actor
from pitcrew.history.forgetting import erase
from pitcrew.history.writing import change_by_id, chunks, hold, note, now_recording, operation
from pitcrew.people import events
from pitcrew.people.models import Customer, Identity
from pitcrew.promises.models import Promise

SAID = ("name", "address", "to", "cc", "subject", "undelivered_why", "warning", "words")


@operation
def forget_customer(customer: Customer, *, by: Actor, at: datetime) -> None:
    """Erase a customer's personal data for good, here and in everything the log remembers.

    Names, addresses, words, subjects, notes about them and the names of files go. The event ``customer.forgotten``
    tells the channels to erase what they keep: raw mail, and the files that `queries.files_of` names.
    """
    hold(customer)
    conversations = _ids(Conversation.everything.filter(customer=customer))
    messages = _ids(Message.everything.filter(Q(conversation__customer=customer) | Q(customer=customer)))
    notes = _ids(Note.everything.filter(conversation__customer=customer))
    files = _ids(Attachment.everything.filter(Q(message__in=messages) | Q(note__in=notes)))
    _lose_words(messages, notes)
    erase(Message, messages, SAID)
    erase(Note, notes, ("words",))
    erase(Attachment, files, ("name", "content_id"))
    erase(Conversation, conversations, ("subject",))
    guards.forget(conversations)
    erase(Promise, _ids(Promise.everything.filter(conversation__in=conversations)), ("words",))
    Draft.objects.filter(conversation__in=conversations).delete()
    Conversation.show_newest(_ids(Conversation.everything.filter(messages__in=messages)))
    identities = _ids(Identity.everything.filter(customer=customer))
    change_by_id(Identity, identities, events.CUSTOMER_FORGOTTEN, retired_at=at)
    erase(Identity, identities, ("value",))
    erase(Customer, [customer.pk], ("name", "memo"))
    note(now_recording(), ("people.customer", customer.pk), None, events.CUSTOMER_FORGOTTEN, {})


def _ids(rows) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def _lose_words(messages: Iterable[int], notes: Iterable[int]) -> None:
    """The search index is told what to lose while the words are still there."""
    for some in chunks(messages):
        search.forget(Message.everything.filter(pk__in=some).iterator(chunk_size=200))
    for some in chunks(notes):
        search.forget(Note.everything.filter(pk__in=some).iterator(chunk_size=200))
