"""Every act there is, done at random: what a company does to its conversations, its people and itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from pitcrew.conversations import actions
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import CannedReply, Conversation, Message, Place, State, Tag
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.models import Customer, Department, Identity, Membership, Role, Staff
from pitcrew.people.refusals import Refused
from tests.history.link_acts import LINK_ACTS
from tests.history.outside_acts import OUTSIDE_ACTS
from tests.history.problem_acts import PROBLEM_ACTS
from tests.history.promise_acts import PROMISE_ACTS
from tests.history.relay_acts import RELAY_ACTS


@dataclass
class World:
    """A company with a clock that moves on with every act. ``a`` and ``b`` choose among what there is."""

    at: datetime
    a: int = 0
    b: int = 0
    turn: int = 0
    refused: list[str] = field(default_factory=list)

    def pick(self, rows: Any, by: int | None = None) -> Any:
        """One of these rows; Refused where there is none."""
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if not ids:
            raise Refused("There is nothing to choose from.")
        return rows.model.everything.get(pk=ids[(self.a if by is None else by) % len(ids)])

    @property
    def conversation(self) -> Conversation:
        return self.pick(Conversation.objects.filter(merged_into=None))

    @property
    def other(self) -> Conversation:
        return self.pick(Conversation.objects.filter(merged_into=None), self.b)

    @property
    def some(self) -> list[int]:
        """About a third of all conversations."""
        ids = Conversation.objects.order_by("pk").values_list("pk", flat=True)
        return [pk for n, pk in enumerate(ids) if (self.a >> (n % 16)) % 3 == 0]

    @property
    def staff(self) -> Staff:
        return self.pick(Staff.objects.all(), self.b)

    @property
    def department(self) -> Department:
        return self.pick(Department.objects.all(), self.b)

    @property
    def customer(self) -> Customer:
        return self.pick(Customer.objects.all())

    @property
    def place(self) -> str:
        return Place.values[self.b % 3]

    @property
    def word(self) -> str:
        return ("card", "late", "angry", "thanks")[self.b % 4]

    @property
    def how(self) -> dict[str, Any]:
        staff = list(Staff.objects.order_by("pk").values_list("pk", flat=True))
        return {"by": Actor("agent", staff[self.b % len(staff)]), "at": self.at}


def receive(w: World) -> None:
    known = None if w.b % 3 == 0 else w.conversation
    letter = Incoming(
        channel="email",
        address=f"c{w.a % 7}@customer.test",
        name=("", "Zoe")[w.b % 2],
        subject=f"Matter {w.turn}",
        text=f"Said in turn {w.turn}",
        conversation=known,
        maybe_part_of=w.other if known is None and w.a % 2 else None,
        department=w.department if w.a % 3 else None,
        is_only_thanks=w.a % 5 == 0,
        is_automatic=w.a % 11 == 0,
        sent_at=w.at - timedelta(minutes=w.a % 50),
        files=[File("f.txt", "text/plain", w.b, f"{w.b:064x}")] if w.b % 4 == 0 else [],
    )
    actions.receive(letter, by=Actor("customer", w.a % 7), at=w.at)


def reply(w: World) -> None:
    then = (State.WAITING_ON_CUSTOMER, State.DONE, State.OPEN)[w.b % 3]
    actions.reply(w.conversation, f"Answer {w.turn}", to=["c@customer.test"], then=then, **w.how)


def note(w: World) -> None:
    mentions = [w.staff] if w.b % 2 else []
    actions.note(w.conversation, f"Note {w.turn}", mentions=mentions, **w.how)


def split(w: World) -> None:
    conversation = w.conversation
    ids = list(conversation.messages.filter(retired_at=None).order_by("pk").values_list("pk", flat=True))
    actions.split(conversation, ids[: w.b % 3], **w.how)


def leave(w: World) -> None:
    delivering.left(w.pick(Message.objects.filter(left_at=None, direction="out")), **w.how)


def bounce(w: World) -> None:
    delivering.mark_undelivered(w.pick(Message.objects.filter(direction="out")), "no such user", **w.how)


def send_again(w: World) -> None:
    message = w.pick(Message.objects.exclude(undelivered_at=None))
    delivering.send_again(message, to=message.to if w.b % 2 else ["other@customer.test"], **w.how)


def take_back(w: World) -> None:
    """One of the last acts of whomever, or three of them."""
    last = list(Operation.objects.order_by("-id").values_list("pk", flat=True)[:40])
    chosen = {last[w.a % len(last)], last[w.b % len(last)] if w.b % 2 else last[w.a % len(last)]}
    undo(Operation.objects.filter(pk__in=chosen), **w.how)


def demote_or_promote(w: World) -> None:
    people.change_staff(w.staff, is_administrator=w.a % 3 == 0, **w.how)


def add_member(w: World) -> None:
    people.add_member(w.department, w.pick(Staff.objects.all()), Role.values[w.a % 3], **w.how)


def change_canned(w: World) -> None:
    canned = w.pick(CannedReply.objects.all())
    actions.change_canned(canned, f"Canned {w.turn}", "New text", department=w.department, **w.how)


ACTS: dict[str, Callable[[World], Any]] = {
    "receive": receive,
    "receive again": receive,
    "reply": reply,
    "note": note,
    "left": leave,
    "mark_undelivered": bounce,
    "send_again": send_again,
    "take back": take_back,
    "take back more": take_back,
    "assign": lambda w: actions.assign(w.conversation, w.staff if w.a % 4 else None, **w.how),
    "assign_many": lambda w: actions.assign_many(w.some, w.staff if w.b % 4 else None, **w.how),
    "close": lambda w: actions.close(w.conversation, **w.how),
    "close_many": lambda w: actions.close_many(w.some, **w.how),
    "reopen": lambda w: actions.reopen(w.conversation, **w.how),
    "reopen_many": lambda w: actions.reopen_many(w.some, **w.how),
    "wait_for_customer": lambda w: actions.wait_for_customer(w.conversation, **w.how),
    "snooze": lambda w: actions.snooze(w.conversation, w.at + timedelta(minutes=1 + w.b % 90), **w.how),
    "snooze_many": lambda w: actions.snooze_many(w.some, w.at + timedelta(minutes=1 + w.b % 90), **w.how),
    "wake": lambda w: actions.wake(w.conversation, **w.how),
    "wake_due": lambda w: actions.wake_due(**w.how),
    "transfer": lambda w: actions.transfer(w.conversation, w.department, **w.how),
    "transfer_many": lambda w: actions.transfer_many(w.some, w.department, **w.how),
    "place": lambda w: actions.place(w.conversation, w.place, **w.how),
    "place_many": lambda w: actions.place_many(w.some, w.place, **w.how),
    "rename": lambda w: actions.rename(w.conversation, f"Named {w.turn}", **w.how),
    "set_customer": lambda w: actions.set_customer(w.conversation, w.pick(Customer.objects.all(), w.b), **w.how),
    "tag": lambda w: actions.tag(w.conversation, w.word, **w.how),
    "tag_many": lambda w: actions.tag_many(w.some, w.word, **w.how),
    "untag": lambda w: actions.untag(w.conversation, w.pick(Tag.objects.all(), w.b).name, **w.how),
    "untag_many": lambda w: actions.untag_many(w.some, w.word, **w.how),
    "follow": lambda w: actions.follow(w.conversation, w.staff, **w.how),
    "follow_many": lambda w: actions.follow_many(w.some, w.staff, **w.how),
    "unfollow": lambda w: actions.unfollow(w.conversation, w.staff, **w.how),
    "unfollow_many": lambda w: actions.unfollow_many(w.some, w.staff, **w.how),
    "merge": lambda w: actions.merge(w.conversation, w.other, **w.how),
    "merge_many": lambda w: actions.merge_many(w.conversation, w.some[:3], **w.how),
    "split": split,
    "link": lambda w: actions.link(w.conversation, w.other, **w.how),
    "unlink": lambda w: actions.unlink(w.conversation, w.other, **w.how),
    "join": lambda w: actions.join(w.pick(Conversation.objects.filter(~Q(maybe_part_of=None))), **w.how),
    "stand_alone": lambda w: actions.stand_alone(w.conversation, **w.how),
    "add_canned": lambda w: actions.add_canned(f"Canned {w.turn}", "Text", department=w.department, **w.how),
    "change_canned": change_canned,
    "remove_canned": lambda w: actions.remove_canned(w.pick(CannedReply.objects.all()), **w.how),
    "forget_customer": lambda w: actions.forget_customer(w.customer, **w.how) if w.a % 8 == 0 else None,
    "meet": lambda w: people.meet("email", f"c{w.a % 9}@customer.test", name=f"Name {w.b % 3}", **w.how),
    "rename_customer": lambda w: people.rename_customer(w.customer, f"Customer {w.turn}", **w.how),
    "describe_customer": lambda w: people.describe_customer(w.customer, f"Memo {w.turn}", **w.how),
    "add_identity": lambda w: people.add_identity(w.customer, "email", f"x{w.b % 9}@home.test", **w.how),
    "verify_identity": lambda w: people.verify_identity(w.pick(Identity.objects.all()), **w.how),
    "remove_identity": lambda w: people.remove_identity(w.pick(Identity.objects.all()), **w.how),
    "place_in_organization": lambda w: people.place_in_organization(w.customer, ("", "One", "Two")[w.b % 3], **w.how),
    "join_customers": lambda w: people.join_customers(w.customer, w.pick(Customer.objects.all(), w.b), **w.how),
    "hire": lambda w: people.hire(f"s{w.a % 6}@company.test", f"S{w.turn}", is_administrator=w.b % 5 == 0, **w.how),
    "change_staff": demote_or_promote,
    "deactivate": lambda w: people.deactivate(w.staff, **w.how),
    "reactivate": lambda w: people.reactivate(w.staff, **w.how),
    "open_department": lambda w: people.open_department(f"Department {w.a % 6}", **w.how),
    "change_department": lambda w: people.change_department(w.department, signature=f"Yours, {w.turn}", **w.how),
    "close_department": lambda w: people.close_department(w.department, **w.how),
    "add_member": add_member,
    "remove_member": lambda w: people.remove_member(w.pick(Membership.objects.all()), **w.how),
    **PROMISE_ACTS,
    **RELAY_ACTS,
    **OUTSIDE_ACTS,
    **PROBLEM_ACTS,
    **LINK_ACTS,
}


def act(world: World, name: str, a: int, b: int) -> None:
    """Do it, a minute later than what was done before; what is refused leaves everything as it was."""
    world.turn += 1
    world.a, world.b, world.at = a, b, world.at + timedelta(minutes=1)
    try:
        ACTS[name](world)
    except Refused as refusal:
        world.refused.append(f"{name}: {refusal}")
