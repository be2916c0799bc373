"""A mail that was read becomes what a customer said: whose it is, where it belongs, what came with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from pitcrew.channels.email.authenticity import Doubts, Insiders, Proof, doubts
from pitcrew.channels.email.knowing import Known
from pitcrew.channels.email.letters import answering
from pitcrew.channels.email.models import Arrival, Awaited, Mailbox
from pitcrew.channels.email.parse.inbound import Attachment, Forwarded, Inbound
from pitcrew.channels.email.reading import Read
from pitcrew.channels.email.threading import Placed, bounced_message, place
from pitcrew.channels.email.tokens import own_id
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions.delivering import mark_undelivered
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import Direction, Message
from pitcrew.history.actors import Actor
from pitcrew.history.batches import write_later
from pitcrew.history.writing import now_recording
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Staff
from pitcrew.people.queries import front_desk, normalised
from pitcrew.people.refusals import Refused

BY = Actor("pitcrew", "intake", door="email")


class NotYet(Exception):
    """A mail that this one answers arrived earlier and is not stored yet: this one waits for it."""


@dataclass
class House:
    """What the mails of a batch are looked at with: who is of the house, which department gets what, what is known."""

    insiders: Insiders
    departments: dict[str, Department]
    front_desk: Department
    known: Known

    @classmethod
    def now(cls, pairs: list[tuple[Arrival, Read]], at: datetime) -> "House":
        boxes = {box.address.lower(): box for box in Mailbox.objects.select_related("department")}
        everybody = [one for arrival, read in pairs for one in recipients(arrival, read.inbound)]
        return cls(
            Insiders.now({address: box.name for address, box in boxes.items()}),
            {address: box.department for address, box in boxes.items()},
            front_desk() or _open_front_desk(at),
            Known([read.inbound for _, read in pairs], everybody, at),
        )


@dataclass(frozen=True)
class Taken:
    """The message a mail became or belongs to, and the ids it answers that nobody knows yet; or the letter of ours."""

    message: Message | None
    awaits: tuple[str, ...] = ()
    letter: int | None = None


def take(arrival: Arrival, read: Read, house: House, *, at: datetime) -> Taken:
    """Store one mail in the operation that is open.

    Raises NotYet when a mail that it answers has to come first.
    """
    inbound = read.inbound
    if arrival.actor:
        kind, _, name = arrival.actor.partition(":")
        now_recording().by = Actor(kind, name, door=arrival.door)
    message = _returned(arrival, inbound, house, at)
    if message is not None:
        return Taken(message)
    answered = answering.letter_of(inbound, recipients(arrival, inbound), house.known.messages)
    if answered.letter is not None and answering.take(answered, arrival, read, at=at):
        return Taken(None, letter=answered.letter.pk)
    return _received(arrival, read, house, at, answered.warning)


def _returned(arrival: Arrival, inbound: Inbound, house: House, at: datetime) -> Message | None:
    """The message of ours that this mail is a bounce of, or is itself; None for any other mail."""
    if inbound.is_bounce:
        message = bounced_message(inbound, recipients(arrival, inbound))
        if message is not None:
            mark_undelivered(message, _why(inbound), by=BY, at=at)
        return message
    ours = own_id(inbound.message_id)
    if ours and inbound.sender.email in house.insiders.mailboxes:
        return Message.objects.filter(external_id=ours, direction=Direction.OUT).first()
    return None


def _why(inbound: Inbound) -> str:
    told = [" ".join(f"{b.address}: {b.status} {b.diagnostic}".split()) for b in inbound.bounces[:5]]
    return "; ".join(told) or inbound.subject or "the mail came back"


def recipients(arrival: Arrival, inbound: Inbound) -> list[str]:
    """Everybody a mail was for: by its headers, by the envelope, by what servers on the way noted."""
    named = [person.email for person in (*inbound.to, *inbound.cc)]
    return list(dict.fromkeys([*named, *arrival.envelope_to, *inbound.delivered_to]))


def _received(arrival: Arrival, read: Read, house: House, at: datetime, warning: str = "") -> Taken:
    inbound = read.inbound
    doubt = doubts(inbound, arrival.envelope_from, read.names_several_senders, house.insiders)
    to = recipients(arrival, inbound)
    grounds = {"is_namesake": arrival.is_namesake, "joins": doubt.joins, "guesses": not doubt.is_borrowed}
    placed = place(inbound, to, house.known, **grounds)
    if house.known.is_answered_by_waiting(placed.unknown, arrival.pk):
        raise NotYet
    if warning:
        doubt.add(warning)
    if placed.is_newcomer:
        doubt.add(f"{inbound.sender.email} was not part of this conversation before.")
    incoming = _incoming(arrival, inbound, placed, doubt)
    incoming.department = house.departments.get(arrival.mailbox) or house.front_desk
    colleague = house.insiders.staff.get(inbound.sender.email)
    forwarded = inbound.forwarded
    if colleague and forwarded and forwarded.sender and forwarded.sender.email:
        return Taken(_on_behalf(incoming, inbound, forwarded, colleague, doubt, at))
    return Taken(_receive(incoming, placed, house.known, at), placed.unknown)


def _receive(incoming: Incoming, placed: Placed, known: Known, at: datetime) -> Message:
    now = now_recording()
    incoming.customer = known.customers.get(normalised("email", incoming.address))
    incoming.is_of_unknown = incoming.customer is None
    if placed.conversation is not None:
        now.hold(placed.conversation)  # it was locked when it became known
    message = conversations.receive(incoming, by=BY, at=at)
    if now.by == BY:
        now.by = Actor("customer", message.customer_id or 0, door="email")
    for one in placed.unknown:
        write_later(_await, Awaited(mail_id=one, message=message))
    return message


def _await(some: list[Awaited]) -> None:
    Awaited.objects.bulk_create(some)


def _incoming(arrival: Arrival, inbound: Inbound, placed: Placed, doubt: Doubts) -> Incoming:
    return Incoming(
        channel="email",
        address=inbound.sender.email,
        name=inbound.sender.name,
        subject=inbound.subject,
        text=inbound.text,
        reply=inbound.reply,
        html=inbound.html,
        external_id=inbound.message_id,
        to=[person.email for person in inbound.to[:100]],
        cc=[person.email for person in inbound.cc[:100]],
        files=[_keep(file) for file in inbound.attachments],
        conversation=placed.conversation,
        maybe_part_of=placed.maybe_part_of,
        sent_at=_moment(arrival, inbound),
        is_automatic=inbound.is_auto_reply or inbound.is_bounce or inbound.is_feedback,
        is_only_thanks=inbound.is_only_thanks,
        warning=doubt.warning,
    )


def _moment(arrival: Arrival, inbound: Inbound) -> datetime:
    """When it was said: an imported mail by its own date, never in the future; any other when it reached us."""
    if arrival.door == "import" and inbound.date is not None:
        return min(inbound.date, arrival.arrived_at)
    return arrival.arrived_at


def _keep(file: Attachment) -> File:
    return File(
        name=file.name,
        content_type=file.content_type,
        size=len(file.content),
        content_hash=files().put(file.content),
        content_id=file.content_id,
        is_inline=file.inline,
    )


def _on_behalf(
    incoming: Incoming, inbound: Inbound, forwarded: Forwarded, colleague: Staff, doubt: Doubts, at: datetime
) -> Message:
    """What a colleague sends on is the customer's word; what the colleague wrote above it is a note."""
    assert forwarded.sender is not None
    incoming.address, incoming.name = forwarded.sender.email, forwarded.sender.name
    incoming.subject, incoming.text, incoming.reply = forwarded.subject or inbound.subject, forwarded.body, ""
    incoming.html, incoming.conversation, incoming.cc = "", None, []
    message = conversations.receive(incoming, by=BY, at=at)
    if above := inbound.reply.strip():
        is_proven = doubt.proof == Proof.RIGHT
        by = Actor("agent", colleague.pk, door="email") if is_proven else BY
        doubtful = "" if is_proven else ", or somebody in that name (nothing proves who)"
        conversations.note(message.conversation, f"{colleague} sent this on{doubtful}: {above}", by=by, at=at)
    return message


def _open_front_desk(at: datetime) -> Department:
    """Mail has somewhere to go from the first minute, before anybody has set anything up."""
    try:
        return people.open_department("Front desk", by=BY, at=at)
    except (IntegrityError, Refused):
        desk = front_desk()  # another intake was quicker
        if desk is None:
            raise
        return desk
