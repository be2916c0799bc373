"""One conversation as it went: messages, notes and what was done with it, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations import events
from pitcrew.conversations.models import Attachment, Conversation, Message, Note
from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.conversations.queries.sentences import Told, tell
from pitcrew.history import reading
from pitcrew.history.models import Event, Operation
from pitcrew.people.models import Customer, Staff

MESSAGES = 100
SHOWN_AS_THEMSELVES = (
    events.MESSAGE_RECEIVED,
    events.MESSAGE_WRITTEN,
    events.MESSAGE_LEFT,
    events.NOTE_WRITTEN,
    events.FILE_ATTACHED,
)
NAMED = ("name", "email")
MESSAGE = Shape(Message, leads_to={"customer": Shape(Customer, NAMED), "author": Shape(Staff, NAMED)})
NOTE = Shape(Note, ("conversation_id", "author_id", "at", "words"), {"author": Shape(Staff, NAMED)})
FILE = Shape(Attachment)
EVENT = Shape(Event, leads_to={"operation": Shape(Operation)})
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class Item:
    """One thing that happened: a message, a note, or one act told in a sentence (`told`)."""

    at: datetime
    message: Message | None = None
    note: Note | None = None
    told: Told | None = None

    @property
    def kind(self) -> str:
        return "message" if self.message else "note" if self.note else "event"


@dataclass
class Timeline:
    """Items, oldest first. ``before`` is where the earlier ones end; None when this is all of it."""

    items: list[Item] = field(default_factory=list)
    before: Cursor | None = None


def timeline(conversation: Conversation, *, before: Cursor | None = None, limit: int = MESSAGES) -> Timeline:
    """The newest `limit` messages (or those before a place), with the notes and acts between them.

    The conversation comes from `seen`, which answers whether the person may look at it.
    """
    messages = MESSAGE.rows(_asked(conversation.pk, before, limit + 1))
    shown, more = messages[:limit], len(messages) > limit
    since = shown[-1].at if more else None
    until = before[0] if before else None
    notes = NOTE.rows(_between(_notes, conversation.pk, _within("at", since, until)))
    items = [Item(m.at, message=m) for m in _attach(shown, "message")]
    items += [Item(n.at, note=n) for n in _attach(notes, "note")]
    items += [Item(told.at, told=told) for told in _told(conversation, since, until)]
    items.sort(key=_order)
    return Timeline(items, (shown[-1].at, shown[-1].pk) if more else None)


def _asked(conversation: int, before: Cursor | None, limit: int) -> Iterable:
    if before is None and limit == MESSAGES + 1:
        return _newest(conversation)
    rows = _messages(conversation)
    if before is not None:
        moment, pk = before
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=pk))
    return rows[:limit]


def _messages(conversation):
    return Message.objects.filter(conversation=conversation).order_by("-at", "-pk").values_list(*MESSAGE.names)


@Ready
def _newest(conversation):
    return _messages(conversation)[: MESSAGES + 1]


@Ready
def _notes(conversation):
    return Note.objects.filter(conversation=conversation).order_by("pk").values_list(*NOTE.names)


@Ready
def _files(ids, *, of):
    return Attachment.objects.filter(**{f"{of}__in": ids}).order_by("pk").values_list(*FILE.names)


@Ready
def _events(conversation):
    rows = reading.timeline(conversation).exclude(kind__in=SHOWN_AS_THEMSELVES)
    return rows.values_list(*EVENT.names)


def _attach(rows: list, of: str) -> list:
    """Give each message (or note) its ``files``."""
    files: dict[int, list[Attachment]] = {}
    for file in FILE.rows(_files.of_many([row.pk for row in rows], of=of)):
        files.setdefault(getattr(file, f"{of}_id"), []).append(file)
    for row in rows:
        row.files = files.get(row.pk, [])
    return rows


def _between(question: Ready, conversation: int, within: Q) -> Iterable:
    return question.write(conversation).filter(within) if within else question(conversation)


def _within(name: str, since: datetime | None, until: datetime | None) -> Q:
    within = Q()
    if since is not None:
        within &= Q(**{f"{name}__gte": since})
    if until is not None:
        within &= Q(**{f"{name}__lt": until})
    return within


def _told(conversation: Conversation, since: datetime | None, until: datetime | None) -> list[Told]:
    rows = _between(_events, conversation.pk, _within("operation__at", since, until))
    by_operation: dict[int, list[Event]] = {}
    for event in EVENT.rows(rows):
        by_operation.setdefault(event.operation_id, []).append(event)
    return tell(list(by_operation.values()))


def _order(item: Item) -> tuple:
    """What was said comes before what was done with it at the same moment."""
    row = item.message or item.note
    return (item.at, 0, row.pk) if row else (item.at, 1, item.told.operation if item.told else 0)
