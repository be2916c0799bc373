"""Detectors that look at legs: not accepted, silent, holder away, step skipped, back and forth."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pitcrew.relays.links.judging.facts import Absence, Case, Desk, Key, LegFacts, Pass, Person, RelayFacts
from pitcrew.relays.links.judging.findings import Finding, Mend, lasting, past

PASSES = 3  # there, back, and there again
PASSED_WITHIN = timedelta(days=14)
PATIENCE = 3  # a sender who is asked has so many times the usual: the answer may have to come from the customer

ASKED = {"asked": ("answer", "Answer it"), "returned": ("send_again", "Send it again")}


def place(leg: LegFacts) -> str:
    return f"leg:{leg.key}"


def not_accepted(case: Case, at: datetime) -> Iterator[Finding]:
    """1. A leg that was offered is not accepted by the moment promised for it.

    Without a promise the department has two hours of its own working time from the offer. A paused leg is not late.
    """
    for leg in case.live("offered"):
        offered = leg.offered_at or leg.since
        if leg.is_paused or offered is None:
            continue
        desk = case.desk(leg.department)
        due = leg.accept_by or desk.hours.add(offered, desk.acceptance)
        words = f"{desk} has not accepted {_what(leg, desk)} in time."
        yield Finding(
            "not_accepted", place(leg), past(due), leg.department, leg.holder or desk.lead, _accept(leg), words, leg.key
        )


def _what(leg: LegFacts, desk: Desk) -> str:
    """The leg by its name, where that says more than its department's."""
    return "it" if str(leg) == str(desk) else str(leg)


def _accept(leg: LegFacts) -> Mend:
    if leg.partner:
        return Mend("withdraw", "Withdraw it", {"leg": leg.key})
    return Mend("accept", "Accept it", {"leg": leg.key})


def silent(case: Case, at: datetime) -> Iterator[Finding]:
    """2. Whoever has the baton of a leg says nothing for longer than their department's own usual pace.

    An accepted leg: its department; time in which it is asked back does not count. A returned one: the sender's
    department. One that was asked back: the sender's department has three times its pace to answer.
    """
    for leg in case.live("accepted", "asked", "returned"):
        last = leg.last_word_at or leg.since or leg.accepted_at
        if leg.is_paused or last is None:
            continue
        is_theirs = leg.stage == "accepted"
        desk = case.desk(leg.department if is_theirs else leg.sent_from or case.department)
        allowed = desk.pace * (PATIENCE if leg.stage == "asked" else 1)
        since = past(desk.hours.add(last, allowed))
        words = (
            f"{leg.partner or desk}: no word about {_what(leg, desk)} for longer than the usual {lasting(desk.pace)}."
        )
        who = leg.holder if is_theirs else leg.sender
        yield Finding("silent", place(leg), since, desk.key, who or desk.lead, _ask(leg), words, leg.key)


def _ask(leg: LegFacts) -> Mend:
    return Mend(*ASKED.get(leg.stage, ("ask", "Ask them now")), {"leg": leg.key})


def holder_away(case: Case, at: datetime) -> Iterator[Finding]:
    """3. Who holds an accepted leg, or an open conversation that waits for us, cannot do it.

    They were deactivated, have no place in the department, or are away in its working hours with no substitute. Who
    is back, and who is away at night or on a holiday only, is there.
    """
    for leg in case.live("offered", "accepted"):
        if leg.holder is not None and not leg.partner:
            mend = _give(case, "give_to_present", leg.department, leg.holder, at, {"leg": leg.key})
            since = leg.holder_since or leg.accepted_at or leg.offered_at or leg.since
            yield from _away(case, leg.holder, leg.department, since, at, place(leg), mend, leg.key)
    for leg in case.live("asked", "returned"):
        if leg.sender is not None:
            mend = Mend(*ASKED[leg.stage], {"leg": leg.key})
            department = leg.sent_from or case.department
            yield from _away(case, leg.sender, department, leg.since, at, place(leg), mend, leg.key)
    if case.our_move_since and case.done_at is None and not case.live():
        for owner in case.owners if case.owners and len(case.owners) == 1 else ():
            mend = _give(case, "assign_present", case.department, owner, at, {"conversation": case.key})
            since = max(case.our_move_since, case.owned_since or case.our_move_since)
            yield from _away(case, owner, case.department, since, at, "", mend, None)


def _give(case: Case, verb: str, department: Key, gone: Key, at: datetime, args: dict[str, Key]) -> Mend:
    """Give it to the first of the department who is there; the button says to whom."""
    for who in sorted(case.desk(department).members or (), key=str):
        if who != gone and _is_there(case.person(who), at):
            return Mend(verb, f"Give to {case.person(who)}", {**args, "person": who})
    return Mend(verb, "Give it to somebody", args)


