"""A root cause is found, described, owned, moved, merged with another or dropped."""

from collections.abc import Iterable
from datetime import datetime

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, change_by_id, hold, operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Department, Organization, Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.problems import events
from pitcrew.problems.actions.linking import link_many
from pitcrew.problems.actions.moving import move_on, must_stand
from pitcrew.problems.models import Evidence, Problem, ProblemLink, Rule, Sighting, Stage
from pitcrew.problems.revision import touch


@operation
def find(
    title: str,
    words: str,
    department: Department,
    *,
    conversations: Iterable[int] = (),
    by: Actor,
    at: datetime,
) -> Problem:
    """Name a root cause, the department that owns it, and the conversations (ids) that are about it."""
    problem = begin(
        Problem,
        events.PROBLEM_FOUND,
        title=_title(title),
        words=words.strip(),
        department=department,
        found_by=as_staff(by),
        found_at=at,
    )
    touch()
    link_many(problem, conversations, by=by, at=at)
    return problem


def _title(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused("A problem needs a title. Say in a few words what is wrong.")
    return title


@operation
def describe(problem: Problem, title: str, words: str, *, by: Actor, at: datetime) -> None:
    """Say better what it is."""
    must_stand(problem)
    change(problem, events.PROBLEM_DESCRIBED, title=_title(title), words=words.strip())
    touch()


@operation
def move(problem: Problem, department: Department, *, by: Actor, at: datetime) -> None:
    """Another department owns it. Who saw to it does so still, if they work there."""
    must_stand(problem)
    change(problem, events.PROBLEM_MOVED, department=department)
    if problem.owner and not can_hold_work(problem.owner, department):
        move_on(problem, events.PROBLEM_OWNED, owner=None, owned_at=None, stage=_unowned(problem))


@operation
def own(problem: Problem, staff: Staff | None, *, by: Actor, at: datetime) -> None:
    """Somebody sees to it, or nobody any more."""
    must_stand(problem)
    if staff is not None and not can_hold_work(staff, problem.department):
        raise Refused(f"{staff} does not work in {problem.department}. Choose somebody who does, or move the problem.")
    if staff is None:
        move_on(problem, events.PROBLEM_OWNED, owner=None, owned_at=None, stage=_unowned(problem))
        return
    stage = Stage.OWNED if problem.stage == Stage.FOUND else problem.stage
    move_on(problem, events.PROBLEM_OWNED, owner=staff, owned_at=at, stage=stage)


def _unowned(problem: Problem) -> str:
    return Stage.FOUND if problem.stage == Stage.OWNED else problem.stage


@operation
def write_rule(
    problem: Problem,
    *,
    words: Iterable[str] = (),
    needs_all: bool = False,
    phrase: str = "",
    subject: str = "",
    organization: Organization | None = None,
    tag: str = "",
    department: Department | None = None,
    excluded: Iterable[str] = (),
    by: Actor,
    at: datetime,
) -> Rule:
    """Write down by what its messages are recognised. It takes the place of what was written down before."""
    must_stand(problem)
    said = {
        "words": _several(words),
        "needs_all": needs_all,
        "phrase": " ".join(phrase.split())[:200],
        "subject": " ".join(subject.split())[:200],
        "organization": organization,
        "tag": " ".join(tag.split()).lower()[:60],
        "department": department,
        "excluded": _several(excluded),
    }
    rule = Rule.objects.filter(problem=problem).first()
    if rule is None:
        rule = begin(Rule, events.RULE_WRITTEN, problem=problem, **said)
    else:
        change(rule, events.RULE_WRITTEN, **said)
    touch()
    return rule


def _several(words: Iterable[str]) -> list[str]:
    cleaned = (" ".join(word.split()).casefold()[:60] for word in words)
    return list(dict.fromkeys(word for word in cleaned if word))[:50]


@operation
def drop(problem: Problem, why: str, *, by: Actor, at: datetime) -> None:
    """It is no problem after all, and why."""
    must_stand(problem)
    why = " ".join(why.split())[:300]
    if not why:
        raise Refused("Say why it is dropped, so that nobody has to ask.")
    move_on(problem, events.PROBLEM_DROPPED, dropped_at=at, dropped_why=why)


@operation
def merge(kept: Problem, other: Problem, *, by: Actor, at: datetime) -> None:
    """Two problems are one: what is linked with the other, its evidence and sightings move to the one that is kept."""
    if kept.pk == other.pk:
        raise Refused("That is the same problem. Choose two different ones.")
    for problem in sorted((kept, other), key=lambda each: each.pk):
        must_stand(problem)
    known = set(ProblemLink.objects.filter(problem=kept).values_list("conversation_id", flat=True))
    links = ProblemLink.objects.filter(problem=other).exclude(conversation__in=known)
    _carry(ProblemLink, links, events.LINK_MOVED, kept)
    seen = set(Sighting.objects.filter(problem=kept).values_list("message", flat=True))
    sightings = Sighting.objects.filter(problem=other).exclude(message__in=seen)
    _carry(Sighting, sightings, events.SIGHTING_MOVED, kept)
    _carry(Evidence, Evidence.objects.filter(problem=other), events.EVIDENCE_MOVED, kept)
    move_on(other, events.PROBLEM_MERGED, merged_into=hold(kept))


def _carry(model: type, rows, kind: str, kept: Problem) -> None:
    change_by_id(model, list(rows.values_list("pk", flat=True)), kind, problem=kept)
