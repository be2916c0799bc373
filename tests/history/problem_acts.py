"""Acts at random: root causes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pitcrew.conversations.models import Message
from pitcrew.people.refusals import Refused
from pitcrew.problems import actions
from pitcrew.problems.models import Evidence, Problem, ProblemLink, Sighting
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Relay


def problem(w: Any) -> Problem:
    return w.pick(Problem.objects.all())


def proof(w: Any) -> actions.Proof | None:
    return actions.Proof("note", f"Seen in turn {w.turn}") if w.b % 7 else None


def find(w: Any) -> None:
    actions.find(f"Problem {w.turn}", "It is broken", w.department, conversations=w.some[:4], **w.how)


def unlink(w: Any) -> None:
    link = w.pick(ProblemLink.objects.all())
    actions.unlink_conversation(link.problem, link.conversation, **w.how)


def sight(w: Any) -> None:
    message = w.pick(Message.objects.filter(direction="in"), w.b)
    actions.sight(problem(w), message, score=1, because="words", **w.how)


def claim(w: Any) -> None:
    actions.claim_fix(problem(w), proof(w), watch_for=w.b % 3, **w.how)


def thank(w: Any) -> None:
    actions.record_thanks(problem(w), w.other, **w.how)


def win_early(w: Any) -> None:
    actions.record_early(w.pick(Relay.objects.exclude(finished_at=None)), **w.how)


def hand_over(w: Any) -> None:
    brief = Brief("See to it", "Nothing", "Nothing", w.at + timedelta(days=1))
    actions.hand_over(problem(w), w.department, brief, **w.how)


def make_permanent(w: Any) -> None:
    found = problem(w)
    if found.watch_until is None:
        raise Refused("It is not watched.")
    actions.make_permanent(found, by=w.how["by"], at=max(w.at, found.watch_until))


def settle(w: Any) -> None:
    actions.settle_due(by=w.how["by"], at=w.at + timedelta(days=w.b % 2))


PROBLEM_ACTS: dict[str, Callable[[Any], Any]] = {
    "find": find,
    "describe": lambda w: actions.describe(problem(w), f"Described {w.turn}", "Anew", **w.how),
    "move": lambda w: actions.move(problem(w), w.department, **w.how),
    "own": lambda w: actions.own(problem(w), w.staff if w.a % 4 else None, **w.how),
    "write_rule": lambda w: actions.write_rule(problem(w), words=[w.word], tag=w.word if w.a % 2 else "", **w.how),
    "drop": lambda w: actions.drop(problem(w), "Nothing in it", **w.how) if w.a % 4 == 0 else None,
    "merge problems": lambda w: actions.merge(problem(w), w.pick(Problem.objects.all(), w.b), **w.how),
    "workaround": lambda w: actions.workaround(problem(w), ("", "Try again")[w.b % 2], **w.how),
    "add_evidence": lambda w: actions.add_evidence(problem(w), actions.Proof("note", "More"), **w.how),
    "remove_evidence": lambda w: actions.remove_evidence(w.pick(Evidence.objects.all()), **w.how),
    "claim_fix": claim,
    "watch": lambda w: actions.watch(problem(w), 1 + w.b % 3, **w.how),
    "reopen problem": lambda w: actions.reopen(problem(w), **w.how),
    "make_permanent": make_permanent,
    "settle_due": settle,
    "link_conversation": lambda w: actions.link_conversation(problem(w), w.other, **w.how),
    "link_many": lambda w: actions.link_many(problem(w), w.some, **w.how),
    "unlink_conversation": unlink,
    "sight": sight,
    "dismiss": lambda w: actions.dismiss(w.pick(Sighting.objects.all()), **w.how),
    "hand_over problem": hand_over,
    "open_follow_ups": lambda w: actions.open_follow_ups(problem(w), **w.how),
    "hear": lambda w: actions.hear(w.conversation, **w.how),
    "record_thanks": thank,
    "record_early": win_early,
    "answer_all": lambda w: actions.answer_all(problem(w), {"en": f"All: {w.turn}"}, confirmed=w.b % 2 == 0, **w.how),
}