def _away(
    case: Case, who: Key, department: Key, held: datetime | None, at: datetime, where: str, mend: Mend, leg: Key
) -> Iterator[Finding]:
    person, desk = case.person(who), case.desk(department)
    for since, why in _why_away(case, person, department, held, at):
        words = f"{person} {why} and has the next move."
        yield Finding("holder_away", where, since, department, desk.lead, mend, words, leg)
        return


def _why_away(
    case: Case, person: Person, department: Key, held: datetime | None, at: datetime
) -> Iterator[tuple[datetime, str]]:
    if person.deactivated_at is not None and person.deactivated_at <= at:
        yield max(person.deactivated_at, held or person.deactivated_at), "no longer works here"
    has_access = person.is_administrator or person.departments is None or department in person.departments
    if not has_access:
        yield held or at, f"has no access to {case.desk(department)}"
    for absence in sorted(person.absences, key=lambda one: one.start):
        since = _missed(absence, case, department, held)
        if since is not None and (absence.end is None or absence.end > max(at, since)):
            yield since, "is away" + (f" until {absence.end:%A %d %B}" if absence.end else "")


def _missed(absence: Absence, case: Case, department: Key, held: datetime | None) -> datetime | None:
    """The first moment at which somebody would work and this person does not."""
    if absence.substitute is not None and _is_there(case.person(absence.substitute), absence.start):
        return None
    start = max(absence.start, held or absence.start)
    return case.desk(department).hours.add(start, 1)


def _is_there(person: Person, at: datetime) -> bool:
    is_active = person.deactivated_at is None or person.deactivated_at > at
    return is_active and not any(a.start <= at and (a.end is None or a.end > at) for a in person.absences)


def step_skipped(case: Case, at: datetime) -> Iterator[Finding]:
    """10. A leg is out or done although a step that it waits for, by the relay's plan, was not done.

    Also when the relay was finished without the step. What somebody skipped with a reason is not missing.
    """
    for relay in case.relays:
        if relay.stopped_at is None:
            yield from _skipped(case, relay)


def _skipped(case: Case, relay: RelayFacts) -> Iterator[Finding]:
    legs = [leg for leg in case.legs if leg.relay == relay.key]
    through = {leg.step for leg in legs if leg.stage == "done" or (leg.stage == "skipped" and leg.ended_why)}
    begun = {leg.step: leg for leg in legs if leg.stage == "done" or leg.is_live}
    names = {step.key: step.name or str(step.key) for step in relay.steps}
    told = set()
    for step in relay.steps:
        leg = begun.get(step.key)
        since = (leg.offered_at or leg.accepted_at or leg.since or leg.ended_at) if leg else None
        for missing in step.after:
            if since and missing not in through and missing not in told and not _is_replaced(missing, legs):
                told.add(missing)
                yield _missing(case, relay, missing, names.get(missing, str(missing)), since)
    for step in relay.steps:
        if relay.finished_at and step.key not in through | told and not step.is_follow_up:
            yield _missing(case, relay, step.key, names[step.key], relay.finished_at)


def _is_replaced(step: Key, legs: list[LegFacts]) -> bool:
    """Live again after it was done once: what followed it then was in order."""
    return any(leg.step == step and leg.ended_at for leg in legs if leg.stage == "done")


def _missing(case: Case, relay: RelayFacts, step: Key, name: str, since: datetime) -> Finding:
    mend = Mend("return_to_step", f"Return to {name}", {"relay": relay.key, "step": step})
    department = relay.department or case.department
    words = f"The step {name} was skipped, and nobody said why."
    lead = case.desk(department).lead
    return Finding("step_skipped", f"step:{relay.key}:{step}", since, department, lead, mend, words, step)


def back_and_forth(case: Case, at: datetime) -> Iterator[Finding]:
    """11. Two departments pass the work to each other: there, back and there again, within fourteen days.

    Passes in between to a third department begin anew. It ends when the work is done.
    """
    if case.done_at is not None or (case.legs and not case.live() and not case.our_move_since):
        return
    run = _last_run(sorted(case.passes, key=lambda one: one.at))
    recent = [one for one in run if one.at >= at - PASSED_WITHIN]
    if len(recent) < PASSES:
        return
    last = recent[-1]
    giver, taker = case.desk(last.giver), case.desk(last.taker)
    pair = ",".join(sorted((str(last.giver), str(last.taker))))
    mend = Mend("ask", "Call both leads", {"conversation": case.key})
    words = f"{giver} and {taker} have passed it {len(recent)} times in {_days(recent)}."
    yield Finding("back_and_forth", f"pair:{pair}", recent[PASSES - 1].at, last.taker, taker.lead, mend, words)


def _last_run(passes: list[Pass]) -> list[Pass]:
    """The passes at the end that go to and fro between the same two."""
    run: list[Pass] = []
    for one in reversed(passes):
        if one.giver == one.taker:
            continue
        if run and (one.giver, one.taker) != (run[-1].taker, run[-1].giver):
            break
        run.append(one)
    return run[::-1]


def _days(passes: list[Pass]) -> str:
    return lasting((passes[-1].at - passes[0].at).total_seconds())
