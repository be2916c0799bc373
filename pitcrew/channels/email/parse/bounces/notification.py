"""Failures that a sending service reports as JSON by mail (Amazon SES feedback notifications through SNS)."""

import re

from pitcrew.channels.email.parse.bounces.status import ENHANCED
from pitcrew.channels.email.parse.inbound import Bounce

BOUNCED = re.compile(r'"bouncedRecipients"\s{0,4}:\s{0,4}\[(.{0,20000}?)\]', re.S)
ADDRESS = re.compile(r'"emailAddress"\s{0,4}:\s{0,4}"([^"]{3,320})"')
STATUS = re.compile(r'"status"\s{0,4}:\s{0,4}"([^"]{5,11})"')
DIAGNOSTIC = re.compile(r'"diagnosticCode"\s{0,4}:\s{0,4}"([^"]{1,500})')
TEMPORARY = re.compile(r'"bounceType"\s{0,4}:\s{0,4}"Transient"')


def failures(text: str) -> list[Bounce] | None:
    """The recipients such a notification names, or None when the text is none.

    Source: Amazon SES developer guide, "Amazon SNS notification contents". The mail wraps the JSON, so it
    is searched, not parsed.
    """
    if not text[:200].lstrip().startswith("{") or '"Bounce"' not in text[:2000]:
        return None
    listed = BOUNCED.search(text[:100_000])
    if listed is None:
        return None
    family = "4" if TEMPORARY.search(text[:100_000]) else "5"
    return [_bounce(block, family) for block in listed.group(1).split("}")[:200] if "emailAddress" in block]


def _bounce(block: str, family: str) -> Bounce:
    address, status, diagnostic = (_first(pattern, block) for pattern in (ADDRESS, STATUS, DIAGNOSTIC))
    known = ENHANCED.fullmatch(status)
    return Bounce(address.lower(), status if known else f"{family}.0.0", diagnostic)


def _first(pattern: re.Pattern[str], block: str) -> str:
    found = pattern.search(block)
    return found.group(1) if found else ""
