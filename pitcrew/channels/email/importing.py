"""Takes over old mail. It can be stopped and started again; what is here already is not taken twice.

It answers nobody: an import stores what was said, and nothing leaves the house because of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pitcrew.channels.email.arriving import Letter, keep, letter
from pitcrew.channels.email.boxes import box
from pitcrew.channels.email.intake import take_some
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.queries import Served, addresses_served
from pitcrew.history.actors import Actor

TOGETHER = 100  # mails kept in one commit
TOGETHER_BYTES = 8 * 1024 * 1024
PROBLEMS = 1_000  # sentences kept of what could not be taken
HEAD = 64 * 1024
RECIPIENT = re.compile(
    rb"^(?:to|cc|delivered-to|x-original-to|envelope-to)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.I | re.M
)
ADDRESS = re.compile(rb"[^\s<>,;:\"()]{1,64}@[\w.-]{1,255}")


@dataclass
class Report:
    """How an import stands: mails taken, mails that were here already, and a sentence for each that was not."""

    taken: int = 0
    known: int = 0
    position: int = 0
    size: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return self.taken + self.known + len(self.problems)


def import_path(
    path: str | Path, *, by: Actor, at: datetime, progress: Callable[[Report], None] | None = None
) -> Report:
    """Take over an mbox file, a Maildir or a folder of .eml files.

    `progress` is called after every batch. Raises Refused with a sentence when there is no mail at the path.
    """
    old = box(Path(path))
    report, served = Report(size=old.size), addresses_served()
    batch: list[Letter] = []
    for found in old.mails():
        report.position = found.position
        if found.problem:
            report.problems = [*report.problems, found.problem][:PROBLEMS]
            continue
        batch.append(_letter(found.raw, served, by, at))
        if len(batch) >= TOGETHER or sum(len(one.deflated) for one in batch) > TOGETHER_BYTES:
            _take_over(batch, report, at, progress)
            batch = []
    _take_over(batch, report, at, progress)
    _finish(by, at)
    return report


def _letter(raw: bytes, served: Served, by: Actor, at: datetime) -> Letter:
    named = b" ".join(match[1] for match in RECIPIENT.finditer(raw, 0, HEAD))
    recipients = [address.decode("ascii", "replace") for address in ADDRESS.findall(named)]
    return letter(raw, door="import", arrived_at=at, mailbox=served.mailbox(recipients), actor=str(by))


def _take_over(batch: list[Letter], report: Report, at: datetime, progress: Callable[[Report], None] | None) -> None:
    if batch:
        fresh = sum(kept.is_new for kept in keep(batch))
        report.taken += fresh
        report.known += len(batch) - fresh
    while take_some(at):
        pass
    if progress:
        progress(report)


def _finish(by: Actor, at: datetime) -> None:
    """Until nothing of this import waits any more, or another intake is at it."""
    mine = Arrival.objects.filter(actor=str(by), message=None, letter=None, quarantined_at=None)
    while mine.exists() and take_some(at):
        pass
