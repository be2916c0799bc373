"""What the headers of a mail say: subject, ids, people, date."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .addresses import addresses
from .encoded_words import decoded
from .inbound import Address
from .limits import MAX_ADDRESSES, MAX_ID, MAX_REFERENCES, MAX_SUBJECT
from .part import Part

SPACES = re.compile(r"[ \t\r\n]+")
CONTROL = {sign: None for sign in (*range(32), 127) if sign not in (9, 10, 13)}
IN_NAME = re.compile(r"[^\s<>()\"',;:@]{1,100}@[^\s<>()\"',;:@]{1,200}\.[^\s<>()\"',;:@]{2,60}")
IN_ANGLES = re.compile(r"<([^<>]*)>")


def subject(part: Part) -> str:
    """The subject in one line, encoded words read."""
    return in_one_line(part.get("subject", ""))[:MAX_SUBJECT]


def in_one_line(value: str) -> str:
    """Header text decoded, without control signs and with single spaces."""
    return SPACES.sub(" ", decoded(value).translate(CONTROL)).strip()


def ids(values: list[str]) -> list[str]:
    """The Message-IDs in these headers, in order, without angle brackets."""
    every: list[str] = []
    for value in values:
        if "=?" in value[:MAX_ID]:
            value = decoded(value)
        named = IN_ANGLES.findall(value) if "<" in value else []
        for one in named or [word.strip("<>,;") for word in value.split() if "@" in word]:
            one = "".join(one.split())
            if one:
                every.append(one[:MAX_ID])
    return every if len(every) <= MAX_REFERENCES else every[:1] + every[1 - MAX_REFERENCES :]


def message_id(part: Part) -> str:
    """The id the sender gave this mail; empty if none."""
    value = part.get("message-id", "") or part.get("message-id ", "")
    found = ids([value])
    return found[0] if found else "".join(value.split()).strip("<>")[:MAX_ID]


def people(part: Part, name: str, oddities: list[str] | None = None) -> list[Address]:
    """Everybody the headers of this name list."""
    everybody: list[Address] = []
    for value in part.values_of(name)[:20]:
        everybody.extend(addresses(value))
    if len(everybody) >= MAX_ADDRESSES:
        everybody = everybody[:MAX_ADDRESSES]
        if oddities is not None:
            oddities.append(f"more than {MAX_ADDRESSES:,} addresses in {name.title()}; only the first are kept")
    return everybody


def sender(part: Part, oddities: list[str] | None = None) -> Address:
    """Who wrote the mail: From, else Sender, else the envelope's Return-Path.

    What may be meant to make the mail look like another person's goes to `oddities` as sentences.
    """
    for name in ("from", "sender", "return-path"):
        named = people(part, name)
        reachable = [person for person in named if "@" in person.email]
        if named:
            chosen = (reachable or named)[0]
            if oddities is not None and name == "from":
                oddities.extend(_doubts(part, named, chosen))
            return chosen
    return Address()


def _doubts(part: Part, named: list[Address], chosen: Address) -> list[str]:
    doubts = []
    if len(part.values_of("from")) > 1:
        doubts.append(f"the mail has {len(part.values_of('from'))} From headers; the first is shown")
    elif len(named) > 1:
        doubts.append(f"the mail names {len(named)} senders; one is shown")
    claimed = IN_NAME.search(chosen.name)
    if claimed and claimed[0].lower() not in (chosen.email, chosen.email.rpartition("@")[0]):
        doubts.append(f"the sender's name looks like an address, {claimed[0]}, but the mail is from {chosen.email}")
    return doubts


def date(part: Part) -> datetime | None:
    """When the sender says it was written, with a time zone; None if that cannot be read."""
    value = part.get("date", "")
    if not value or len(value) > 200:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
