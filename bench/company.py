"""A company with a long history, made quickly: conversations, messages, their log and their search index.

`python -m bench.company --conversations 250000` fills the database that DATABASE_URL (or PITCREW_DATA) names.
"""

import argparse
import itertools
import os
import random
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from pitcrew.conversations import actions, events, search  # noqa: E402
from pitcrew.conversations.deflated import Words as Said  # noqa: E402
from pitcrew.conversations.incoming import Incoming  # noqa: E402
from pitcrew.conversations.models import PREVIEW, Conversation, Message, State  # noqa: E402
from pitcrew.history.actors import Actor  # noqa: E402
from pitcrew.history.models import Event, Operation  # noqa: E402
from pitcrew.history.writing import birth  # noqa: E402
from pitcrew.people import actions as people  # noqa: E402
from pitcrew.people import events as people_events  # noqa: E402
from pitcrew.people.models import Customer, Department, Identity, Role, Staff  # noqa: E402

BATCH = 1_000
START = datetime(2024, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=4)
PER_CONVERSATION = 4  # messages


class Words:
    """Texts with the word frequencies of a language (Zipf, 1949)."""

    def __init__(self, seed: int, vocabulary: int = 30_000):
        self.random = random.Random(seed)
        syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er")]
        makes = itertools.product(syllables, repeat=3)
        self.words = ["".join(s) for s in itertools.islice(makes, 0, vocabulary * 9, 9)]
        self.random.shuffle(self.words)
        self.weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(self.words))))

    def text(self, length: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=length))

    def rank(self, number: int) -> str:
        """The word that stands at this place among the most frequent."""
        return self.words[number]


def staff() -> Staff:
    """The agent who looks at all this: a member of the first of three departments, made when there is none."""
    found = Staff.objects.filter(email="ana@company.test").first()
    if found:
        return found
    how = {"by": Actor("pitcrew", "bench"), "at": START}
    for name in ("Front desk", "Accounting", "Card processing"):
        people.open_department(name, **how)
    ana = people.hire("ana@company.test", "Ana Ruiz", is_administrator=True, **how)
    for department in Department.objects.all():
        people.add_member(department, ana, Role.AGENT, **how)
    return ana


def colleague() -> Staff:
    """Ben, an agent of two of the three departments; he joins when he is not there yet."""
    found = Staff.objects.filter(email="ben@company.test").first()
    if found:
        return found
    staff()
    how = {"by": Actor("pitcrew", "bench"), "at": START}
    ben = people.hire("ben@company.test", "Ben Ode", **how)
    for department in Department.objects.order_by("id")[:2]:
        people.add_member(department, ben, Role.AGENT, **how)
    return ben


def ask_and_answer(messages: int) -> Conversation:
    """A conversation with so many messages, made by the acts that make it in earnest."""
    words, at = Words(messages), datetime.now(UTC)
    by, letter = Actor("agent", colleague().pk, door="bench"), _letter(words)
    conversation = actions.receive(letter, by=by, at=at).conversation
    for turn in range(1, messages):
        at += timedelta(seconds=1)
        if turn % 2:
            actions.reply(conversation, words.text(60), to=[letter.address], by=by, at=at)
        else:
            actions.receive(replace(_letter(words), conversation=conversation), by=by, at=at)
    return conversation


def _letter(words: Words) -> Incoming:
    return Incoming(
        channel="email",
        address=f"{words.text(1)}@customer.test",
        name=words.text(2).title(),
        subject=words.text(5).capitalize(),
        text=words.text(60),
        external_id=f"{uuid.uuid4().hex}@customer.test",
    )


def fill(conversations: int, seed: int = 1, each: int = PER_CONVERSATION) -> None:
    """Add conversations of so many messages each until there are this many."""
    call_command("migrate", verbosity=0)
    _unsafely()
    ana, words = staff(), Words(seed)
    departments = list(Department.objects.order_by("id"))
    have, started = Conversation.everything.count(), time.perf_counter()
    for first in range(have, conversations, BATCH):
        with transaction.atomic():
            _some(range(first, min(first + BATCH, conversations)), words, departments, ana, each)
        if first % 10_000 == 0:
            print(f"{first + BATCH} of {conversations}, {time.perf_counter() - started:.0f} s", flush=True)
    count_anew()


def count_anew() -> None:
    """Let the database know how much there is now, as autovacuum does where it runs."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _unsafely() -> None:
    """Wait for no disk while filling: what is lost is made again."""
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA synchronous = OFF" if is_sqlite else "SET synchronous_commit = off")


def _some(numbers: range, words: Words, departments: list[Department], ana: Staff, each: int) -> None:
    customers = _insert([Customer(name=words.text(2).title()) for _ in numbers])
    identities = _insert(
        [Identity(customer=c, value=f"c{n}@customer.test") for n, c in zip(numbers, customers, strict=True)]
    )
    rows = [
        _conversation(number, customer, departments, words, each)
        for number, customer in zip(numbers, customers, strict=True)
    ]
    _insert(rows)
    messages = [_message(row, turn, ana, words) for row in rows for turn in range(each)]
    _insert(messages)
    _log(identities, people_events.IDENTITY_ADDED, customers, people_events.CUSTOMER_MET)
    _log(rows, events.OPENED, messages, events.MESSAGE_RECEIVED)
    search.remember(messages)


def _insert(rows: list) -> list:
    """Rows without the log, which `_log` writes for many at once."""
    return models.QuerySet(type(rows[0])).bulk_create(rows, batch_size=BATCH)  # PostgreSQL takes 65,535 values


def _conversation(
    number: int, customer: Customer, departments: list[Department], words: Words, each: int
) -> Conversation:
    is_open, opened = words.random.random() < 0.04, START + STEP * number
    return Conversation(
        subject=words.text(5).capitalize(),
        customer=customer,
        department=departments[number % len(departments)],
        state=State.OPEN if is_open else State.DONE,
        opened_at=opened,
        last_message_at=opened + timedelta(hours=each - 1),
        preview=words.text(25)[:PREVIEW],
        customer_wrote_last=is_open,
    )


def _message(row: Conversation, turn: int, ana: Staff, words: Words) -> Message:
    is_in = turn % 2 == 0
    return Message(
        conversation=row,
        direction="in" if is_in else "out",
        at=row.opened_at + timedelta(hours=turn),
        customer=row.customer if is_in else None,
        author=None if is_in else ana,
        name=row.customer.name if is_in else ana.name,
        address=f"c{row.pk}@customer.test" if is_in else "",
        subject=row.subject,
        external_id=f"{row.pk}.{turn}@customer.test",
        words=Said(words.text(words.random.randint(20, 120))),
    )


def _log(one, kind_of_one, others, kind_of_others) -> None:
    rows = [(kind_of_one, row) for row in one] + [(kind_of_others, row) for row in others]
    by = {row.about: None for _, row in rows}
    operations = [Operation(actor="customer:1", verb="conversations.receive", door="email", at=START) for _ in by]
    Operation.objects.bulk_create(operations)
    of = dict(zip(by, operations, strict=True))
    Event.objects.bulk_create(
        [
            Event(
                operation=of[row.about],
                kind=kind,
                subject_type=row._meta.label_lower,
                subject_id=row.pk,
                about=row.about,
                is_birth=True,
                changes=birth(row),
            )
            for kind, row in rows
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=PER_CONVERSATION, help="of each conversation")
    asked = parser.parse_args()
    fill(asked.conversations, each=asked.messages)
