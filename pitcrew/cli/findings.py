"""What an examination of Pitcrew finds: one part, well or not, and the mend."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One part that was looked at. ``mend`` is what to do; empty when it is well."""

    part: str
    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{'mend' if self.mend else 'well'}  {self.part}: {self.says}" + (f" {self.mend}" if self.mend else "")


Check = Callable[[], Finding]


def examine(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Look at every part; one that cannot even be looked at is a finding too."""
    for part, check in checks:
        try:
            yield check()
        except Exception as error:
            words = (str(error).strip().splitlines() or [type(error).__name__])[0]
            yield Finding(part, f"it could not be looked at: {words}.", "Mend the parts above first, then look again.")
