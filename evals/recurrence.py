"""Does a symptom that comes back find its problem? Precision and recall over recurrences that are made up.

`python -m evals.recurrence --seeds 20`: for each seed 50 open problems, each with conversations linked; then new
messages of other customers in other words, some with slips, about one of the problems (a recurrence), about something
that only sounds like one (a near miss), or about nothing of the kind. A recurrence counts as found when exactly its
problem is named; every other naming is wrong.

`python -m evals.recurrence scenario.json` asks the same of a set from elsewhere (docs/problems.md has the format).
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.recurring import ASIDES, CAUSES, CLOSINGS, ELSE, OPENINGS, TIMES
from pitcrew.problems.likeness import Index, Known, Said, Written

LINKED, AGAIN, NEAR, OTHER = (4, 9), 6, 3, 40  # a problem's conversations, recurrences, near misses; strangers in all
LEAST = 0.90


@dataclass(frozen=True)
class Cause:
    name: str
    things: list[str]
    happens: list[str]
    shows: list[str]
    near: list[str]


@dataclass
class Score:
    """How often a naming was right, how often a recurrence was found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def causes() -> list[Cause]:
    """The 50 causes as they are written down in recurring.py."""
    lines = (line.split(" | ") for line in CAUSES.strip().splitlines())
    return [Cause(name, *(part.split("/") for part in parts)) for name, *parts in lines]


class Writer:
    """Somebody who writes about a cause: in one language, in words of their own, sometimes with slips."""

    def __init__(self, dice: random.Random):
        self.dice = dice

    def letter(self, cause: Cause, half: int | None = None, german: bool | None = None) -> str:
        """What a customer writes. With `half`, what happens is told with every other wording only."""
        german = self.dice.random() < 0.3 if german is None else german
        happens = cause.happens if half is None or german else self._half(cause.happens, half)
        core = f"{self._one(cause.things, german)} {self._one(happens, german)} {self._say(TIMES, german)}".strip()
        shows = f" ({self._one(cause.shows, german)})." if self.dice.random() < 0.8 else "."
        told = [self._say(OPENINGS, german), core + shows]
        for words in (ASIDES, CLOSINGS):
            if self.dice.random() < 0.6:
                told.append(self._say(words, german))
        return self.slipped(" ".join(told))

    def near_miss(self, cause: Cause) -> str:
        return " ".join([self._say(OPENINGS, german=False), self.dice.choice(cause.near), self._say(CLOSINGS, False)])

    def stranger(self) -> str:
        german = self.dice.random() < 0.3
        return f"{self._say(OPENINGS, german)} {self._say(ELSE, german)} {self._say(CLOSINGS, german)}"

    def slipped(self, text: str) -> str:
        """One word in fifteen with two letters exchanged, one left out or one doubled."""
        words = text.split(" ")
        for place, word in enumerate(words):
            if len(word) > 5 and word.isalpha() and self.dice.random() < 1 / 15:
                at = self.dice.randrange(1, len(word) - 2)
                swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
                words[place] = self.dice.choice(
                    [swapped, word[:at] + word[at + 1 :], word[:at] + word[at:][0] + word[at:]]
                )
        return " ".join(words)

    def _half(self, wordings: list[str], half: int) -> list[str]:
        english = [w for w in wordings if not w.startswith("de:")]
        return english[half::2] or english

    def _one(self, wordings: list[str], german: bool) -> str:
        fitting = [w for w in wordings if w.startswith("de:") == german] or wordings
        return self.dice.choice(fitting).removeprefix("de:")

    def _say(self, wordings: str, german: bool) -> str:
        return self._one(wordings.split("/"), german)


def played(seed: int) -> Score:
    """Fifty open problems, and what is written then."""
    dice = random.Random(seed)
    writer, told = Writer(dice), causes()
    dice.shuffle(told)
    known = []
    for number, cause in enumerate(told):
        linked = tuple(writer.letter(cause, half=0, german=n % 3 == 0) for n in range(dice.randint(*LINKED)))
        known.append(Known(number, cause.name, linked))
    index, score = Index(known), Score()
    for number, text in _written(writer, told):
        judge(index, Said(text), number, score)
    return score


def _written(writer: Writer, told: list[Cause]) -> Iterator[tuple[int | None, str]]:
    for number, cause in enumerate(told):
        for turn in range(AGAIN):
            yield number, writer.letter(cause, half=1 if turn % 2 else None)
        for _ in range(NEAR):
            yield None, writer.near_miss(cause)
    for _ in range(OTHER):
        yield None, writer.stranger()


def judge(index: Index, said: Said, truth: int | None, score: Score) -> None:
    """Ask the index and keep count."""
    found = index.match(said)
    named = found[0].number if found else None
    if named is not None and named == truth:
        score.right += 1
        return
    score.wrong += named is not None
    score.missed += truth is not None


def told_elsewhere(path: Path) -> Score:
    """A scenario from a file."""
    scenario = json.loads(path.read_text())
    known = []
    for number, problem in enumerate(scenario["problems"]):
        rule = problem.get("rule")
        ruled = Written(**{k: tuple(v) if isinstance(v, list) else v for k, v in rule.items()}) if rule else None
        about = f"{problem['title']}\n{problem.get('words', '')}"
        known.append(Known(number, about, tuple(_whole(one) for one in problem.get("linked", [])), ruled))
    index, score = Index(known), Score()
    for message in scenario["messages"]:
        said = Said(message["text"], message.get("subject", ""), tags=frozenset(message.get("tags", ())))
        judge(index, said, message.get("problem"), score)
    return score


def _whole(said: dict) -> str:
    return f"{said.get('subject', '')}\n{said['text']}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenario", nargs="?", type=Path)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--first", type=int, default=0)
    asked = options.parse_args()
    if asked.scenario:
        scores = [(str(asked.scenario), told_elsewhere(asked.scenario))]
    else:
        scores = [(f"seed {seed}", played(seed)) for seed in range(asked.first, asked.first + asked.seeds)]
    for name, score in scores:
        print(f"{name}: precision {score.precision:.3f}, recall {score.recall:.3f}")
    worst = min(min(score.precision, score.recall) for _, score in scores)
    print(f"worst {worst:.3f}, wanted >= {LEAST}")
    raise SystemExit(worst < LEAST)


if __name__ == "__main__":
    main()
