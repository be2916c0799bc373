"""Answer all: the letters that one text becomes, each with its language, its name, its facts, or why it cannot go.

The gaps are those of the canned replies, and {promised} (what we promised and by when), {workaround}, {fix} (what the
last evidence says), {problem} (its title).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from pitcrew.conversations.canned import GAPS
from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.people.models import Identity, Staff
from pitcrew.people.refusals import Refused
from pitcrew.problems.languages import NAMES, language_of
from pitcrew.problems.models import Evidence, Problem, ProblemLink
from pitcrew.promises.models import Kind, Promise

_GAP = re.compile(r"\{\s*([^{}]*?)\s*\}")
MOST = 2_000  # letters of one answer
OWN_GAPS = ("promised", "workaround", "fix", "problem")
KNOWN = (*GAPS, *OWN_GAPS)


@dataclass
class Letter:
    """What one customer would get. ``wrong`` says why it cannot go as it is; ``is_edited``: somebody changed it."""

    conversation: Conversation
    language: str
    to: str
    text: str = ""
    wrong: str = ""
    is_edited: bool = False


@dataclass
class Letters:
    """All letters of one answer, those that are left out, and those that have no address."""

    going: list[Letter] = field(default_factory=list)
    left_out: list[Letter] = field(default_factory=list)
    without_address: list[Letter] = field(default_factory=list)

    @property
    def wrongs(self) -> list[str]:
        return [f"#{letter.conversation.pk}: {letter.wrong}" for letter in self.going if letter.wrong]

    @property
    def skipped(self) -> str:
        """The sentence about those that have no address."""
        numbers = ", ".join(f"#{letter.conversation.pk}" for letter in self.without_address)
        return f"No address is known for {numbers}: they get nothing." if numbers else ""


def answerable(problem: Problem, staff: Staff) -> QuerySet[Conversation]:
    """The conversations of a problem that this person may answer, the oldest first."""
    links = ProblemLink.objects.filter(problem=problem)
    linked = links.values(standing=Coalesce("conversation__merged_into", "conversation"))
    rows = Conversation.objects.visible_to(staff).filter(pk__in=linked).on_the_desk()
    return rows.select_related("customer", "department", "assignee").order_by("pk")


def languages_of(problem: Problem, staff: Staff) -> dict[str, int]:
    """Which languages the customers of a problem write, and how many write each; the most frequent first."""
    counts: dict[str, int] = {}
    for language in _languages(list(answerable(problem, staff).values_list("pk", flat=True)[:MOST])).values():
        counts[language] = counts.get(language, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def prepare(
    problem: Problem,
    texts: dict[str, str],
    staff: Staff,
    *,
    except_for: Iterable[int] = (),
    edits: dict[int, str] | None = None,
) -> Letters:
    """Write every letter. Raises Refused for a text that is empty or names a gap that nobody knows."""
    texts = {language: text.strip() for language, text in texts.items() if text.strip()}
    edits = {pk: text.strip() for pk, text in (edits or {}).items()}
    if not texts and not edits:
        raise Refused("The answer is empty. Write what the customers should know.")
    for text in texts.values():
        check_gaps(text)
    rows = list(answerable(problem, staff)[:MOST])
    ids = [row.pk for row in rows]
    spoken, addresses, facts = _languages(ids), _addresses(rows), _Facts(problem, ids)
    letters, out = Letters(), set(except_for)
    for row in rows:
        letter = Letter(row, spoken.get(row.pk, "en"), addresses.get(row.pk, ""))
        _write(letter, texts, edits, facts, staff)
        place = letters.left_out if row.pk in out else letters.going if letter.to else letters.without_address
        place.append(letter)
    return letters


def check_gaps(text: str) -> None:
    """Raises Refused where a text has a gap that nobody can fill."""
    unknown = sorted({gap for gap in _GAP.findall(text) if gap not in KNOWN})
    if unknown:
        named = ", ".join("{" + gap + "}" for gap in unknown)
        raise Refused(
            f"Nobody knows what to put for {named}. Known are: {', '.join('{' + gap + '}' for gap in KNOWN)}."
        )


def _write(letter: Letter, texts: dict[str, str], edits: dict[int, str], facts: "_Facts", staff: Staff) -> None:
    pk = letter.conversation.pk
    if pk in edits:
        letter.text, letter.is_edited = edits[pk], True
        letter.wrong = "" if letter.text else "The letter is empty."
        return
    text = texts.get(letter.language)
    if text is None:
        letter.wrong = f"There is no text in {NAMES[letter.language]} yet."
        return
    missing: list[str] = []

    def word(gap: re.Match[str]) -> str:
        known = GAPS.get(gap[1])
        found = known(letter.conversation, staff) if known else facts.of(gap[1], pk)
        if not found:
            missing.append("{" + gap[1] + "}")
        return found or gap[0]

    letter.text = _GAP.sub(word, text)
    letter.wrong = f"Nothing is known for {', '.join(missing)}. Edit this letter, or leave it out." if missing else ""


class _Facts:
    """What is known beyond the conversation: the promise made in it, and what the problem says."""

    def __init__(self, problem: Problem, ids: list[int]):
        last = Evidence.objects.filter(problem=problem).order_by("-at", "-pk").first()
        self.shared = {
            "workaround": problem.workaround.strip(),
            "fix": last.words.strip() if last else "",
            "problem": problem.title,
        }
        self.promised: dict[int, str] = {}
        promises = Promise.objects.filter(conversation__in=ids, kind=Kind.CALL_BACK, released_at=None)
        for promise in promises.order_by("pk"):
            due = f" {promise.due_at:%-d %B}" if promise.due_at else ""
            if promise.conversation is not None:
                self.promised[promise.conversation] = (promise.words or "to get back to you by") + due

    def of(self, gap: str, conversation: int) -> str:
        return self.promised.get(conversation, "") if gap == "promised" else self.shared.get(gap, "")


def _languages(ids: list[int]) -> dict[int, str]:
    """The language of each conversation: that of the first words of its customer."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        said = Message.objects.filter(
            conversation__in=ids[start : start + 500], direction=Direction.IN, is_automatic=False
        )
        for message in said.order_by("pk").only("conversation_id", "words"):
            if message.conversation_id not in found:
                found[message.conversation_id] = language_of(message.reply or message.text)
    return found


def _addresses(rows: list[Conversation]) -> dict[int, str]:
    """Where an answer goes: the address the customer wrote from last, else the oldest known one."""
    ids = [row.pk for row in rows]
    found: dict[int, str] = {}
    said = Message.objects.filter(conversation__in=ids, direction=Direction.IN).filter(address__contains="@")
    for pk, address in said.order_by("pk").values_list("conversation_id", "address"):
        found[pk] = address
    customers = [row.customer_id for row in rows]
    known: dict[int, str] = {}
    held = Identity.objects.filter(customer__in=customers, channel="email").order_by("-pk")
    for customer, value in held.values_list("customer_id", "value"):
        known[customer] = value
    return {row.pk: found.get(row.pk) or known.get(row.customer_id, "") for row in rows}
