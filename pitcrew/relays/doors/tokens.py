"""The words of links and of answer addresses: our signature under what they open. Nothing of them is stored.

A signature has 130 bits (26 signs of base 32, of an HMAC with SHA-256), so nobody guesses one. It is written in small
letters and digits, because mail programs change capitals in addresses.
"""

import base64
import hmac
import re

from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

SIGNS = 26
LINK = re.compile(rf"([0-9a-z]{{1,11}})-([a-z2-7]{{{SIGNS}}})")
PAGE = re.compile(rf"([0-9a-z]{{1,11}})-([0-9a-z]{{1,4}})-([a-z2-7]{{{SIGNS}}})")
ANSWER_TO = re.compile(rf"\bpart\+([0-9a-z]{{1,11}})\.([a-z2-7]{{{SIGNS}}})@", re.I)


def link(door: int) -> str:
    """The word that opens this door (its id)."""
    return f"{int_to_base36(door)}-{_signature('door', door)}"


def door_of(word: str) -> int | None:
    """The door (its id) that a word opens, if we signed it."""
    found = LINK.fullmatch(word)
    if not found:
        return None
    door = _number(found[1])
    return door if _is_ours(found[2], "door", door) else None


def page_link(conversation: int, number: int, customer: int) -> str:
    """The word that opens a customer's progress page. It is signed for the customer: another one's it never becomes."""
    return f"{int_to_base36(conversation)}-{int_to_base36(number)}-{_signature('page', conversation, number, customer)}"


def page_named(word: str) -> tuple[int, int] | None:
    """The conversation and the number that a word speaks of; whether it is signed, `is_page_link` says."""
    found = PAGE.fullmatch(word)
    return (_number(found[1]), _number(found[2])) if found else None


def is_page_link(word: str, conversation: int, number: int, customer: int) -> bool:
    """Whether this word is our link to this page of this customer."""
    return hmac.compare_digest(word.encode(), page_link(conversation, number, customer).encode())


def answer_address(door: int, address: str, domain: str) -> str:
    """Where one party answers about one leg: signed for the door and for their address, so it is theirs alone."""
    return f"part+{int_to_base36(door)}.{_signature('answer', door, address.strip().lower())}@{domain}"


def answered_door(recipient: str, sender: str) -> tuple[int, bool] | None:
    """The door (its id) that an answer address speaks of, and whether it was made for this sender."""
    found = ANSWER_TO.search(recipient[:400].lower())
    if not found:
        return None
    door = _number(found[1])
    return door, _is_ours(found[2], "answer", door, sender.strip().lower())


def _number(word: str) -> int:
    """A number of ours; what is larger than any row's id is none."""
    number = base36_to_int(word)
    return number if number < 2**63 else 0


def _signature(*signed: object) -> str:
    mac = salted_hmac("pitcrew.doors", ":".join(map(str, signed)), algorithm="sha256")
    return base64.b32encode(mac.digest())[:SIGNS].decode().lower()


def _is_ours(given: str, *signed: object) -> bool:
    return hmac.compare_digest(_signature(*signed).encode(), given.encode())
