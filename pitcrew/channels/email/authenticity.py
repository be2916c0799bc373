"""Whether a mail comes from whom it says: what the envelope, the headers and our own mail server tell.

Nothing here refuses a mail. What is doubtful joins no conversation, and says on the message why.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from django.conf import settings

from pitcrew.channels.email.parse.inbound import Inbound
from pitcrew.people.models import Staff

RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.I)
COMMENT = re.compile(r"\([^()]{0,500}\)")
DOMAIN = re.compile(r"(?:header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;@\"]*@)?([\w.-]+)", re.I)
TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ADDRESS = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}\.)+\w{2,63}")


class Proof(Enum):
    """What our own mail server says about the sender (RFC 8601)."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass
class Doubts:
    """What speaks against a mail being from whom it says; `joins`: it may join a conversation all the same.

    `is_borrowed`: another address sent it, so it joins by what nobody can guess or not at all.
    """

    proof: Proof = Proof.NONE
    joins: bool = True
    is_borrowed: bool = False
    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str, *, joins: bool = True) -> None:
        self.sentences.append(sentence)
        self.joins = self.joins and joins

    @property
    def warning(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Insiders:
    """Who is of the house: addresses and names that outsiders like to borrow."""

    staff: dict[str, Staff]
    names: dict[str, str]
    mailboxes: frozenset[str]

    @classmethod
    def now(cls, mailboxes: dict[str, str]) -> "Insiders":
        """Everybody who works here, and these mailboxes: their names by their addresses."""
        staff = {person.email.lower(): person for person in Staff.objects.filter(deactivated_at=None)}
        names = {skeleton(person.name): person.name for person in staff.values()}
        names |= {skeleton(name): name for name in mailboxes.values()}
        names.pop("", None)
        return cls(staff, names, frozenset(mailboxes))


def doubts(inbound: Inbound, envelope_from: str, several_senders: bool, insiders: Insiders) -> Doubts:
    """Look at a mail as a careful colleague would."""
    address = inbound.sender.email
    found = Doubts(proof=proof(inbound))
    if several_senders:
        found.add(f"The mail names more than one sender; it may not be from {address}.", joins=False)
        found.proof = Proof.WRONG if found.proof == Proof.WRONG else Proof.NONE
    if found.proof == Proof.WRONG:
        found.add(f"Our mail server says that this mail does not come from {_domain(address)}.", joins=False)
    elif found.proof == Proof.NONE:
        _unproven(found, inbound, envelope_from, insiders)
    _borrowed_name(found, inbound, insiders)
    return found


def proof(inbound: Inbound) -> Proof:
    """The verdict of our own mail server: the topmost Authentication-Results that bears its name."""
    ours = settings.MAIL_AUTHSERV_ID.lower()
    for header in inbound.authentication if ours else []:
        name, _, results = header.partition(";")
        if name.split()[:1] == [ours] or name.strip().lower() == ours:
            return _verdict(results, _domain(inbound.sender.email))
    return Proof.NONE


def _verdict(results: str, domain: str) -> Proof:
    found: dict[str, list[tuple[str, str]]] = {}
    for clause in COMMENT.sub(" ", results[:8000]).split(";"):
        result = RESULT.search(clause)
        if result:
            said = DOMAIN.search(clause[result.end() :])
            found.setdefault(result[1].lower(), []).append((result[2].lower(), said[1].lower() if said else ""))
    for verdict, _ in found.get("dmarc", []):
        if verdict in ("pass", "fail"):
            return Proof.RIGHT if verdict == "pass" else Proof.WRONG
    for method in ("dkim", "spf"):
        if any(verdict == "pass" and _aligned(said, domain) for verdict, said in found.get(method, [])):
            return Proof.RIGHT
    failed = any(verdict == "fail" for method in ("dkim", "spf") for verdict, _ in found.get(method, []))
    return Proof.WRONG if failed else Proof.NONE


def _aligned(said: str, domain: str) -> bool:
    return bool(said) and (said == domain or domain.endswith("." + said) or said.endswith("." + domain))


def _unproven(found: Doubts, inbound: Inbound, envelope_from: str, insiders: Insiders) -> None:
    address = inbound.sender.email
    if address in insiders.staff:
        found.add(f"It says it is from {insiders.staff[address]}, a colleague; nothing proves it.", joins=False)
    elif address in insiders.mailboxes:
        found.add(f"It says it is from {address}, which is ourselves; nothing proves it.", joins=False)
    sent_by = envelope_from.strip("<> ").lower()
    if inbound.is_bounce or inbound.is_auto_reply:
        return
    found.is_borrowed = envelope_from == "<>" or bool(sent_by and sent_by != address)
    if sent_by and sent_by != address:
        found.add(f"It was sent by {sent_by} in the name of {address}; nothing proves that this is right.")
    elif envelope_from == "<>":
        found.add(f"It was sent by nobody in the name of {address}; nothing proves that this is right.")


def _borrowed_name(found: Doubts, inbound: Inbound, insiders: Insiders) -> None:
    name, address = inbound.sender.name, inbound.sender.email
    shown = ADDRESS.search(name[:400])
    if shown and shown[0].lower() != address:
        found.add(f"The sender calls itself {shown[0][:100]} but writes from {address}.")
    if TURNING.search(name):
        found.add("The sender's name holds signs that turn writing around; it is not what it looks like.")
    colleague = insiders.names.get(skeleton(name))
    if colleague and address not in insiders.staff and address not in insiders.mailboxes:
        found.add(f"The sender has the name of {colleague}, who is one of us, but writes from {address}.")


_CYRILLIC = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d"
_GREEK = "\u03bd\u03bf\u03c1\u03b1\u03b5\u03c4\u03b9\u03ba\u03c5\u03c9"
CAPITALS = str.maketrans(
    "\u0412\u041d\u041a\u041c\u0422\u0410\u0395\u0396\u0397\u0392\u0399\u039c\u039d\u03a4\u03a5\u03a7\u03a1",
    "BHKMTAEZHBIMNTYXP",
)
LOOKALIKES = str.maketrans(_CYRILLIC + _GREEK + "0135", "aeopcyxijsdhqw" + "vopaetikuw" + "oies")


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """A name the way the eye takes it: two names that look the same are the same (after Unicode TR 39)."""
    folded = unicodedata.normalize("NFKD", name[:400]).translate(CAPITALS).casefold()
    kept = "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
    return kept.translate(LOOKALIKES).replace("rn", "m").replace("l", "i")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
