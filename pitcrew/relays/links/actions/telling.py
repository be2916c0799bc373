"""Telling: whoever has the next move, then the lead, then the head; each once, nobody more than thrice a day."""

from datetime import datetime

from django.utils import timezone

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, hold, operation
from pitcrew.relays.links import events
from pitcrew.relays.links.company import Company, company
from pitcrew.relays.links.models import HEAD, LEAD, Alarm, BrokenLink

A_DAY = 3  # alarms; the rest waits in the digest
PATIENCE = {LEAD: 4 * 3_600, HEAD: 8 * 3_600}  # seconds of business hours until it goes up to this level
AT_ONCE = 500


def next_level_at(department: int, level: int, house: Company, at: datetime) -> datetime | None:
    """When it goes one further up: four working hours to the lead, eight more to the head."""
    if level >= HEAD:
        return None
    desk = house.desks[department]
    return desk.hours.add(at, PATIENCE[level + 1])


def standing(link: BrokenLink, kind: str, **told: object) -> None:
    """Save how it stands, all of it, so that no undo of another act can tear it apart."""
    now = {"person_id": link.person_id, "level": link.level, "escalate_at": link.escalate_at}
    change(link, kind, **{**now, "mended_at": link.mended_at, **told})


def tell(link: BrokenLink, house: Company, at: datetime) -> None:
    """Inside an operation: alarm whoever has the next move, once at each level, or leave it for their digest."""
    if link.person_id is None:
        return
    if Alarm.objects.filter(staff=link.person_id, link=link, level=link.level).exists():
        return
    day = timezone.localtime(at).date().isoformat()
    given = Alarm.objects.filter(staff=link.person_id, day=day, in_digest=False).count()
    told = {"level": link.level, "at": at, "day": day, "in_digest": given >= A_DAY}
    begin(Alarm, events.ALARM_GIVEN, staff_id=link.person_id, link=link, **told)


def escalate_due(*, by: Actor, at: datetime) -> int:
    """Tell one further up what nobody mended in time. The clock calls this."""
    rows = list(BrokenLink.objects.filter(mended_at=None, escalate_at__lte=at).order_by("escalate_at")[:AT_ONCE])
    house = company(at) if rows else None
    for link in rows:
        escalate(link, house, by=by, at=at)
    return len(rows)


@operation
def escalate(link: BrokenLink, house: Company | None = None, *, by: Actor, at: datetime) -> None:
    """The holder did not mend it: the lead has the next move, then the head."""
    house = house or company(at)
    hold(link)
    if link.mended_at is not None or link.escalate_at is None or link.escalate_at > at:
        return
    level, person = link.level + 1, None
    if level == LEAD:
        person = house.lead_of(link.department_id, at)
        level = level if person not in (None, link.person_id) else HEAD
    if level == HEAD:
        person = house.head(at)
    told = {"level": level, "person_id": person or link.person_id}
    standing(link, events.LINK_ESCALATED, **told, escalate_at=next_level_at(link.department_id, level, house, at))
    tell(link, house, at)
