"""Everything the queue does to many at once. Each is one operation: a few statements, one undo.

The ids are those a door let through (`queries.chosen`); what was retired or merged meanwhile is passed over.
"""

from collections.abc import Iterable
from datetime import datetime

from pitcrew.conversations import events, guards, owing
from pitcrew.conversations.actions.sorting import known_priority, the_tag
from pitcrew.conversations.models import Conversation, Following, Place, State, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin_many, change_by_id, chunks, operation
from pitcrew.people.access import holders
from pitcrew.people.models import Department, Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused


def _locked(ids: Iterable[int]) -> dict[int, tuple[int, int | None]]:
    """Department and assignee of those that stand by themselves, locked in the order of their numbers."""
    found: dict[int, tuple[int, int | None]] = {}
    for some in chunks(sorted({int(pk) for pk in ids})):
        rows = Conversation.objects.select_for_update().filter(pk__in=some, merged_into=None).order_by("pk")
        found.update({pk: rest for pk, *rest in rows.values_list("pk", "department_id", "assignee_id")})
    return found


@operation
def close_many(ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """The matters are done. Returns how many moved. Refused while a leg is out of any, unless the caller says why."""
    locked = _locked(ids)
    guards.may_close(locked)
    moved = change_by_id(Conversation, locked, events.CLOSED, state=State.DONE, snoozed_until=None)
    owing.follow_many(locked, by=by, at=at)
    return moved


@operation
def reopen_many(ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """It is our move again in all of them. Returns how many moved."""
    locked = _locked(ids)
    done = _done(locked)
    moved = change_by_id(Conversation, locked, events.REOPENED, state=State.OPEN, snoozed_until=None)
    owing.follow_many(locked, done, by=by, at=at)
    return moved


@operation
def snooze_many(ids: Iterable[int], until: datetime, *, by: Actor, at: datetime) -> int:
    """Put them out of sight until a moment. Returns how many moved."""
    if until <= at:
        raise Refused("That moment has passed. Choose a later one.")
    locked = _locked(ids)
    done = _done(locked)
    moved = change_by_id(Conversation, locked, events.SNOOZED, state=State.SNOOZED, snoozed_until=until)
    owing.follow_many(locked, done, by=by, at=at)
    return moved


@operation
def place_many(ids: Iterable[int], where: str, *, by: Actor, at: datetime) -> int:
    """Put them on the desk, into spam or into the trash. Returns how many moved."""
    locked = _locked(ids)
    moved = change_by_id(Conversation, locked, events.PLACED, place=Place(where))
    owing.follow_many(locked, by=by, at=at)
    return moved


@operation
def prioritise_many(ids: Iterable[int], priority: str, *, by: Actor, at: datetime) -> int:
    """Say how much they press. Returns how many moved."""
    locked = _locked(ids)
    moved = change_by_id(Conversation, locked, events.PRIORITISED, priority=known_priority(priority))
    owing.fit(locked, by=by, at=at)
    return moved


def _done(ids: Iterable[int]) -> list[int]:
    return [
        pk
        for some in chunks(ids)
        for pk in Conversation.objects.filter(pk__in=some, state=State.DONE).values_list("pk", flat=True)
    ]


@operation
def assign_many(ids: Iterable[int], staff: Staff | None, *, by: Actor, at: datetime) -> int:
    """Give them all to somebody, or to nobody in particular. Returns how many moved.

    Raises Refused when they do not work in one of the departments; then none moves.
    """
    locked = _locked(ids)
    departments = {department for department, _ in locked.values()}
    if staff is not None:
        foreign = departments - {d for d, s in holders(departments, {staff.pk}) if s == staff.pk}
        for department in Department.everything.filter(pk__in=foreign):
            raise Refused(f"{staff} does not work in {department}. Choose somebody who does, or move those first.")
    return change_by_id(Conversation, locked, events.ASSIGNED, assignee=staff)


@operation
def transfer_many(ids: Iterable[int], department: Department, *, by: Actor, at: datetime) -> int:
    """Move them to another department. Who moves them keeps sight of them. Returns how many moved.

    Who holds one keeps it only if they work there.
    """
    locked = _locked(ids)
    moving = [pk for pk, (now, _) in locked.items() if now != department.pk]
    moved = change_by_id(Conversation, moving, events.TRANSFERRED, department=department)
    assignees = {assignee for _, assignee in locked.values() if assignee}
    staying = {staff for _, staff in holders({department.pk}, assignees)}
    leaving = [pk for pk in moving if locked[pk][1] and locked[pk][1] not in staying]
    change_by_id(Conversation, leaving, events.ASSIGNED, assignee=None)
    mover = as_staff(by)
    if mover is not None:
        known = _holding(Following, moving, staff=mover)
        begin_many([Following(conversation_id=pk, staff=mover) for pk in moving if pk not in known], events.FOLLOWED)
    owing.fit(moving, by=by, at=at)
    return moved


@operation
def tag_many(ids: Iterable[int], name: str, *, by: Actor, at: datetime) -> int:
    """Put a word on them all. Returns how many got it."""
    locked = _locked(ids)
    word = the_tag(name)
    known = _holding(Tagging, locked, tag=word)
    new = [pk for pk in locked if pk not in known]
    begin_many([Tagging(conversation_id=pk, tag=word) for pk in new], events.TAGGED)
    owing.fit(new, by=by, at=at)
    return len(new)


@operation
def untag_many(ids: Iterable[int], name: str, *, by: Actor, at: datetime) -> int:
    """Take a word off them all. Returns how many had it."""
    found: list[int] = []
    locked = _locked(ids)
    for some in chunks(locked):
        rows = Tagging.objects.filter(conversation__in=some, tag__name=" ".join(name.split()).lower())
        found += rows.values_list("pk", flat=True)
    moved = change_by_id(Tagging, found, events.UNTAGGED, retired_at=at)
    if moved:
        owing.fit(locked, by=by, at=at)
    return moved


@operation
def follow_many(ids: Iterable[int], staff: Staff, *, by: Actor, at: datetime) -> int:
    """Keep sight of them all. Returns how many are new."""
    locked = _locked(ids)
    known = _holding(Following, locked, staff=staff)
    new = [Following(conversation_id=pk, staff=staff) for pk in locked if pk not in known]
    return len(begin_many(new, events.FOLLOWED))


@operation
def unfollow_many(ids: Iterable[int], staff: Staff, *, by: Actor, at: datetime) -> int:
    """Let go of them all. Returns how many there were."""
    found: list[int] = []
    for some in chunks(_locked(ids)):
        found += Following.objects.filter(conversation__in=some, staff=staff).values_list("pk", flat=True)
    return change_by_id(Following, found, events.UNFOLLOWED, retired_at=at)


def _holding(model: type[Following] | type[Tagging], ids: Iterable[int], **what: object) -> set[int]:
    """Which of these conversations have it already."""
    found: set[int] = set()
    for some in chunks(ids):
        found.update(model.objects.filter(conversation__in=some, **what).values_list("conversation_id", flat=True))
    return found
