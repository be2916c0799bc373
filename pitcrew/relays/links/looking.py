"""Looking: conversations whose moment has come are judged; only where something differs is anything done."""

from collections.abc import Iterable
from datetime import datetime

from pitcrew.history.actors import Actor
from pitcrew.relays.links.actions.finding import settle
from pitcrew.relays.links.company import Company, company
from pitcrew.relays.links.due import due, look_later
from pitcrew.relays.links.gathering import cases
from pitcrew.relays.links.judging import Case, Finding, look
from pitcrew.relays.links.judging.words import mailbox_stopped
from pitcrew.relays.links.models import HOLDER, BrokenLink
from pitcrew.relays.links.sources import stopped_mailboxes

AT_ONCE = 500
PORTIONS = 40  # of so many; the rest is left to the next beat
Place = tuple[str, str]


def look_due(*, by: Actor, at: datetime) -> int:
    """Look at every conversation whose moment has come. Returns at how many. The clock calls this."""
    looked = 0
    for _ in range(PORTIONS):
        seen = due(at, AT_ONCE)
        if not seen:
            break
        look_later(seen, look_at(seen, by=by, at=at))
        looked += len(seen)
    return looked


def look_at(conversations: Iterable[int], *, by: Actor, at: datetime) -> dict[int, datetime | None]:
    """Judge these conversations now. Returns when to look at each again."""
    ids = list(conversations)
    house = company(at)
    open_now = _open_links(ids)
    following: dict[int, datetime | None] = dict.fromkeys(ids)
    judged = cases(ids, house)
    for case in judged:
        findings, following[case.key] = look(case, at)
        _compare(case.key, findings, open_now.get(case.key, []), house, by, at)
    for pk in set(open_now) - {case.key for case in judged}:
        _compare(pk, [], open_now[pk], house, by, at)
    return following


def look_at_mailboxes(by: Actor, at: datetime) -> None:
    """Judge every mailbox: one that has stopped is one broken link, however many write there."""
    house = company(at)
    findings = [
        finding
        for mailbox, department in stopped_mailboxes()
        for finding in mailbox_stopped(Case(None, department, mailbox=mailbox), at)
        if finding.since <= at
    ]
    _compare(None, findings, list(BrokenLink.objects.filter(conversation=None, mended_at=None)), house, by, at)


def _open_links(ids: list[int]) -> dict[int, list[BrokenLink]]:
    found: dict[int, list[BrokenLink]] = {}
    for link in BrokenLink.objects.filter(conversation__in=ids, mended_at=None):
        found.setdefault(link.conversation_id, []).append(link)  # type: ignore[arg-type]
    return found


def _compare(
    conversation: int | None, findings: list[Finding], links: list[BrokenLink], house: Company, by: Actor, at: datetime
) -> None:
    """Only where something differs is anything done."""
    found = {(finding.kind, finding.place): finding for finding in findings}
    known: dict[Place, BrokenLink] = {(link.kind, link.place): link for link in links}
    new = [finding for place, finding in found.items() if place not in known]
    gone = [link for place, link in known.items() if place not in found]
    moved = [(known[place], finding) for place, finding in found.items() if place in known]
    moved = [(link, finding) for link, finding in moved if _is_another_s(link, finding)]
    if new or gone or moved:
        settle(conversation, new, gone, moved, house, by=by, at=at)


def _is_another_s(link: BrokenLink, finding: Finding) -> bool:
    return link.level == HOLDER and finding.person is not None and link.person_id != finding.person
