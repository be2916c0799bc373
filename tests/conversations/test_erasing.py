"""Forgetting a customer."""

import zlib

from django.db import connection

from pitcrew.conversations import actions, drafts, queries, search
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.models import Customer
from tests.verify import assert_log_tells_all, verify

SECRETS = ("martin", "haas", "three weeks", "card has", "passport", "mole street", "bad temper", "on its way")


def everything_stored() -> str:
    """All text of all tables, deflated text too; the index of SQLite holds words, which `search` tells."""
    unread = ("django_", "search_words" if connection.vendor == "sqlite" else "search_words_")
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(unread):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [str([_readable(value) for value in row]) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def _readable(value):
    is_deflated = isinstance(value, bytes | memoryview) and bytes(value[:1]) == b"x"
    return zlib.decompress(value).decode() if is_deflated else value


def a_full_life(cast, at):
    how = {"by": cast.by, "at": at}
    people.describe_customer(cast.martin, "Has a bad temper", **how)
    people.add_identity(cast.martin, "email", "haas@home.test", **how)
    actions.rename(cast.conversation, "Martin's passport", **how)
    actions.note(cast.conversation, "Lives in Mole Street", **how)
    actions.reply(cast.conversation, "Martin, it is on its way.", to=["martin@customer.test"], **how)
    files = [File("passport.png", "image/png", 3, "c" * 64), File("logo.png", "image/png", 3, "d" * 64)]
    letter = Incoming(channel="email", address="martin@customer.test", name="Martin Haas", text="Haas", files=files)
    actions.receive(letter, by=Actor("customer", cast.martin.pk), at=at)
    stranger = Incoming(channel="email", address="zoe@customer.test", text="Hello", files=files[1:])
    other = actions.receive(stranger, by=Actor("customer", "zoe"), at=at).conversation
    said = Incoming(channel="email", address="martin@customer.test", text="Martin here too", conversation=other)
    actions.receive(said, by=Actor("customer", cast.martin.pk), at=at)
    drafts.save(cast.conversation, cast.ana, "Dear Martin", at=at)
    return other


def test_nothing_personal_is_left_and_the_log_still_tells_every_row(cast, at):
    a_full_life(cast, at)
    before = Event.objects.count(), Message.objects.count(), Conversation.objects.count()
    assert all(secret in everything_stored() for secret in SECRETS)
    verify(lambda: actions.forget_customer(cast.martin, by=cast.by, at=at), can_be_undone=False)
    stored = everything_stored()
    assert [secret for secret in SECRETS if secret in stored] == []
    assert Event.objects.count() > before[0]
    assert (Message.objects.count(), Conversation.objects.count()) == before[1:]
    assert Event.objects.filter(kind="customer.forgotten", subject_id=cast.martin.pk).exists()


def test_others_keep_what_is_theirs(cast, at):
    other = a_full_life(cast, at)
    actions.forget_customer(cast.martin, by=cast.by, at=at)
    other.refresh_from_db()
    assert {m.text for m in other.messages.all()} == {"Hello", ""}
    assert queries.files_of(cast.martin) == ["c" * 64]


def test_what_was_erased_is_not_found(cast, at):
    a_full_life(cast, at)
    assert search.find(cast.ada, "mole").hits
    actions.forget_customer(cast.martin, by=cast.by, at=at)
    for words in ("mole", "martin", "haas", "weeks"):
        assert not search.find(cast.ada, words).hits


def test_undoing_everything_brings_nothing_erased_back(cast, at):
    a_full_life(cast, at)
    actions.forget_customer(cast.martin, by=cast.by, at=at)
    undo(Operation.objects.filter(actor=str(cast.by)), by=cast.by, at=at)
    stored = everything_stored()
    assert [secret for secret in SECRETS if secret in stored] == []
    assert_log_tells_all()


def test_who_was_forgotten_and_writes_again_is_a_stranger(cast, at):
    actions.forget_customer(cast.martin, by=cast.by, at=at)
    letter = Incoming(channel="email", address="martin@customer.test", name="Martin", text="Me again")
    message = actions.receive(letter, by=Actor("customer", "martin"), at=at)
    assert message.customer != cast.martin
    assert Customer.objects.get(pk=cast.martin.pk).name == ""


def index_is_sound() -> bool:
    """Whether the index of SQLite agrees with itself; it raises DatabaseError where it does not."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('integrity-check')")
    return True


def test_who_wrote_again_can_be_forgotten_a_second_time_and_a_third(cast, at):
    by_martin = Actor("customer", cast.martin.pk)
    for word in ("first", "second", "third"):
        letter = Incoming(channel="email", address="martin@customer.test", text=word, conversation=cast.conversation)
        actions.receive(letter, by=by_martin, at=at)
        assert search.find(cast.ada, word).hits
        actions.forget_customer(cast.martin, by=cast.by, at=at)
        assert not search.find(cast.ada, word).hits and index_is_sound()


def test_two_who_spoke_in_one_conversation_are_forgotten_one_after_the_other(cast, at):
    letter = Incoming(channel="email", address="zoe@customer.test", text="Me too", conversation=cast.conversation)
    zoe = actions.receive(letter, by=Actor("customer", "zoe"), at=at).customer
    empty = Incoming(channel="email", address="", text="", conversation=cast.conversation)
    actions.receive(empty, by=Actor("customer", "zoe"), at=at)
    for customer in (zoe, cast.martin, zoe, cast.martin):
        actions.forget_customer(customer, by=cast.by, at=at)
        assert index_is_sound()
    actions.note(cast.conversation, "Nobody is left", by=cast.by, at=at)
    assert search.find(cast.ada, "nobody").hits
