"""An answer of ours as a mail: headers that thread, plain text and HTML, the signature, the history below."""

import re
from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr
from html import escape

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from pitcrew.channels.email.models import Arrival, Mailbox
from pitcrew.channels.email.threading import message_id, reply_address, return_path, subject_line
from pitcrew.conversations.files import files
from pitcrew.conversations.models import Attachment, Direction, Message

LONGEST_QUOTE = 20_000  # characters of the message that is answered
MOST_REFERENCES = 12  # the first and the newest: more only makes the header too long (RFC 5322 s. 2.1.1)
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>@\"]")


class NoMailbox(Exception):
    """There is no mailbox to send from. The text is a sentence for the person who answered."""


@dataclass(frozen=True)
class Outgoing:
    """A mail ready to leave: by which mailbox, from and to whom, and the mail itself."""

    mailbox: Mailbox
    envelope_from: str
    envelope_to: list[str]
    mail: EmailMultiAlternatives


def compose(message: Message) -> Outgoing:
    """The mail that carries this answer.

    Raises NoMailbox when nothing is set up to send from.
    """
    mailbox = mailbox_for(message)
    domain = mailbox.address.rpartition("@")[2]
    answered = _answered(message)
    mail = EmailMultiAlternatives(
        subject=subject_line(message.conversation),
        body=_text(message, answered),
        from_email=_sender(message, mailbox),
        to=message.to,
        cc=message.cc,
        reply_to=[_reply_to(message, mailbox, domain)],
        headers=_threading(message, answered, domain),
    )
    pictures, others = _files(message)
    if message.html or pictures:
        mail.attach_alternative(_html(message, answered), "text/html")
    for attachment in pictures:
        mail.attach(_picture(attachment))
    for attachment in others:
        mail.attach(attachment.name, _bytes(attachment), attachment.content_type)
    if pictures:
        mail.mixed_subtype = "related"
    return Outgoing(mailbox, _bounces_to(message, mailbox, domain), [*message.to, *message.cc], mail)


def mailbox_for(message: Message) -> Mailbox:
    """The mailbox the customer wrote to; else one of the department; else any.

    Raises NoMailbox when there is none.
    """
    arrivals = Arrival.objects.filter(message__conversation=message.conversation_id).order_by("-id")
    address = arrivals.values_list("mailbox", flat=True).first()
    mailboxes = Mailbox.objects.select_related("department").order_by("id")
    found = (
        mailboxes.filter(address=address).first()
        or mailboxes.filter(department=message.conversation.department_id).first()
        or mailboxes.first()
    )
    if found is None:
        raise NoMailbox("There is no mailbox to send from. Name one in Settings, Mailboxes, then send this again.")
    return found


def _answered(message: Message) -> Message | None:
    """The customer's message that this one answers: the last before it."""
    before = Message.objects.filter(conversation=message.conversation_id, at__lte=message.at)
    return before.filter(direction=Direction.IN).order_by("-at", "-id").first()


def _sender(message: Message, mailbox: Mailbox) -> str:
    who = str(message.author) if message.author else ""
    name = ", ".join(filter(None, (who, mailbox.name or str(message.conversation.department))))
    return formataddr((_NOT_IN_NAMES.sub(" ", name), mailbox.address))


def _reply_to(message: Message, mailbox: Mailbox, domain: str) -> str:
    """Mail to our own listener can carry a signed address; a mailbox we fetch from may not take +details."""
    if mailbox.fetch_host or not message.to:
        return mailbox.address
    return reply_address(message.conversation, message.to[0], domain)


def _bounces_to(message: Message, mailbox: Mailbox, domain: str) -> str:
    return mailbox.address if mailbox.fetch_host else return_path(message, domain)


def _threading(message: Message, answered: Message | None, domain: str) -> dict[str, str]:
    headers = {"Message-ID": message_id(message, domain), "Date": format_datetime(message.at)}
    if message.is_automatic:
        headers["Auto-Submitted"] = "auto-replied"  # RFC 3834 s. 5
    if answered is not None and answered.external_id:
        headers["In-Reply-To"] = message_id(answered, domain)
    earlier = Message.objects.filter(conversation=message.conversation_id, at__lte=message.at).exclude(external_id="")
    earlier = earlier.exclude(pk=message.pk).only("external_id", "direction").order_by("at", "id")
    ids = [message_id(m, domain) for m in earlier]
    if ids:
        headers["References"] = " ".join(ids[:1] + ids[1:][-MOST_REFERENCES:])
    return headers


def _text(message: Message, answered: Message | None) -> str:
    parts = [message.text.rstrip()]
    if signature := message.conversation.department.signature.strip():
        parts.append(f"-- \n{signature}")
    if answered is not None:
        quoted = "\n".join(f"> {line}".rstrip() for line in _said(answered).splitlines())
        parts.append(f"{_attribution(answered)}\n{quoted}")
    return "\n\n".join(parts) + "\n"


def _html(message: Message, answered: Message | None) -> str:
    parts = [message.html or _lines(message.text)]
    if signature := message.conversation.department.signature.strip():
        parts.append(f'<div class="signature">-- <br>{_lines(signature)}</div>')
    if answered is not None:
        parts.append(
            f'<div class="gmail_quote">{escape(_attribution(answered))}'
            f'<blockquote type="cite">{_lines(_said(answered))}</blockquote></div>'
        )
    return f"<html><body>{'<br>'.join(parts)}</body></html>"


def _said(message: Message) -> str:
    return (message.reply or message.text)[:LONGEST_QUOTE].strip()


def _attribution(message: Message) -> str:
    moment = timezone.localtime(message.at)
    return f"On {moment:%Y-%m-%d} at {moment:%H:%M}, {message.name or message.address} wrote:"


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.splitlines())


def _files(message: Message) -> tuple[list[Attachment], list[Attachment]]:
    """Pictures shown in the text, and everything else."""
    every = list(message.attachments.order_by("id"))
    pictures = [a for a in every if a.is_inline and a.content_id and a.content_type.startswith("image/")]
    return pictures, [a for a in every if a not in pictures]


def _bytes(attachment: Attachment) -> bytes:
    with files().open(attachment.content_hash) as file:
        return file.read()


def _picture(attachment: Attachment) -> MIMEImage:
    picture = MIMEImage(_bytes(attachment), attachment.content_type.partition("/")[2])
    picture.add_header("Content-ID", f"<{attachment.content_id}>")
    picture.add_header("Content-Disposition", "inline", filename=attachment.name)
    return picture
