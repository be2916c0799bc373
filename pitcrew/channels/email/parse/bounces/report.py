"""The delivery report of RFC 3464: a group of fields per recipient, also where a server breaks the rules."""

import re

from pitcrew.channels.email.parse.bounces.leaves import Leaves
from pitcrew.channels.email.parse.bounces.status import ENHANCED, explicit, refined
from pitcrew.channels.email.parse.inbound import Bounce

FIELD = re.compile(
    r"[ \t>*]{0,8}(original-recipient|final-recipient|x-actual-recipient|action|status|diagnostic-code"
    r"|last-attempt-date|remote-mta)[ \t]{0,8}:[ \t]*(.*)",
    re.I,
)
RECIPIENTS = ("original-recipient", "final-recipient", "x-actual-recipient")
DELIVERED = ("delivered", "relayed", "expanded", "deliverable")
# The other server's refusal outranks the milder code our side's server translates it to.
REMOTE = re.compile(r"5\d\d[ -]5\.\d\.\d{1,3}(?!\d)")
MAX_LINES = 5000

Group = dict[str, str]


def recipient_groups(mail: Leaves, words: str) -> list[Group]:
    """The recipients a report names, each with the fields said of it.

    Reads the delivery-status parts; where there is none, or it is empty, fields standing in plain text.
    """
    for said in ("\n\n".join(mail.reports), words):
        groups = [group for group in _groups(said) if any(name in group for name in RECIPIENTS)]
        if groups:
            return groups
    return []


def failures(groups: list[Group], words: str) -> list[Bounce]:
    """The recipients whose mail failed or is delayed, in the order of the report, each once."""
    found: dict[str, Bounce] = {}
    for group in groups:
        if _delivered(group):
            continue
        diagnostic = " ".join(_after_type(group.get("diagnostic-code", "")).split())[:500]
        address = _address(group)
        found.setdefault(address, Bounce(address, _status(group, diagnostic, words), diagnostic))
    if len(found) > 1:
        found.pop("", None)
    return list(found.values())


def all_delivered(groups: list[Group]) -> bool:
    """A report of success: every recipient was reached or passed on."""
    return bool(groups) and all(_delivered(group) for group in groups)


def all_delayed(groups: list[Group]) -> bool:
    """A warning only: the server has given up on nobody."""
    actions = [group.get("action", "").strip().lower() for group in groups if not _delivered(group)]
    return bool(actions) and all(action.startswith("delayed") for action in actions)


def _groups(said: str) -> list[Group]:
    groups: list[Group] = [{}]
    last = ""
    for line in said.split("\n", MAX_LINES)[:MAX_LINES]:
        line = line[:1000]
        if not line.strip():
            last = ""
            if any(name in groups[-1] for name in RECIPIENTS) and "action" in groups[-1]:
                groups.append({})
            continue
        matched = FIELD.match(line)
        if matched:
            last = matched.group(1).lower()
            if last in groups[-1]:
                groups.append({})
            groups[-1][last] = matched.group(2)
        elif last and line[0] in " \t" and len(groups[-1][last]) < 4000:
            groups[-1][last] += "\n" + line
        else:
            last = ""
    return groups


def _delivered(group: Group) -> bool:
    action = group.get("action", "").strip().lower()
    return action.startswith(DELIVERED) and ENHANCED.match(group.get("status", "").strip()) is None


def _status(group: Group, diagnostic: str, words: str) -> str:
    named = explicit(group.get("status", ""))
    if named:
        replied = REMOTE.match(diagnostic)
        if replied and named[0] == "4":
            return explicit(replied.group())
        return refined(named, diagnostic, words)
    family = "4" if group.get("action", "").strip().lower().startswith("delayed") else "5"
    return explicit(diagnostic) or explicit(words) or f"{family}.0.0"


def _address(group: Group) -> str:
    """The address we wrote to if the report tells it, else the one the mail had become on its way."""
    for name in RECIPIENTS:
        value = " ".join(_after_type(group.get(name, "")).split()).strip("<> \"'").lower()
        local, _, domain = value.rpartition("@")
        # A program or a file that a mail was to be handed to is no address, though it may hold one.
        if local and domain and local[0] not in "|/" and (" " not in local or local[0] == '"'):
            return value[:320]
    return ""


def _after_type(value: str) -> str:
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and "@" not in kind and len(kind) < 40 else value.strip()
