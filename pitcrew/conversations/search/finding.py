"""Finding conversations: the exact number first, then the newest that hold the words and pass the filters."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from pitcrew.conversations.models import (
    Attachment,
    Conversation,
    ConversationQuerySet,
    Message,
    Note,
    Place,
    State,
    Tagging,
)
from pitcrew.conversations.queries.queue import ROW
from pitcrew.conversations.queries.ready import Ready
from pitcrew.conversations.search.candidates import Asked, newest
from pitcrew.conversations.search.query import Query, understand
from pitcrew.conversations.search.snippets import Piece, snippet
from pitcrew.history.moments import kept
from pitcrew.people.models import Staff

PORTION = 1_000  # candidates looked at in one go, at most
MOST = 3_000  # candidates looked at before a search says that it should be narrowed


@dataclass(frozen=True)
class Hit:
    """One conversation found, with the message or note that holds the words."""

    conversation: Conversation
    at: datetime | None
    snippet: list[Piece]
    message_id: int | None = None
    note_id: int | None = None
    is_exact: bool = False


@dataclass
class Found:
    """What a search found. ``is_cut`` says that older hits were not looked at: the search should be narrowed."""

    query: Query
    hits: list[Hit] = field(default_factory=list)
    is_cut: bool = False


_KINDS = ((Message, 0), (Note, 1))


def find(staff: Staff, text: str, *, limit: int = 50) -> Found:
    """Search everything this person may see."""
    query = understand(text)
    found = Found(query)
    visible = _filtered(query, staff)
    if query.number is not None:
        exact = Conversation.objects.visible_to(staff).select_related("customer", "department", "assignee")
        found.hits += [_exact(c) for c in exact.filter(pk=query.number)]
    if not staff.is_active:
        return found
    if query.has_words:
        _by_words(found, visible, limit)
    elif query.has_filters:
        for conversation in visible.order_by("-last_message_at", "-id")[:limit]:
            found.hits.append(_exact(conversation, is_exact=False))
    return found


def _exact(conversation: Conversation, *, is_exact: bool = True) -> Hit:
    return Hit(conversation, conversation.last_message_at, [(conversation.preview, False)], is_exact=is_exact)


@dataclass
class _Page:
    """A page that fills: the document each conversation is shown by (0: its number), and how many were looked at."""

    limit: int
    places: dict[int, int]
    looked: int = 0

    def portion(self) -> int:
        """How many candidates should fill the page, going by the share of them that has passed the filters so far."""
        missing, passed = self.limit - len(self.places), max(1, len(self.places))
        wanted = missing * self.looked // passed if self.looked else self.limit
        return min(wanted + self.limit // 2 + 1, PORTION, MOST - self.looked)


def _by_words(found: Found, visible: ConversationQuerySet, limit: int) -> None:
    query = found.query
    page = _Page(limit, {hit.conversation.pk: 0 for hit in found.hits})
    for looked, candidates in newest(query.terms, _in_sight(query, visible), page.portion):
        for document, conversation_id in candidates:
            if conversation_id is not None:
                page.places.setdefault(conversation_id, document)
        page.looked += looked
        if len(page.places) >= limit or page.looked >= MOST:
            found.is_cut = len(page.places) < limit
            break
    shown = [place for place in page.places.items() if place[1]][: limit - len(found.hits)]
    found.hits += _hits(dict(shown), {w for t in query.terms if not t.is_absent for w in t.words})


# Asked of every candidate, so by hand: the ORM would write the filters twice, which costs as much as asking them.
_IN_SIGHT = (
    "SELECT written.conversation_id FROM {table} AS written"
    " WHERE written.id = document.id >> 1 AND written.retired_at IS NULL{when} AND EXISTS ({passing})"
)


def _in_sight(query: Query, visible: ConversationQuerySet) -> Asked:
    """What a document's conversation is, if it passes the filters (otherwise NULL), as the database is asked it."""
    this = visible.filter(pk=RawSQL("written.conversation_id", ())).order_by().values("pk")
    passing, values = this.query.sql_with_params()
    either = (" AND written.at < %s", query.before), (" AND written.at >= %s", query.after)
    moments = [(sql, at) for sql, at in either if at is not None]
    when = "".join(sql for sql, _ in moments)
    own = [kept(at, connection) for _, at in moments] + list(values)
    message, note = (_IN_SIGHT.format(table=m._meta.db_table, when=when, passing=passing) for m, _ in _KINDS)
    return f"CASE document.id & 1 WHEN 0 THEN ({message}) ELSE ({note}) END", own * 2


