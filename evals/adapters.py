"""Pitcrew's own functions in the shapes scorers ask for."""

from importlib import import_module

from pitcrew.channels.email.parse import Inbound, parse
from pitcrew.kit.mail_html import sanitize

__all__ = ["mail", "sanitize"]


def mail(raw: bytes) -> dict:
    """One mail, read, as a dictionary of plain values."""
    inbound = parse(raw)
    return {**_envelope(inbound), **_words(inbound), **_kind(inbound)}


def _envelope(inbound: Inbound) -> dict:
    return {
        "from_addr": inbound.sender.email,
        "from_name": inbound.sender.name,
        "subject": inbound.subject,
        "message_id": inbound.message_id,
        "to": [person.email for person in inbound.to],
        "cc": [person.email for person in inbound.cc],
        "reply_to": [person.email for person in inbound.reply_to],
        "in_reply_to": inbound.in_reply_to,
        "references": inbound.references,
    }


def _words(inbound: Inbound) -> dict:
    words = {
        "text": inbound.text,
        "html": inbound.html,
        "reply_text": inbound.reply,
        "attachments": [
            {"name": file.name, "size": len(file.content), "content_type": file.content_type}
            for file in inbound.attachments
        ],
    }
    first = inbound.forwarded
    words["forwarded_from"] = first.sender.email if first and first.sender else ""
    words["forwarded_subject"] = first.subject if first else ""
    words["forwarded_body"] = first.body if first else ""
    return words


def _kind(inbound: Inbound) -> dict:
    return {
        "is_bounce": inbound.is_bounce,
        "is_auto_reply": inbound.is_auto_reply,
        "is_bulk": inbound.is_bulk,
        "is_feedback": inbound.is_feedback,
        "bounces": [{"address": one.address, "status": one.status} for one in inbound.bounces],
    }


def __getattr__(name: str) -> object:
    """Threads needs a database; whoever asks only for the other doors does not pay for it."""
    if name == "Threads":
        return import_module("evals.threads").Threads
    raise AttributeError(name)
