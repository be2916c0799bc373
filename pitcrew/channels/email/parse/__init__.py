"""An e-mail's bytes become plain values (`Inbound`): pure, capped, linear, no Django, no network, no clock."""

from . import headers
from .automatic import is_auto_reply, is_bulk
from .bodies import Bodies, in_words
from .bounces import bounces
from .feedback import is_feedback
from .forward import forwarded
from .inbound import Forwarded, Inbound
from .limits import MAX_READ_CLOSELY, Unreadable
from .message import read
from .part import Part
from .reply import is_only_thanks, reply_text

__all__ = ["Inbound", "Unreadable", "parse"]

AT_END = ("delivered-to", "x-original-to", "envelope-to")


def parse(raw: bytes) -> Inbound:
    """Read a mail: who, what, which files, and what kind of mail it is.

    Raises: Unreadable, with a sentence, if the mail breaks a limit of `limits.py`.
    """
    message, oddities = read(raw)
    inbound = Inbound(oddities=oddities)
    _headers(message, inbound)
    bodies = _words(message, inbound)
    _kind(message, inbound)
    _reading(inbound, bodies)
    return inbound


def _words(message: Part, inbound: Inbound) -> Bodies:
    bodies = Bodies(inbound.oddities)
    words = bodies.words(message) or bodies.words_of_files()
    if words:
        inbound.html = words.html or ""
        inbound.text = words.as_text()
    if not inbound.text.strip() and not inbound.html:
        inbound.text = in_words(bodies.calendars)
    inbound.text = inbound.text.replace("\r\n", "\n").replace("\r", "\n")
    inbound.attachments = bodies.attachments
    return bodies


def _kind(message: Part, inbound: Inbound) -> None:
    """What kind of mail it is; a bounce is no automatic reply."""
    finding = bounces(message, inbound.text, subject=inbound.subject)
    inbound.is_bounce = finding.is_bounce
    inbound.bounces = finding.bounces
    inbound.bounced_ids = finding.bounced_ids
    inbound.is_auto_reply = not finding.is_bounce and is_auto_reply(message, subject=inbound.subject, text=inbound.text)
    inbound.is_bulk = is_bulk(message)
    inbound.is_feedback = is_feedback(message)


def _reading(inbound: Inbound, bodies: Bodies) -> None:
    """What the sender newly wrote, and the mail they passed on, if they did."""
    inbound.reply = inbound.text
    if inbound.is_bounce:
        return
    if not inbound.text.strip() and len(bodies.messages) == 1:
        _sent_on(inbound, bodies.messages[0])
        return
    text, page = inbound.text[:MAX_READ_CLOSELY], inbound.html[:MAX_READ_CLOSELY]
    inbound.forwarded = forwarded(text, html=page, subject=inbound.subject)
    if len(inbound.text) <= MAX_READ_CLOSELY:
        inbound.reply = reply_text(text, html=page, subject=inbound.subject)
    inbound.quoted = "".join(inbound.reply.split()) != "".join(inbound.text.split())
    files = any(not file.inline for file in inbound.attachments)
    inbound.is_only_thanks = not files and not inbound.forwarded and is_only_thanks(inbound.reply)


def _sent_on(inbound: Inbound, message: Part) -> None:
    """A mail that holds nothing but another mail is a forward: the inner one is what there is to read."""
    inner = Bodies([]).words(message)
    said = (inner.as_text() if inner else "").replace("\r\n", "\n")
    inbound.forwarded = Forwarded(headers.sender(message), headers.subject(message), said)
    inbound.text = said


def _headers(message: Part, inbound: Inbound) -> None:
    inbound.message_id = headers.message_id(message)
    inbound.in_reply_to = headers.ids(message.values_of("in-reply-to"))
    inbound.references = headers.ids(message.values_of("references"))
    inbound.sender = headers.sender(message, inbound.oddities)
    inbound.reply_to = headers.people(message, "reply-to", inbound.oddities)
    inbound.to = headers.people(message, "to", inbound.oddities)
    inbound.cc = headers.people(message, "cc", inbound.oddities)
    inbound.subject = headers.subject(message)
    inbound.date = headers.date(message)
    inbound.authentication = message.values_of("authentication-results")[:20]
    inbound.delivered_to = [person.email for name in AT_END for person in headers.people(message, name) if person.email]
