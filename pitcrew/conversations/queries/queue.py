"""The queue: what somebody may see and asked for, newest first, a page at a time, without ever counting it all.

A page begins after the last row of the page before (keyset), so the thousandth page costs what the first does.
Every source of rows (a state, a department, what one holds, what one follows) is read by the index that has it in
order; the newest of all sources make the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q

from pitcrew.conversations.models import (
    Conversation,
    ConversationQuerySet,
    Following,
    Place,
    State,
    Tag,
    Tagging,
)
from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.people.access import sight
from pitcrew.people.models import Customer, Department, Staff

ROWS = 50
MOST_COUNTED = 1_000
SEPARATE_DEPARTMENTS = 4  # up to so many are read one by one, each by its own index

NOBODY = "nobody"
ALL, DEPARTMENTS, HELD, FOLLOWED = "all", "departments", "held", "followed"
ROW = Shape(
    Conversation,
    ("subject", "preview", "state", "place", "snoozed_until", "last_message_at", "customer_wrote_last")
    + ("maybe_part_of_id", "customer_id", "department_id", "assignee_id"),
    {
        "customer": Shape(Customer, ("name",)),
        "department": Shape(Department, ("name", "hue")),
        "assignee": Shape(Staff, ("name", "email")),
    },
)
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class Filters:
    """What the queue shows.

    ``states`` empty means all. ``assignee`` is a colleague's id, `NOBODY` (held by no active person) or None for
    everybody. ``followed`` shows what the viewer follows. ``wrote_last`` True shows where the customer waits.
    """

    states: tuple[str, ...] = (State.OPEN,)
    place: str = Place.DESK
    department: int | None = None
    assignee: int | str | None = None
    customer: int | None = None
    tag: str = ""
    followed: bool = False
    wrote_last: bool | None = None
    oldest_first: bool = False


@dataclass
class Page:
    """One page of the queue. ``after`` is where the next begins, None when this is the last."""

    rows: list[Conversation] = field(default_factory=list)
    after: Cursor | None = None


def queue(staff: Staff, filters: Filters, *, after: Cursor | None = None, limit: int = ROWS) -> Page:
    """One page of what this person may see, each row with its customer, department, assignee and ``tag_names``."""
    is_late_first = not filters.oldest_first
    found = sorted(set(_places(staff, filters, after, limit + 1)), reverse=is_late_first)[: limit + 1]
    return Page(rows([pk for _, pk in found[:limit]]), found[limit - 1] if len(found) > limit else None)


def count(staff: Staff, filters: Filters, most: int = MOST_COUNTED) -> int:
    """How many the queue holds, counted no further than one more than `most`: 1,001 means "1000+"."""
    seen: set[int] = set()
    for values, shape in _sources(staff, filters):
        seen.update(_source(*values, **shape).values_list("pk", flat=True)[: most + 1])
        if len(seen) > most:
            return most + 1
    return len(seen)


@Ready
def _rows(ids):
    return Conversation.objects.filter(pk__in=ids).values_list(*ROW.names)


@Ready
def _tags(ids):
    named = Tagging.objects.filter(conversation__in=ids).order_by("tag__name")
    return named.values_list("conversation_id", "tag__name")


def rows(ids: list[int]) -> list[Conversation]:
    """These conversations in this order, with what a queue row shows of them."""
    tags: dict[int, list[str]] = {}
    for pk, name in _tags.of_many(ids):
        tags.setdefault(pk, []).append(name)
    found = {row.pk: row for row in ROW.rows(_rows.of_many(ids))}
    for row in found.values():
        row.tag_names = tags.get(row.pk, [])
    return [found[pk] for pk in ids if pk in found]


def chosen(staff: Staff, ids: Iterable[int]) -> list[int]:
    """Those of these ids that this person may see: what a bulk action may touch."""
    return list(
        Conversation.objects.visible_to(staff).filter(pk__in=list(ids)).order_by("pk").values_list("pk", flat=True)
    )


def _places(staff: Staff, filters: Filters, after: Cursor | None, limit: int) -> Iterable[Cursor]:
    """The first places of every source, and maybe more."""
    sources = [(values, shape | {"limit": limit}) for values, shape in _sources(staff, filters)]
    if after is None and limit == ROWS + 1 and filters.customer is None and not filters.tag:
        order = "1, 2" if filters.oldest_first else "1 DESC, 2 DESC"
        return cast(Iterable[Cursor], map(tuple, _first.of_all(sources, f"ORDER BY {order} LIMIT {limit}")))
    return (place for values, shape in sources for place in _ordered(*values, after=after, **shape))


@Ready
def _first(viewer, departments, department, assignee, gone, *, filters, part, state, limit):
    ids = (viewer, departments, department, assignee, gone)
    return _ordered(*ids, filters=filters, part=part, state=state, limit=limit)


def _ordered(viewer, departments, department, assignee, gone, *, filters, part, state, limit, after=None):
    source = _source(viewer, departments, department, assignee, gone, filters=filters, part=part, state=state)
    if after is not None:
        moment, pk = after
        if filters.oldest_first:
            source = source.filter(Q(last_message_at__gt=moment) | Q(pk__gt=pk), last_message_at__gte=moment)
        else:
            source = source.filter(Q(last_message_at__lt=moment) | Q(pk__lt=pk), last_message_at__lte=moment)
    order = ("last_message_at", "id") if filters.oldest_first else ("-last_message_at", "-id")
    return source.order_by(*order).values_list("last_message_at", "id")[:limit]


def _sources(staff: Staff, filters: Filters) -> list[tuple[tuple, dict[str, Any]]]:
    """What `_source` takes to give queries that together are the queue, each of which an index has in order.

    Ids go apart from the rest, so that the rest is the same for everybody.
    """
    if not staff.is_active:
        return []
    assignee = filters.assignee if isinstance(filters.assignee, int) else 0
    gone = _gone() if filters.assignee == NOBODY else []
    same = replace(filters, department=filters.department and 1, assignee=1 if assignee else filters.assignee)
    return [
        (
            (staff.pk, departments, filters.department or 0, assignee, gone),
            {"filters": same, "part": part, "state": state},
        )
        for state in (filters.states or State.values)
        for part, departments in _parts(staff, filters)
    ]


def _source(viewer, departments, department, assignee, gone, *, filters, part, state) -> ConversationQuerySet:
    base = Conversation.objects.filter(merged_into=None, place=filters.place)
    base = _filtered(base, viewer, department, assignee, gone, filters)
    if part == DEPARTMENTS:
        base = base.filter(department__in=departments)
    elif part == HELD:
        base = base.filter(assignee=viewer)
    elif part == FOLLOWED:
        base = base.filter(_followed(viewer))
    return base.filter(state=state)


def _filtered(base: ConversationQuerySet, viewer, department, assignee, gone, filters: Filters) -> ConversationQuerySet:
    if filters.department is not None:
        base = base.filter(department=department)
    if filters.assignee == NOBODY:
        base = base.filter(Q(assignee=None) | Q(assignee__in=gone))
    elif filters.assignee is not None:
        base = base.filter(assignee=assignee)
    if filters.customer is not None:
        base = base.filter(customer=filters.customer)
    if filters.tag:
        base = base.filter(_tagged(filters.tag))
    if filters.followed:
        base = base.filter(_followed(viewer))
    if filters.wrote_last is not None:
        base = base.filter(customer_wrote_last=filters.wrote_last)
    return base


def _parts(staff: Staff, filters: Filters) -> list[tuple[str, list[int]]]:
    """All of it, or the departments one by one, and beside them what this person holds and follows."""
    if staff.is_administrator or filters.followed or filters.assignee == staff.pk:
        return [(ALL, [])]
    sees = sight(staff)
    if sees.is_all or filters.department in sees.departments:
        return [(ALL, [])]
    separate = [(DEPARTMENTS, [pk]) for pk in sees.departments]
    if len(sees.departments) > SEPARATE_DEPARTMENTS:
        separate = [(DEPARTMENTS, sees.departments)]
    return [*separate, (HELD, []), (FOLLOWED, [])]


def _followed(viewer: int) -> Q:
    return Q(pk__in=Following.objects.filter(staff=viewer).values("conversation_id"))


def _tagged(name: str) -> Q | Exists:
    tag = Tag.objects.filter(name=name.lower()).values("pk")[:1]
    return Exists(Tagging.objects.filter(conversation=OuterRef("pk"), tag=tag))


def _gone() -> list[int]:
    """Colleagues who can hold no work any more: what they hold is held by nobody."""
    return list(Staff.everything.exclude(deactivated_at=None, retired_at=None).values_list("pk", flat=True))
