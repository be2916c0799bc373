"""All detectors on one case: what is broken now, and when to look again."""

from datetime import datetime

from pitcrew.relays.links.judging import legs, words
from pitcrew.relays.links.judging.facts import Case, Detector
from pitcrew.relays.links.judging.findings import Finding

DETECTORS: dict[str, Detector] = {
    "not_accepted": legs.not_accepted,
    "silent": legs.silent,
    "holder_away": legs.holder_away,
    "undelivered": words.undelivered,
    "astray": words.astray,
    "not_told": words.not_told,
    "promise_passed": words.promise_passed,
    "no_follow_up": words.no_follow_up,
    "owner": words.owner,
    "step_skipped": legs.step_skipped,
    "back_and_forth": legs.back_and_forth,
    "mailbox_stopped": words.mailbox_stopped,
}


def look(case: Case, at: datetime) -> tuple[list[Finding], datetime | None]:
    """What is broken at this moment, and the next moment at which something will be if nothing happens before.

    Each detector says when it would break; what lies ahead is the next moment to look.
    """
    found = [finding for detect in DETECTORS.values() for finding in detect(case, at)]
    broken = [finding for finding in found if finding.since <= at]
    return broken, min((finding.since for finding in found if finding.since > at), default=None)


def judge(case: Case, at: datetime) -> list[Finding]:
    """What is broken at this moment."""
    return look(case, at)[0]
