"""A fix: the workaround before it, the claim with its evidence, the watch, and what makes it permanent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin_many, hold, operation, retire
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.problems import events
from pitcrew.problems.actions.linking import come_back
from pitcrew.problems.actions.moving import move_on, must_stand
from pitcrew.problems.actions.winning import record_permanent
from pitcrew.problems.models import WINDOW, Evidence, EvidenceKind, Problem, Sighting, Stage

LONGEST_WATCH = 365  # days
LINKS = ("https://", "http://")
NEEDED = {
    EvidenceKind.RELEASE: "Name the release, or link to it.",
    EvidenceKind.CHANGE: "Say what was changed, or link to it.",
    EvidenceKind.PHOTO: "Attach the photo.",
    EvidenceKind.NOTE: "Write down what shows that it is fixed.",
}


@dataclass(frozen=True)
class Proof:
    """What shows that a problem is fixed, as somebody hands it in. The file, if any, is in the content store."""

    kind: str
    words: str = ""
    url: str = ""
    name: str = ""
    content_hash: str = ""

    def check(self) -> None:
        """Raises Refused when it shows nothing."""
        if self.kind not in EvidenceKind.values:
            raise Refused("Say what kind of evidence it is: a release, a change, a photo or a note.")
        if self.url and not self.url.startswith(LINKS):
            raise Refused("The address of the evidence begins with https:// or http://.")
        shows = bool(self.content_hash) if self.kind == EvidenceKind.PHOTO else bool(self.words.strip() or self.url)
        if not shows:
            raise Refused(f"A fix needs evidence. {NEEDED[EvidenceKind(self.kind)]}")


@operation
def workaround(problem: Problem, words: str, *, by: Actor, at: datetime) -> None:
    """Write down what customers can do until it is fixed; nothing takes it away."""
    must_stand(problem)
    words = words.strip()
    stage = problem.stage
    if stage in (Stage.FOUND, Stage.OWNED, Stage.WORKAROUND):
        stage = Stage.WORKAROUND if words else (Stage.OWNED if problem.owner_id else Stage.FOUND)
    move_on(problem, events.WORKAROUND_GIVEN, workaround=words, workaround_at=at if words else None, stage=stage)


@operation
def add_evidence(problem: Problem, proof: Proof, *, by: Actor, at: datetime) -> Evidence:
    """Add something that shows that it is fixed."""
    must_stand(problem)
    proof.check()
    evidence = Evidence(
        problem=problem,
        kind=proof.kind,
        words=proof.words.strip(),
        url=proof.url.strip()[:500],
        name=proof.name[:255],
        content_hash=proof.content_hash,
        author=as_staff(by),
        at=at,
    )
    return begin_many([evidence], events.EVIDENCE_GIVEN)[0]


@operation
def remove_evidence(evidence: Evidence, *, by: Actor, at: datetime) -> None:
    """It shows nothing after all. The last one of a fix stays: without evidence no fix is claimed."""
    problem = hold(Problem.everything.get(pk=evidence.problem_id))
    if not problem.is_open and Evidence.objects.filter(problem=problem).count() < 2:
        raise Refused("This is the only evidence of the fix. Add another first, or open the problem again.")
    retire(evidence, events.EVIDENCE_REMOVED)


@operation
def claim_fix(problem: Problem, evidence: Proof | None, *, watch_for: int = 0, by: Actor, at: datetime) -> Evidence:
    """Say that it is fixed, with what shows it; `watch_for` days begins the watch at once. Refused without evidence."""
    must_stand(problem)
    if evidence is None:
        raise Refused("A fix needs evidence: a release, a change, a photo or a note that shows it.")
    if problem.stage in (Stage.CLAIMED, Stage.WATCHING, Stage.PERMANENT):
        raise Refused("A fix is claimed already. Add evidence to it, or open the problem again first.")
    kept = add_evidence(problem, evidence, by=by, at=at)
    move_on(
        problem,
        events.FIX_CLAIMED,
        stage=Stage.CLAIMED,
        claimed_at=at,
        fixed_count=problem.fixed_count + 1,
        watching_since=None,
        watch_until=None,
        permanent_at=None,
    )
    if watch_for:
        watch(problem, watch_for, by=by, at=at)
    return kept


@operation
def watch(problem: Problem, days: int = WINDOW, *, by: Actor, at: datetime) -> None:
    """From now on every new message is compared with it, for so many days."""
    must_stand(problem)
    if problem.stage not in (Stage.CLAIMED, Stage.WATCHING):
        raise Refused("There is no fix to watch yet. Claim it first, with evidence.")
    if not 1 <= days <= LONGEST_WATCH:
        raise Refused(f"A watch lasts between 1 and {LONGEST_WATCH} days.")
    move_on(
        problem,
        events.PROBLEM_WATCHED,
        stage=Stage.WATCHING,
        watch_days=days,
        watching_since=at,
        watch_until=at + timedelta(days=days),
    )


@operation
def reopen(problem: Problem, *, by: Actor, at: datetime) -> None:
    """The fix does not hold: the owner has it again and its customers are marked."""
    must_stand(problem)
    come_back(problem, at)


@operation
def make_permanent(problem: Problem, *, by: Actor, at: datetime) -> None:
    """The fix held: evidence is there, and the whole window stayed quiet. Recorded as a victory."""
    must_stand(problem)
    if problem.stage != Stage.WATCHING or problem.watch_until is None:
        raise Refused("Only a fix that is watched can become permanent. Begin the watch first.")
    if not Evidence.objects.filter(problem=problem).exists():
        raise Refused("There is no evidence of the fix. Add some first.")
    if at < problem.watch_until:
        raise Refused(f"The watch lasts until {problem.watch_until:%d %B}. Until then it is not permanent.")
    if Sighting.objects.filter(problem=problem, at__gt=problem.watching_since, at__lte=problem.watch_until).exists():
        raise Refused("The window was not quiet: customers wrote about it. Open the problem again.")
    move_on(problem, events.PROBLEM_PERMANENT, stage=Stage.PERMANENT, permanent_at=at)
    record_permanent(problem, at)


def settle_due(*, by: Actor, at: datetime) -> int:
    """Make permanent what stayed quiet until now. The clock calls this; what is refused stays watched."""
    due = Problem.objects.filter(stage=Stage.WATCHING, watch_until__lte=at, dropped_at=None, merged_into=None)[:200]
    settled = 0
    for problem in due:
        try:
            make_permanent(problem, by=by, at=at)
        except Refused:
            continue
        settled += 1
    return settled
