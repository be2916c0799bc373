"""A letter as a mail: from whom, to whom, and where an answer or a bounce of it comes back to."""

import re
from datetime import datetime
from email.utils import format_datetime, formataddr

from django.core.mail import EmailMultiAlternatives

from pitcrew.channels.email.composing import NoMailbox, Outgoing
from pitcrew.channels.email.letters import wording
from pitcrew.channels.email.letters.models import Kind, Letter
from pitcrew.channels.email.letters.queries import is_for_customer, is_for_partner, mail_of_customer
from pitcrew.channels.email.models import Mailbox
from pitcrew.channels.email.threading import message_id, reply_address, subject_line
from pitcrew.conversations.models import Direction, Message
from pitcrew.relays.doors.queries import behind
from pitcrew.relays.doors.tokens import answer_address

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>@\"]")


def compose(letter: Letter, at: datetime) -> Outgoing:
    """The mail that carries this letter. Raises NoMailbox when there is none to send from, or nobody to send it to."""
    mailbox = _mailbox(letter)
    domain = mailbox.address.rpartition("@")[2]
    to = mail_of_customer(letter) if is_for_customer(letter) else letter.address
    if not to:
        raise NoMailbox("We know no mail address of the customer. Add one, or call them.")
    mail = EmailMultiAlternatives(
        subject=_subject(letter),
        body=wording.text(letter, at),
        from_email=_sender(letter, mailbox),
        to=[to],
        reply_to=[_reply_to(letter, mailbox, domain, to)],
        headers=_headers(letter, domain, at),
    )
    returns = mailbox.address if mailbox.fetch_host else f"bounce+{letter.external_id}@{domain}"
    return Outgoing(mailbox, returns, [to], mail)


def _mailbox(letter: Letter) -> Mailbox:
    """The mailbox of whoever handed it over, for customers that of their conversation; else any."""
    mailboxes = Mailbox.objects.select_related("department").order_by("id")
    is_outside = is_for_customer(letter) and letter.conversation is not None
    department = letter.conversation.department if is_outside and letter.conversation else behind(letter.leg)
    found = mailboxes.filter(department=department).first() or mailboxes.first()
    if found is None:
        raise NoMailbox("There is no mailbox to send from. Name one in Settings, Mailboxes.")
    return found


def _subject(letter: Letter) -> str:
    if is_for_customer(letter) and letter.conversation is not None:
        return subject_line(letter.conversation)
    return _one_line(("Re: " if letter.answers else "") + wording.subject(letter))


def _one_line(words: str) -> str:
    return " ".join(_NOT_IN_NAMES.sub(" ", words).split())[:200]


def _sender(letter: Letter, mailbox: Mailbox) -> str:
    """Who is outside reads the name of the mailbox alone, colleagues who asks."""
    if is_for_customer(letter) or is_for_partner(letter):
        return formataddr((_one_line(mailbox.name), mailbox.address))
    name = ", ".join(filter(None, (str(letter.leg.sender or ""), mailbox.name or str(mailbox.department))))
    return formataddr((_one_line(name), mailbox.address))


def _reply_to(letter: Letter, mailbox: Mailbox, domain: str, to: str) -> str:
    """Mail to our own listener can carry a signed address; a mailbox we fetch from may not take +details."""
    if mailbox.fetch_host:
        return mailbox.address
    if is_for_customer(letter) and letter.conversation is not None:
        return reply_address(letter.conversation, to, domain)
    return answer_address(letter.door.pk, to, domain) if letter.door else mailbox.address


def _headers(letter: Letter, domain: str, at: datetime) -> dict[str, str]:
    how = "auto-replied" if letter.tells == Kind.UNCLEAR else "auto-generated"  # RFC 3834 s. 5
    headers = {"Message-ID": f"<{letter.external_id}@{domain}>", "Date": format_datetime(at), "Auto-Submitted": how}
    if earlier := letter.answers or _before(letter, domain):
        headers |= {"In-Reply-To": f"<{earlier}>", "References": f"<{earlier}>"}
    return headers


def _before(letter: Letter, domain: str) -> str:
    """What a letter stands under in the reader's mail program: our first about it, or the customer's last mail."""
    if is_for_customer(letter):
        theirs = Message.objects.filter(conversation=letter.conversation, direction=Direction.IN, channel="email")
        last = theirs.exclude(external_id="").order_by("-at", "-id").first()
        return message_id(last, domain).strip("<>") if last else ""
    first = Letter.objects.filter(leg_id=letter.leg_id, address=letter.address).order_by("id").first()
    return f"{first.external_id}@{domain}" if first and first.pk != letter.pk else ""
