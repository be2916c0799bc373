"""What the search finds is what reading everything would find: words of every kind, filters of every kind."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from pitcrew.conversations import actions, search
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message, Note, Place, State, Tagging
from pitcrew.conversations.search import candidates, finding, indexing
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.kit.words import words
from pitcrew.people.refusals import Refused

VOCABULARY = ["card", "parcel", "refund", "letter", "kettle", "quokka"]
LIKELY = [60, 30, 15, 8, 4, 1]
CUSTOMERS = "martin", "lena", "tom"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)

TERMS = {  # a search, and what it asks of the words of a document's subject, its sender and all of it
    "card": lambda subject, who, whole: "card" in whole,
    "quokka": lambda subject, who, whole: "quokka" in whole,
    "unheard": lambda subject, who, whole: False,
    "card parcel": lambda subject, who, whole: {"card", "parcel"} <= set(whole),
    "parcel -refund": lambda subject, who, whole: "parcel" in whole and "refund" not in whole,
    '"card parcel"': lambda subject, who, whole: "card parcel" in " ".join(whole),
    'card -"parcel refund"': lambda subject, who, whole: "card" in whole and "parcel refund" not in " ".join(whole),
    'subject:"card parcel"': lambda subject, who, whole: "card parcel" in " ".join(subject),
    "subject:refund": lambda subject, who, whole: "refund" in subject,
    "from:lena card": lambda subject, who, whole: "lena" in who and "card" in whole,
}
FILTERS = {  # a filter, and what it asks of the conversation and the document
    "": lambda c, d: True,
    "is:open": lambda c, d: c.state == State.OPEN,
    "is:done": lambda c, d: c.state == State.DONE,
    "is:snoozed": lambda c, d: c.state == State.SNOOZED,
    "assignee:ana": lambda c, d: c.assignee is not None and c.assignee.name == "Ana Ruiz",
    "is:unassigned is:open": lambda c, d: c.assignee is None and c.state == State.OPEN,
    "is:spam": lambda c, d: c.place == Place.SPAM,
    "is:trash": lambda c, d: c.place == Place.TRASH,
    "is:unanswered": lambda c, d: c.customer_wrote_last and c.state != State.DONE,
    "tag:vip": lambda c, d: Tagging.objects.filter(conversation=c, tag__name="vip").exists(),
    "in:accounting": lambda c, d: c.department.name == "Accounting",
    "has:note": lambda c, d: c.notes.filter(retired_at=None).exists(),
    "before:2026-03-09": lambda c, d: d.at < NOON.replace(hour=0),
    "after:2026-03-09 is:open": lambda c, d: d.at >= NOON.replace(hour=0) and c.state == State.OPEN,
    "on:2026-03-08 tag:vip": lambda c, d: d.at.date() == datetime(2026, 3, 8).date() and FILTERS["tag:vip"](c, d),
}


def text(pick: random.Random) -> str:
    return " ".join(pick.choices(VOCABULARY, LIKELY, k=pick.randint(1, 6)))


@pytest.fixture
def desk(cast, monkeypatch):
    """A busy desk with everything that can happen to a conversation, in many neighbourhoods of documents."""
    for module, (name, bits) in product((indexing, candidates), (("NEAR", 2), ("FAR", 4))):
        monkeypatch.setattr(module, name, bits)
    pick = random.Random(20260309)
    customer, by = Actor("customer", "x", door="email"), cast.by
    for turn in range(90):
        at, name = NOON - timedelta(hours=90 - turn), pick.choice(CUSTOMERS)
        old = Conversation.objects.filter(merged_into=None).order_by("id")
        letter = Incoming(
            channel="email",
            address=f"{name}@customer.test",
            name=name.title(),
            subject=text(pick),
            text=text(pick),
            department=pick.choice([cast.front, cast.front, cast.accounting]),
            conversation=pick.choice([None, None, pick.choice(old)]),
        )
        conversation = actions.receive(letter, by=customer, at=at).conversation
        _befall(conversation, pick, cast, by, at)
        if turn % 30 == 29:
            actions.merge(conversation, pick.choice(old.exclude(pk=conversation.pk)), by=by, at=at)
    return cast


def _befall(conversation, pick, cast, by, at):
    how = {"by": by, "at": at}
    for act in pick.sample(
        [
            lambda: actions.reply(conversation, text(pick), to=["x@customer.test"], **how),
            lambda: actions.note(conversation, text(pick), **how),
            lambda: actions.tag(conversation, "vip", **how),
            lambda: actions.assign(conversation, pick.choice([cast.ana, cast.ben]), **how),
            lambda: actions.close(conversation, **how),
            lambda: actions.snooze(conversation, at + timedelta(days=30), **how),
            lambda: actions.place(conversation, pick.choice([Place.SPAM, Place.TRASH]), **how),
            lambda: actions.follow(conversation, cast.ana, **how),
            lambda: undo(Operation.objects.order_by("-id")[:1], **how),
        ],
        pick.choice([0, 1, 2]),
    ):
        with suppress(Refused):  # not everything may be done to everything
            act()


def documents(staff) -> list[tuple]:
    """Every document this person may see, newest first: conversation, row, the words of its parts."""
    seen = {c.pk: c for c in Conversation.objects.visible_to(staff).filter(merged_into=None)}
    found = [(m.pk * 2, m, words(m.subject), words(f"{m.name} {m.address}")) for m in Message.objects.all()]
    found += [(n.pk * 2 + 1, n, [], []) for n in Note.objects.all()]
    return [
        (seen[row.conversation_id], row, subject, who, subject + who + words(row.text))
        for _, row, subject, who in sorted(found, key=lambda d: d[0], reverse=True)
        if row.conversation_id in seen
    ]


def scanned(read: list[tuple], asked: str, filtered: str) -> list[tuple[int, int | None, int | None]]:
    """Conversation, message and note of every hit there should be, newest first."""
    hits: dict[int, tuple] = {}
    for conversation, row, subject, who, whole in read:
        is_trash = conversation.place == Place.TRASH and filtered not in ("is:spam", "is:trash")
        if TERMS[asked](subject, who, whole) and not is_trash and FILTERS[filtered](conversation, row):
            place = (None, row.pk) if isinstance(row, Note) else (row.pk, None)
            hits.setdefault(conversation.pk, (conversation.pk, *place))
    return list(hits.values())


def found(staff, asked: str, filtered: str, limit: int) -> list[tuple[int, int | None, int | None]]:
    hits = search.find(staff, f"{asked} {filtered}", limit=limit).hits
    return [(hit.conversation.pk, hit.message_id, hit.note_id) for hit in hits]


def disagreements(staff, limit: int) -> tuple[list, int]:
    """Searches that do not find what the scan does, and how many hits there were in all."""
    read, wrong, hits = documents(staff), [], 0
    for asked, filtered in product(TERMS, FILTERS):
        there = scanned(read, asked, filtered)[:limit]
        hits += len(there)
        if (here := found(staff, asked, filtered, limit)) != there:
            wrong.append((asked, filtered, here, there))
    return wrong, hits


@pytest.mark.parametrize("portion", [2, 1_000])
@pytest.mark.parametrize("limit", [1, 4, 50])
def test_every_search_finds_what_a_scan_finds(desk, monkeypatch, limit, portion):
    """In one portion or in many, for an agent, a lead and an administrator."""
    monkeypatch.setattr(finding, "PORTION", portion)
    for staff, least in ((desk.ana, 50), (desk.cleo, 30), (desk.ada, 60)):
        wrong, hits = disagreements(staff, limit)
        assert not wrong
        assert hits >= least


def test_a_search_that_stops_early_says_so_and_has_the_newest(desk, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 20)
    looked = 0
    for filtered in FILTERS:
        here, whole = search.find(desk.ada, f"card {filtered}"), scanned(documents(desk.ada), "card", filtered)
        assert [hit.conversation.pk for hit in here.hits] == [pk for pk, *_ in whole[: len(here.hits)]]
        assert here.is_cut or len(here.hits) == len(whole)
        looked += here.is_cut
    assert looked


def test_who_may_sign_in_no_more_finds_nothing(cast, at):
    cast.ana.deactivated_at = at
    assert not cast.ana.is_active
    for asked in ("card", "card is:open", "is:open", f"#{cast.conversation.pk}"):
        assert search.find(cast.ana, asked).hits == []
