"""Detectors that look at what was said and promised, at the owner and at the mailbox."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pitcrew.relays.links.judging.facts import Case, LegFacts, MessageFacts, RelayFacts
from pitcrew.relays.links.judging.findings import Finding, Mend, past

SOON = 8 * 3_600  # seconds of business hours: what the customer is owed takes a working day at most
RESTART = timedelta(minutes=15)
GONE_WITH_DONE = ("first_reply", "next_reply", "solution")


def undelivered(case: Case, at: datetime) -> Iterator[Finding]:
    """4. An answer could not be delivered, and none that came later reached the customer.

    Sent again and on its way is no longer undelivered; so is one after which another answer left to the same address.
    """
    for message in case.messages:
        if message.is_in or message.undelivered_at is None or _was_overtaken(message, case):
            continue
        mend = Mend("resend", "Send it again", {"message": message.key})
        words = "The answer did not reach the customer" + (f": {message.why}." if message.why else ".")
        yield _by_owner(case, "undelivered", f"message:{message.key}", message.undelivered_at, mend, words)


def _was_overtaken(message: MessageFacts, case: Case) -> bool:
    return any(
        later.left_at is not None
        and later.undelivered_at is None
        and not later.is_in
        and not later.is_automatic
        and later.left_at > message.at
        and (not later.to or not message.to or later.to & message.to)
        for later in case.messages
        if later.key != message.key
    )


def astray(case: Case, at: datetime) -> Iterator[Finding]:
    """5. The customer's reply lies on a conversation that is done, or on one that is not theirs, and nobody saw it.

    Thanks alone and automatic answers ask for nothing. It ends when the conversation is opened again, or when
    somebody settled where the message belongs.
    """
    for message in case.messages:
        if not message.is_in or message.is_automatic or message.is_settled:
            continue
        is_late = case.done_at is not None and message.at > case.done_at and not message.is_only_thanks
        if message.is_foreign:
            mend = Mend("settle", "Say where it belongs", {"message": message.key})
            words = "Somebody wrote here whose conversation this may not be."
        elif is_late:
            mend = Mend("reopen", "Open it again", {"conversation": case.key})
            words = "The customer wrote again after it was done, and nobody answers."
        else:
            continue
        yield _by_owner(case, "astray", f"message:{message.key}", message.at, mend, words)


def not_told(case: Case, at: datetime) -> Iterator[Finding]:
    """6. What the customer waits for is done, and nobody told them.

    Done is a fix that is live, or a relay of which no leg is left. The department of the conversation has its usual
    pace to tell, and never more than eight working hours. A follow-up that is out, or a call, tells it too.
    """
    desk = case.desk(case.department)
    for key, done, words in _done_upstream(case):
        if case.heard_after(done):
            continue
        since = past(desk.hours.add(done, min(desk.pace, SOON)))
        mend = Mend("tell", "Tell the customer", {"conversation": case.key})
        yield _by_owner(case, "not_told", key, since, mend, f"{words}, and the customer was not told.")


def _done_upstream(case: Case) -> Iterator[tuple[str, datetime, str]]:
    for done in case.upstream:
        yield f"upstream:{done.key}", done.at, done.words or "The fix is live"
    for relay, legs in _relays(case):
        is_over = all(leg.stage in ("done", "skipped", "withdrawn") for leg in legs)
        ended = [leg.ended_at for leg in legs if leg.stage == "done" and leg.ended_at]
        if relay.stopped_at or not is_over or not ended or _follow_up_is_due(relay, legs):
            continue
        if not any(leg.is_follow_up for leg in legs):
            yield f"relay:{relay.key}", max(ended), "The work is done"


def _relays(case: Case) -> list[tuple[RelayFacts, list[LegFacts]]]:
    """Each relay with its legs; legs of no relay that is told of are one of their own."""
    known = {relay.key: relay for relay in case.relays}
    found: dict = {key: [] for key in known}
    for leg in case.legs:
        found.setdefault(leg.relay, []).append(leg)
    return [(known.get(key) or RelayFacts(key), legs) for key, legs in found.items()]


def promise_passed(case: Case, at: datetime) -> Iterator[Finding]:
    """7. The moment of an open promise has passed.

    Kept, released and paused ones have none. Acceptance is looked at by the first detector. With the matter done
    nobody waits for a reply any more, but a promised call is still owed.
    """
    for promise in case.promises:
        if not promise.is_open or promise.due_at is None or promise.kind == "acceptance":
            continue
        if case.done_at is not None and promise.kind in GONE_WITH_DONE:
            continue
        is_call = promise.kind == "call_back"
        where = {"conversation": case.key, "promise": promise.key, "leg": promise.leg}
        mend = Mend("call", "Call now", where) if is_call else Mend("tell", "Tell the customer", where)
        what = promise.words or promise.kind.replace("_", " ")
        department = promise.department or case.department
        words = f"What was promised has not come: {what}."
        who = promise.person or _owner(case) or case.desk(department).lead
        since = past(promise.due_at)
        yield Finding("promise_passed", f"promise:{promise.key}", since, department, who, mend, words, promise.leg)


def no_follow_up(case: Case, at: datetime) -> Iterator[Finding]:
    """8. Everything of a relay is done but the follow-up: nobody has opened it, or nobody reached the customer.

    It is needed where the plan has one. After "no answer" another call must be promised or under way. The department
    has its usual pace to open it, and never more than eight working hours.
    """
    desk = case.desk(case.department)
    for relay, legs in _relays(case):
        done = _waits_for_follow_up(relay, legs, case)
        if done is None:
            continue
        since = past(desk.hours.add(done, min(desk.pace, SOON)))
        mend = Mend("open_follow_up", "Open the follow-up", {"conversation": case.key, "relay": relay.key})
        words = "The work is done, and nobody has asked the customer whether it works."
        yield _by_owner(case, "no_follow_up", f"relay:{relay.key}", since, mend, words)


def _follow_up_is_due(relay: RelayFacts, legs: list[LegFacts]) -> bool:
    return relay.needs_follow_up or any(step.is_follow_up for step in relay.steps)


def _waits_for_follow_up(relay: RelayFacts, legs: list[LegFacts], case: Case) -> datetime | None:
    """Since when a follow-up is missing, or None."""
    if relay.stopped_at or any(leg.is_live for leg in legs):
        return None
    work = [leg for leg in legs if not leg.is_follow_up]
    asked = [leg for leg in legs if leg.is_follow_up and leg.stage == "done"]
    if asked:
        last = max(asked, key=lambda leg: (leg.ended_at is not None, leg.ended_at))
        is_promised = any(p.kind == "call_back" and p.is_open for p in case.promises)
        return last.ended_at if last.result == "no_answer" and not is_promised else None
    if any(leg.stage == "skipped" and leg.ended_why for leg in legs if leg.is_follow_up):
        return None
    if not _follow_up_is_due(relay, legs) or not _is_through(relay, work):
        return None
    ended = [leg.ended_at for leg in work if leg.ended_at and leg.stage == "done"]
    return max(ended, default=None)


def _is_through(relay: RelayFacts, work: list[LegFacts]) -> bool:
    """Every step before the follow-up is behind us."""
    over = {leg.step for leg in work if leg.stage in ("done", "skipped", "withdrawn")}
    planned = {step.key for step in relay.steps if not step.is_follow_up}
    return bool(work) and planned <= over and all(leg.stage != "ahead" for leg in work)


def owner(case: Case, at: datetime) -> Iterator[Finding]:
    """9. The next move is ours and nobody has it, or two have it.

    Nobody: no owner for longer than the department's usual pace, or a department that is closed or has nobody left.
    Two: two owners of the same matter. Followers own nothing. While a leg is out, the leg's party has the move.
    """
    for leg in case.live("offered", "accepted"):
        desk = case.desk(leg.department)
        if desk.members is not None and not desk.members and not leg.partner and leg.since:
            mend = Mend("withdraw", "Withdraw it", {"leg": leg.key})
            words = f"{leg} lies in {desk}, where nobody works."
            yield Finding("owner", f"leg:{leg.key}", leg.since, leg.sent_from or case.department, None, mend, words)
    if case.done_at is not None or case.owners is None:
        return
    if len(set(case.owners)) > 1:
        names = " and ".join(str(case.person(who)) for who in case.owners)
        mend = Mend("choose_owner", "Choose one owner", {"conversation": case.key, "owners": list(case.owners)})
        since = case.owned_since or case.our_move_since or at
        yield _by_owner(case, "owner", "owners", since, mend, f"Two have it: {names}.")
    elif not case.owners and case.our_move_since and not case.live("offered", "accepted"):
        yield _ownerless(case, case.our_move_since)


def _ownerless(case: Case, ours: datetime) -> Finding:
    desk = case.desk(case.department)
    since = max(ours, case.owned_since or ours)
    is_empty = desk.members is not None and not desk.members
    since = since if is_empty else past(desk.hours.add(since, desk.pace))
    mend = Mend("assign_present", "Give it to somebody", {"conversation": case.key})
    return Finding("owner", "owners", since, case.department, desk.lead, mend, "Nobody has it, and it is our move.")


def mailbox_stopped(case: Case, at: datetime) -> Iterator[Finding]:
    """12. The mailbox that the customer writes to has been out of order for more than fifteen minutes.

    A matter that is done is left out: who writes there again is found by their next mail.
    """
    box = case.mailbox
    if box is None or box.stopped_at is None or case.done_at is not None:
        return
    mend = Mend("mailbox", "Enter the password again", {"mailbox": box.key})
    words = f"The mailbox {box.name or box.key} has stopped; what the customer writes waits there."
    since = past(box.stopped_at + RESTART)
    yield Finding("mailbox_stopped", f"mailbox:{box.key}", since, case.department, None, mend, words)


def _owner(case: Case) -> object:
    return case.owners[0] if case.owners else None


def _by_owner(case: Case, kind: str, where: str, since: datetime, mend: Mend, words: str) -> Finding:
    """The owner of the conversation has the next move, else the lead of its department."""
    who = _owner(case) or case.desk(case.department).lead
    return Finding(kind, where, since, case.department, who, mend, words)
