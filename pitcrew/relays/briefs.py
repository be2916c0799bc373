"""The brief: four lines without which nothing is handed over."""

from dataclasses import dataclass
from datetime import datetime

from pitcrew.people.refusals import Refused

MOST = 5_000  # characters of a line
LINES = {"need": "what is needed", "tried": "what was tried", "promised": "what the customer was promised"}


@dataclass(frozen=True)
class Brief:
    """What the next department has to know: the need, what was tried, what was promised, and by when."""

    need: str = ""
    tried: str = ""
    promised: str = ""
    by_when: datetime | None = None

    def check(self, at: datetime) -> None:
        """Refuses a brief with an empty line, and names each."""
        missing = [words for name, words in LINES.items() if not getattr(self, name).strip()]
        if self.by_when is None:
            missing.append("by when")
        if missing:
            raise Refused(f"The brief does not say {_listed(missing)}. Write it down, or say that there is nothing.")
        if self.by_when is not None and self.by_when <= at:
            raise Refused("The brief asks for a moment that has passed. Choose a later one.")
        for name, words in LINES.items():
            if len(getattr(self, name)) > MOST:
                raise Refused(f"The brief is too long where it says {words}. Use at most {MOST:,} characters.")

    @property
    def lines(self) -> dict[str, object]:
        """Its lines as the fields of a leg."""
        return {
            "need": self.need.strip(),
            "tried": self.tried.strip(),
            "promised": self.promised.strip(),
            "by_when": self.by_when,
        }


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
