"""The index of all problems that a message is compared with.

A word weighs the more, the fewer problems (and ordinary conversations) it occurs in, and the more of the problem's own
conversations say it (after Spaerck Jones 1972: weights by inverse document frequency). For each problem that shares
words with it a message gets the sum of their weights. What is normal for a problem is learnt from its own
conversations, each compared with the others; a message is the problem's when it comes near to that and clearly nearer
than to any other problem. A long word with a slip of the pen counts as the known word one letter away.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from pitcrew.problems.likeness.words import NOT, fold, meanings, one_meaning, told_and_asked, written

LIKE = 0.48  # of what is normal for the problem
MARGIN = 1.1  # times what any other problem gets
ASKED = 0.5  # what a word counts in a sentence that asks or orders: who has trouble tells of it
LEAST = 2  # words of weight that they share
RARE = 0.35  # share of all problems above which a word brings no problem to mind
FEW = 4  # conversations from which what they say counts more than the guess
GUESS, GUESS_OF_FEW = 0.6, 0.45  # what is normal, guessed: a part of the weight of the six heaviest words
SLIP_FROM = 6  # letters from which a word may hold a slip


@dataclass(frozen=True)
class Said:
    """A message as it is compared: its words, and the fields that rules ask for."""

    text: str
    subject: str = ""
    organization: int | None = None
    department: int | None = None
    tags: frozenset[str] = frozenset()

    @property
    def whole(self) -> str:
        return f"{self.subject}\n{self.text}"


@dataclass(frozen=True)
class Written:
    """What people wrote down by which a problem's messages are recognised (see `models.Rule`)."""

    words: tuple[str, ...] = ()
    needs_all: bool = False
    phrase: str = ""
    subject: str = ""
    organization: int | None = None
    department: int | None = None
    tag: str = ""
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A problem as it is known: its own words, the conversations linked with it, and its rule."""

    number: int
    about: str
    linked: tuple[str, ...] = ()
    rule: Written | None = None


@dataclass(frozen=True)
class Found:
    """A problem that a message speaks of; ``score`` is 1 where it is as like as its own conversations are."""

    number: int
    score: float
    why: str


@dataclass
class _Learnt:
    """What was learnt of one problem."""

    weights: dict[str, float] = field(default_factory=dict)
    normal: float = 1.0


class Index:
    """All problems, ready to be compared with. Learning takes a while, comparing does not."""

    def __init__(self, problems: Sequence[Known], ordinary: Iterable[str] = ()):
        self.rules = {p.number: p.rule for p in problems if p.rule}
        documents = {p.number: [meanings(t) for t in (p.about, *p.linked) if t.strip()] for p in problems}
        self.rarity = _rarity(documents, [meanings(text) for text in ordinary])
        self.learnt = {number: self._learn(said) for number, said in documents.items()}
        self.holders: dict[str, list[tuple[int, float]]] = {}
        for number, learnt in self.learnt.items():
            for word, weight in learnt.weights.items():
                self.holders.setdefault(word, []).append((number, weight))
        most = max(3, RARE * len(problems))
        self.rare = {word for word, holders in self.holders.items() if len(holders) <= most}
        self.slips = _slips({word: word for word in self.holders})

    def _learn(self, documents: list[set[str]]) -> _Learnt:
        counts = Counter(word for document in documents for word in document)
        number = max(1, len(documents))

        def weights(left_out: set[str] = frozenset()) -> dict[str, float]:  # type: ignore[assignment]
            of = number - 1 if left_out else number
            found = {}
            for word, count in counts.items():
                count -= word in left_out
                if count > 0:
                    found[word] = self.rarity[word] * math.sqrt(count / max(1, of))
            return found

        whole = weights()
        if number < 3:
            return _Learnt(whole, GUESS_OF_FEW * _best(whole))
        inner = [sum(value for word, value in weights(d).items() if word in d) for d in documents]
        trust = number / (number + FEW)
        return _Learnt(whole, trust * median(inner) + (1 - trust) * GUESS * _best(whole))

    def match(self, said: Said) -> list[Found]:
        """The problems this message speaks of, the likeliest first: mostly none or one."""
        certain = [number for number, rule in self.rules.items() if _fits(rule, said) and _says(rule, said)]
        if certain:
            return [Found(number, 1.0, "the words written down for it") for number in certain]
        found = [one for one in self.ranked(said) if self._may_be(one.number, said)]
        if not found or found[0].score < LIKE:
            return []
        if len(found) > 1 and found[0].score < MARGIN * found[1].score:
            return []
        return found[:1]

    def ranked(self, said: Said, most: int = 5) -> list[Found]:
        """The problems nearest to this message, however near that is."""
        told, asked = (self._known(words) for words in told_and_asked(said.whole))
        if not any(word in self.rare for word in (*told, *asked)):
            return []
        sums: dict[int, float] = {}
        shared: dict[int, list[tuple[float, str]]] = {}
        for words, counts in ((told, 1.0), (asked, ASKED)):
            for word, as_written in words.items():
                for number, weight in self.holders.get(word, ()):
                    sums[number] = sums.get(number, 0.0) + weight * counts
                    shared.setdefault(number, []).append((weight, as_written))
        scored = [(total / self.learnt[n].normal, n) for n, total in sums.items() if len(shared[n]) >= LEAST]
        return [Found(n, score, _why(shared[n])) for score, n in sorted(scored, reverse=True)[:most]]

    def _known(self, words: dict[str, str]) -> dict[str, str]:
        """The words, those with a slip as the one that is meant."""
        return {(word if word in self.holders else self._meant(word)): raw for word, raw in words.items()}

    def _meant(self, word: str) -> str:
        if len(word) < SLIP_FROM - 2 or word[0] == "=":
            return word
        for shorter in _without_one(word):
            meant = self.slips.get(shorter) or _SLIPS.get(shorter)
            if meant:
                return meant
        return word

    def _may_be(self, number: int, said: Said) -> bool:
        rule = self.rules.get(number)
        return rule is None or _fits(rule, said)


def _rarity(documents: dict[int, list[set[str]]], ordinary: list[set[str]]) -> dict[str, float]:
    """How rare each word is: among the problems, and among conversations that are about none."""
    holders: Counter[str] = Counter()
    for said in documents.values():
        holders.update(set().union(*said) if said else set())
    common: Counter[str] = Counter(word for document in ordinary for word in document)
    problems, others = max(1, len(documents)), len(ordinary)
    rarity = {}
    for word, count in holders.items():
        among = math.log((problems + 2) / (count + 0.5))
        outside = math.log((others + 2) / (common[word] + 0.5)) if others > 20 else among
        rarity[word] = max(0.05, min(among, outside)) * (0.5 if word == NOT else 1)
    return rarity


def _best(weights: dict[str, float]) -> float:
    return sum(sorted(weights.values(), reverse=True)[:6]) or 1.0


def _slips(words: dict[str, str]) -> dict[str, str]:
    """Every long word without one of its letters, with what is meant (after Garbe's SymSpell)."""
    found: dict[str, str] = {}
    for word, meant in sorted(words.items()):
        if len(word) >= SLIP_FROM - 1 and word[0] != "=":
            for shorter in _without_one(word):
                found.setdefault(shorter, meant)
    return found


def _without_one(word: str) -> list[str]:
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


_SLIPS = _slips(one_meaning())


def _why(shared: list[tuple[float, str]]) -> str:
    return ", ".join(dict.fromkeys(word for _, word in sorted(shared, reverse=True)[:6]))[:200]


def _fits(rule: Written, said: Said) -> bool:
    """Whether the fields are as the rule wants them, and no excluded word is there."""
    if rule.organization is not None and rule.organization != said.organization:
        return False
    if rule.department is not None and rule.department != said.department:
        return False
    if rule.tag and rule.tag not in said.tags:
        return False
    if rule.subject and fold(rule.subject) not in fold(said.subject):
        return False
    return not (rule.excluded and any(_holds(word, said) for word in rule.excluded))


def _holds(word: str, said: Said) -> bool:
    return fold(word) in fold(said.whole) if " " in word else fold(word) in written(said.whole)


def _says(rule: Written, said: Said) -> bool:
    """Whether the message says what the rule wants said."""
    if rule.phrase and " ".join(fold(rule.phrase).split()) in " ".join(fold(said.whole).split()):
        return True
    if not rule.words:
        return False
    return (all if rule.needs_all else any)(_holds(word, said) for word in rule.words)
