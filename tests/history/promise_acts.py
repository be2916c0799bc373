"""Acts at random: what is owed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.models import Priority
from pitcrew.promises import actions
from pitcrew.promises.actions.deciding import OFFICE
from pitcrew.promises.models import Calendar, Kind, Policy, Promise
from pitcrew.promises.policies import Facts

PRIORITIES = ("", *Priority.values)


def promise(w: Any) -> None:
    kind = Kind.values[w.b % len(Kind.values)]
    about = {"department": w.department, "conversation": w.conversation.pk, "minutes": 1 + w.a % 500}
    actions.promise(kind, **about, **w.how)


def add_policy(w: Any) -> None:
    told = {"first_reply": 5 + w.a % 90, "solution": 10 + w.b % 900, "next_reply": 7, "rank": w.a % 4}
    told |= {"priority": PRIORITIES[w.b % len(PRIORITIES)], "tag": ("", w.word)[w.a % 2]}
    actions.add_policy(f"Policy {w.turn}", department=w.department if w.a % 3 else None, **told, **w.how)


def add_calendar(w: Any) -> None:
    """Hours for a department or the house; whoever has some loses them."""
    zone, department = ("UTC", "Europe/Berlin", "America/New_York")[w.a % 3], w.department if w.b % 3 else None
    there = Calendar.objects.filter(department=department).first()
    if there is not None:
        actions.remove_calendar(there, **w.how)
    else:
        actions.add_calendar(f"Hours {w.turn}", department=department, time_zone=zone, **w.how)


def change_calendar(w: Any) -> None:
    hours = OFFICE if w.a % 2 else [[["00:00", "24:00"]]] * 7
    actions.change_calendar(w.pick(Calendar.objects.all()), hours=hours, **w.how)


NOBODYS = 1_000_000  # legs from this number on are none: what the rooms owe for theirs nobody else may end


def owe_for_leg(w: Any) -> None:
    actions.owe_for_leg(NOBODYS + w.a % 50, Kind.COMPLETION, Facts(w.department.pk), minutes=1 + w.b % 99, **w.how)


def promised(w: Any) -> Promise:
    """Something owed, but not for a leg that there is: only relays keep, release or pause that."""
    return w.pick(Promise.objects.filter(Q(leg=None) | Q(leg__gte=NOBODYS)))


def nobodys(w: Any) -> Promise:
    """Something owed that no conversation and no leg gives a reason for."""
    return w.pick(Promise.objects.filter(leg__gte=NOBODYS))


def call_back(w: Any) -> None:
    when = w.at + timedelta(minutes=1 + w.b % 99)
    conversations.promise_call_back(w.conversation, when, f"Call {w.turn}", **w.how)


def ids(w: Any) -> list[int]:
    return list(Promise.objects.order_by("pk").values_list("pk", flat=True))[w.a % 7 :: 5]


PROMISE_ACTS: dict[str, Callable[[Any], Any]] = {
    "promise": promise,
    "keep": lambda w: actions.keep(promised(w), **w.how),
    "release": lambda w: actions.release(promised(w), **w.how),
    "pause": lambda w: actions.pause(nobodys(w), **w.how),
    "resume": lambda w: actions.resume(promised(w), **w.how),
    "revive": lambda w: actions.revive(promised(w), **w.how),
    "refit": lambda w: actions.refit(w.pick(Promise.objects.all()), w.department, None, **w.how),
    "owe_for_leg": owe_for_leg,
    "warn": lambda w: actions.warn(ids(w), **w.how),
    "break_overdue": lambda w: actions.break_overdue(ids(w), **w.how),
    "warn_due": lambda w: actions.warn_due(**w.how),
    "break_due": lambda w: actions.break_due(**w.how),
    "add_policy": add_policy,
    "change_policy": lambda w: actions.change_policy(w.pick(Policy.objects.all()), solution=1 + w.b % 600, **w.how),
    "remove_policy": lambda w: actions.remove_policy(w.pick(Policy.objects.all()), **w.how),
    "add_calendar": add_calendar,
    "change_calendar": change_calendar,
    "remove_calendar": lambda w: actions.remove_calendar(w.pick(Calendar.objects.all()), **w.how),
    "start_with_the_usual": lambda w: actions.start_with_the_usual(**w.how),
    "prioritise": lambda w: conversations.prioritise(w.conversation, Priority.values[w.b % 4], **w.how),
    "prioritise_many": lambda w: conversations.prioritise_many(w.some, Priority.values[w.b % 4], **w.how),
    "promise_call_back": call_back,
    "note_call": lambda w: conversations.note_call(w.conversation, f"Called in turn {w.turn}", **w.how),
    "release_call": lambda w: conversations.release_call(w.conversation, "They called us.", **w.how),
}
