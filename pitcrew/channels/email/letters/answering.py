"""A letter of ours comes back: as an answer that acts, or undelivered.

An answer acts for the one it was written to, and for nobody else: its address is signed for theirs, or it names the
letter by an id that only who got it can know. What nobody can act on is kept as a note, and the sender is told so. A
machine's answer never acts, and the same mail acts once.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from pitcrew.channels.email.arriving import id_hash
from pitcrew.channels.email.authenticity import Proof, proof
from pitcrew.channels.email.knowing import named_ids
from pitcrew.channels.email.letters import actions
from pitcrew.channels.email.letters.models import FOR_CUSTOMERS, Kind, Letter
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.parse.inbound import Inbound
from pitcrew.channels.email.reading import Read
from pitcrew.channels.email.tokens import BOUNCE_TO, own_id
from pitcrew.history.actors import Actor
from pitcrew.history.writing import attempt, now_recording
from pitcrew.people.refusals import Refused
from pitcrew.relays.doors import actions as doors
from pitcrew.relays.doors.answers import Said, understood, with_fields
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import Shut, open_now
from pitcrew.relays.doors.tokens import answered_door
from pitcrew.relays.outcomes import asks_of

BY = Actor("pitcrew", "letters", door="email")
FOREIGN = "It was sent to an answer address of ours that was made for somebody else, so nothing was done."
MOST_UNCLEAR = 5  # within a day we say so often to one party that we did not understand
UNCLEAR = "We could not tell what you want. Begin your answer with Take, Question, No or Done."
KEPT = "Your words are not lost: they are kept as a note where whoever asked you sees them."
KEPT_AS_MAIL = "Your mail is kept as it came."


@dataclass(frozen=True)
class Answered:
    """The letter that a mail is about, if it is; or what is suspicious about a mail that only seems to be."""

    letter: Letter | None = None
    warning: str = ""


def letter_of(inbound: Inbound, recipients: list[str], messages: Container[str]) -> Answered:
    """The letter that this mail answers, or brings back. `messages` are the ids that are known to be no letter's.

    Asks the database nothing about most mails.
    """
    if inbound.is_bounce:
        return Answered(_returned(inbound, recipients))
    named = [door for door in (answered_door(one, inbound.sender.email) for one in recipients) if door]
    for door, is_theirs in named:
        letter = Letter.objects.filter(door_id=door).order_by("-id").first() if is_theirs else None
        if letter is not None:
            return Answered(letter)
    ids = [own_id(one) for one in named_ids(inbound) if one not in messages and own_id(one)]
    if ids:
        letters = Letter.objects.filter(external_id__in=ids, door_id__isnull=False).exclude(tells__in=FOR_CUSTOMERS)
        letter = letters.order_by("-id").first()
        if letter is not None and letter.address.lower() == inbound.sender.email.lower():
            return Answered(letter)
        if letter is not None:
            return Answered(warning=FOREIGN)
    return Answered(warning=FOREIGN if named else "")


def _returned(inbound: Inbound, recipients: list[str]) -> Letter | None:
    ids = [own_id(one) for one in (*inbound.bounced_ids, *named_ids(inbound))]
    ids += [found[1].lower() for found in map(BOUNCE_TO.search, recipients) if found]
    ids = [one for one in ids if one]
    return Letter.objects.filter(external_id__in=ids).order_by("-id").first() if ids else None


def take(answered: Answered, arrival: Arrival, read: Read, *, at: datetime) -> bool:
    """Do what a mail about a letter says. False when it is to be an ordinary message after all."""
    letter, inbound = answered.letter, read.inbound
    assert letter is not None
    if inbound.is_bounce:
        told = "; ".join(" ".join(f"{b.address}: {b.status} {b.diagnostic}".split()) for b in inbound.bounces[:5])
        actions.mark_undelivered(letter, told or inbound.subject or "the mail came back", by=BY, at=at)
        return True
    if read.names_several_senders or proof(inbound) == Proof.WRONG or letter.door_id is None:
        return False
    if inbound.is_auto_reply or inbound.is_feedback or _was_here(arrival):
        return True
    _act(letter, inbound, at)
    return True


def _was_here(arrival: Arrival) -> bool:
    """Whether a mail with this Message-ID has acted before: the same one may come by two ways."""
    if not arrival.mail_id:
        return False
    same = Arrival.objects.filter(id_hash=id_hash(arrival.mail_id), mail_id=arrival.mail_id, letter__isnull=False)
    return same.exclude(pk=arrival.pk).exists()


def _act(letter: Letter, inbound: Inbound, at: datetime) -> None:
    words = inbound.reply.strip() or inbound.text.strip()
    try:
        door = open_now(letter.door_id or 0, at)
    except Shut as shut:
        _tell(letter, inbound, f"{shut.sentence} Nothing was done.", at)
        return
    by = doors.party(door, "email")
    now_recording().by = by
    said = understood(words)
    if said.verb:
        if refused := _refused(door, with_fields(said, asks_of(door.leg)), by, at):
            _keep(letter, door, inbound, words, refused, at)
        return
    _keep(letter, door, inbound, words, UNCLEAR, at)


def _refused(door: Door, said: Said, by: Actor, at: datetime) -> str:
    """Do it; or say why it cannot be done now."""
    try:
        with attempt():
            doors.say(door, said, by=by, at=at)
    except Refused as refusal:
        return str(refusal)
    return ""


def _keep(letter: Letter, door: Door, inbound: Inbound, words: str, sentence: str, at: datetime) -> None:
    kept = KEPT if door.leg.conversation_id else KEPT_AS_MAIL
    if words:
        doors.keep_words(door, words, by=doors.party(door, "email"), at=at)
    _tell(letter, inbound, f"{sentence} {kept}", at)


def _tell(letter: Letter, inbound: Inbound, sentence: str, at: datetime) -> None:
    """Answer that nothing was done, and why; but not without end, since two machines may talk."""
    lately = Letter.objects.filter(door_id=letter.door_id, tells=Kind.UNCLEAR, about_at__gt=at - timedelta(days=1))
    if inbound.is_bulk or lately.count() >= MOST_UNCLEAR:
        return
    more = {"door_id": letter.door_id, "words": sentence, "answers": inbound.message_id[:500]}
    actions.write(Kind.UNCLEAR, letter.leg, letter.address, at, **more, by=BY, at=at)
