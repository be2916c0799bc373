"""Why a mail did not arrive, as a status code of RFC 3463: 4 = may work later, 5 = will not."""

import re

from pitcrew.channels.email.parse.phrases import any_of

ENHANCED = re.compile(r"(?<![\d.\w])#?([45])\.([0-7])\.(\d{1,3})(?![\d]|\.\d)")
# An SMTP reply starts what a server said: after a colon, a bracket, an arrow, or a line break.
REPLY = re.compile(
    r"(?:^|[:;>(\[\"']|said|code|error|with|reason|smtp|err|status|returned|<<<)"
    r"[ \t]{0,8}#?([45])[0-5]\d(?=[\s:;,.\-)\]#]|$)",
    re.I | re.M,
)
REPLIED = re.compile(r"(?<!\d)[45]\d\d[ -]['\"]?([45])\.([0-7])\.(\d{1,3})(?![\d]|\.\d)")
# What the words mean, the surest first: subject and detail of RFC 3463.
FULL = any_of(
    r"quota|mail(?:box|folder) (?:is )?(?:too )?full|over ?disk",
    r"(?:mailbox|account|storage).{0,30}(?:full|exceed)",
)
TOO_LARGE = any_of(
    r"too (?:large|big)|message (?:is )?too long|size (?:limit|exceed)",
    r"exceeds.{0,30}(?:size|limit)|(?:message|file) size",
)
NOBODY = any_of(
    r"(?:user|recipient|address|account|mailbox|alias).{0,40}"
    r"(?:unknown|not (?:found|exist|known|recogni[sz]ed|listed)|does ?n['o]t|invalid|no longer)",
    r"(?:unknown|no such|invalid|non-?exist\w*|unrouteable|bad) (?:[a-z]+ )?"
    r"(?:user|recipient|address|account|mailbox|alias|local)",
    r"no mailbox|not our customer|not a (?:known|valid) (?:user|address)|doesn't have an?|not listed in",
)
DISABLED = any_of(r"disabled|discontinued|suspended|inactive|deactivated|frozen|expired account")
NO_HOST = any_of(
    r"(?:host|domain|name).{0,40}(?:not found|unknown|no mx|does ?n[o']t exist)|nxdomain|no mx",
    r"couldn't find any host|unknown host|name service error|bad destination",
)
LOOP = any_of(r"too many hops|routing loop|mail loop|loops back")
REFUSED = any_of(
    r"relay(?:ing)? (?:not|denied|access)|not (?:permitted|allowed) to relay|unable to relay|no relaying",
    r"\bspam\b|black ?list|block ?list|blocked|dnsbl|policy|dmarc|\bspf\b|infected|reputation",
    r"access denied|reverse dns",
)
EXPIRED = any_of(
    r"timed? ?out|connection (?:refused|reset)|(?:not|unable to) connect|establish an smtp connection",
    r"too long|retry time|expired|giving up|could not deliver for",
)
MEANING = [
    (FULL, "2.2"),
    (TOO_LARGE, "3.4"),
    (NOBODY, "1.1"),
    (DISABLED, "2.1"),
    (NO_HOST, "1.2"),
    (LOOP, "4.6"),
    (REFUSED, "7.1"),
    (EXPIRED, "4.7"),
]
VAGUE = ("0.0", "4.7")
MAX_CHARS = 4000


def explicit(said: str, *, family: str = "45") -> str:
    """The first status code the words name that says more than `failed`, else the first, else empty.

    A code in an SMTP reply (550 5.1.1 ...) comes before one that a gateway puts beside it.
    "4.4.7, expired" only says that the server gave up; a second code beside it says why.
    """
    replied = [f"{a}.{b}.{int(c)}" for a, b, c in REPLIED.findall(said[:MAX_CHARS]) if a in family]
    found = replied + [f"{a}.{b}.{int(c)}" for a, b, c in ENHANCED.findall(said[:MAX_CHARS]) if a in family]
    telling = [code for code in found if code[2:] not in VAGUE]
    return (telling or found or [""])[0]


def refined(status: str, diagnostic: str, words: str) -> str:
    """A vague code of a report, made telling by what the server said beside it."""
    if status and status[2:] not in VAGUE:
        return status
    family = status[:1] if status[2:] == "0.0" else "45"
    for said in (diagnostic, words):
        code = explicit(said, family=family)
        if code and (code[2:] not in VAGUE or code == status == family + ".0.0"):
            return code
    return status


def status_of(said: str, *, whole: str, delayed: bool = False) -> str:
    """The status of one recipient: a code it names, else from the SMTP reply, else from the words.

    Args: what the server said of this recipient; all it said; whether it has not given up yet.
    """
    named = explicit(said) or explicit(whole)
    if named:
        return "4" + named[1:] if delayed and named[0] == "5" else named
    reply = REPLY.search(said[:MAX_CHARS]) or REPLY.search(whole[:MAX_CHARS])
    family = "4" if delayed else reply.group(1) if reply else "5"
    return f"{family}.{_detail(said) or _detail(whole) or '0.0'}"


def _detail(said: str) -> str:
    text = " ".join(said[:MAX_CHARS].split())
    return next((detail for pattern, detail in MEANING if pattern.search(text)), "")
