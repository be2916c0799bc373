"""Finding: what is broken now is written down, what is not any more is mended."""

from datetime import datetime

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin_many, operation
from pitcrew.relays.links import events
from pitcrew.relays.links.actions.telling import next_level_at, standing, tell
from pitcrew.relays.links.company import Company
from pitcrew.relays.links.judging import Finding
from pitcrew.relays.links.models import HEAD, HOLDER, LEAD, BrokenLink


@operation
def settle(
    conversation: int | None,
    new: list[Finding],
    gone: list[BrokenLink],
    moved: list[tuple[BrokenLink, Finding]],
    house: Company,
    *,
    by: Actor,
    at: datetime,
) -> list[BrokenLink]:
    """Write down what broke, what is mended, and where the next move is another's."""
    for link in gone:
        standing(link, events.LINK_MENDED, mended_at=at, escalate_at=None)
    for link, finding in moved:
        standing(link, events.LINK_CHANGED, person_id=finding.person)
        tell(link, house, at)
    links = begin_many([_link(conversation, finding, house, at) for finding in new], events.LINK_BROKEN)
    for link in links:
        tell(link, house, at)
    return links


def _link(conversation: int | None, finding: Finding, house: Company, at: datetime) -> BrokenLink:
    department, person, level = finding.department, finding.person, HOLDER
    if person is None:
        person, level = house.lead_of(department, at), LEAD
    if person is None:
        person, level = house.head(at), HEAD
    return BrokenLink(
        kind=finding.kind,
        conversation_id=conversation,
        place=finding.place,
        leg=finding.leg if isinstance(finding.leg, int) else None,
        department_id=department,
        person_id=person,
        since=finding.since,
        found_at=at,
        sentence=finding.sentence.rstrip(".")[:500],
        verb=finding.mend.verb,
        words=finding.mend.words[:60],
        args=finding.mend.args,
        level=level,
        escalate_at=next_level_at(department, level, house, at),
    )