@Ready
def _messages(ids):
    return Message.objects.filter(pk__in=ids).values_list("pk", "at", "words")


@Ready
def _notes(ids):
    return Note.objects.filter(pk__in=ids).values_list("pk", "at", "words")


@Ready
def _conversations(ids):
    return Conversation.objects.filter(pk__in=ids).values_list(*ROW.names)


def _hits(places: dict[int, int], wanted: set[str]) -> Iterator[Hit]:
    """What a page shows of these conversations, each with its document."""
    said: dict[int, tuple[datetime, str]] = {}
    for ask, odd in ((_messages, 0), (_notes, 1)):
        own = ask.of_many([document // 2 for document in places.values() if document % 2 == odd])
        said.update({pk * 2 + odd: (at, words.text) for pk, at, words in own})
    conversations = {row.pk: row for row in ROW.rows(_conversations.of_many(list(places)))}
    for conversation_id, document in places.items():
        if document in said and conversation_id in conversations:
            at, text = said[document]
            pk, is_note = divmod(document, 2)
            pieces = snippet(text, wanted)
            yield Hit(conversations[conversation_id], at, pieces, None if is_note else pk, pk if is_note else None)


def _when(query: Query) -> Q:
    when = Q()
    if query.before is not None:
        when &= Q(at__lt=query.before)
    if query.after is not None:
        when &= Q(at__gte=query.after)
    return when


def _filtered(query: Query, staff: Staff) -> ConversationQuerySet:
    conversations = Conversation.objects.visible_to(staff).filter(merged_into=None)
    conversations = conversations.select_related("customer", "department", "assignee")
    if not query.is_ & {"spam", "trash"}:
        conversations = conversations.exclude(place=Place.TRASH)
    for word in query.is_:
        conversations = conversations.filter(_IS[word](staff))
    for name in query.tags:
        tagged = Tagging.objects.filter(conversation=OuterRef("pk"), tag__name=name.lower())
        conversations = conversations.filter(Exists(tagged))
    for name in query.departments:
        conversations = conversations.filter(department__name__icontains=name)
    for name in query.assignees:
        conversations = conversations.filter(_assigned(name, staff))
    return _with_things(conversations, query)


def _with_things(conversations: ConversationQuerySet, query: Query) -> ConversationQuerySet:
    if "attachment" in query.has:
        conversations = conversations.filter(
            Exists(Attachment.objects.filter(message__conversation=OuterRef("pk"), is_inline=False))
        )
    if "note" in query.has:
        conversations = conversations.filter(Exists(Note.objects.filter(conversation=OuterRef("pk"))))
    if not query.has_words and (query.before or query.after):
        conversations = conversations.filter(Exists(Message.objects.filter(_when(query), conversation=OuterRef("pk"))))
    return conversations


def _assigned(name: str, staff: Staff) -> Q:
    if name.lower() in ("me", "mine"):
        return Q(assignee=staff)
    if name.lower() in ("none", "nobody"):
        return Q(assignee=None)
    return Q(assignee__name__icontains=name) | Q(assignee__email__istartswith=name)


_IS = {
    "open": lambda staff: Q(state=State.OPEN),
    "waiting": lambda staff: Q(state__in=[State.WAITING_ON_CUSTOMER, State.WAITING_ON_DEPARTMENT]),
    "snoozed": lambda staff: Q(state=State.SNOOZED),
    "done": lambda staff: Q(state=State.DONE),
    "mine": lambda staff: Q(assignee=staff),
    "unassigned": lambda staff: Q(assignee=None),
    "spam": lambda staff: Q(place=Place.SPAM),
    "trash": lambda staff: Q(place=Place.TRASH),
    "unanswered": lambda staff: Q(customer_wrote_last=True) & ~Q(state=State.DONE),
}
