"""The ids and addresses that we give to answers, and how they are recognised when they come back."""

import base64
import hmac
import re
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from pitcrew.conversations.models import Conversation, Direction, Message

OWN_ID = re.compile(r"[0-9a-f]{20}")
BOUNCE_TO = re.compile(r"bounce\+([0-9a-f]{20})@", re.I)
REPLY_TO = re.compile(r"\+([0-9a-z]{1,11})-([a-z2-7]{20})@", re.I)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def message_id(message: Message, domain: str) -> str:
    """The Message-ID of a message, with its angle brackets: the one it came with, or the one it leaves with."""
    is_ours = message.direction == Direction.OUT
    return f"<{message.external_id}@{domain}>" if is_ours else f"<{message.external_id}>"


def own_id(mail_id: str) -> str:
    """The part of a Message-ID that we made, if we did."""
    local = mail_id.partition("@")[0].lower()
    return local if OWN_ID.fullmatch(local) else ""


def return_path(message: Message, domain: str) -> str:
    """The envelope sender of an outgoing message, so that a bounce names what it is about (VERP)."""
    return f"bounce+{message.external_id}@{domain}"


def reply_address(conversation: Conversation, participant: str, domain: str, local: str = "reply") -> str:
    """Where this participant answers to: signed for the conversation and for their address, so it is theirs alone."""
    return f"{local}+{_base36(conversation.pk)}-{_signature(conversation.pk, participant)}@{domain}"


def is_signed_for(conversation: int, signature: str, addresses: Iterable[str]) -> bool:
    """Whether a signature was made for this conversation and one of these addresses."""
    given = signature.lower().encode()
    return any(hmac.compare_digest(_signature(conversation, one).encode(), given) for one in addresses)


def _signature(conversation: int, address: str) -> str:
    mac = salted_hmac("pitcrew.reply-address", f"{conversation}:{address.strip().lower()}", algorithm="sha256")
    return base64.b32encode(mac.digest())[:20].decode().lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits or "0"
