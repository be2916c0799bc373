"""Business hours, as far as judging needs them: anything that counts like `promises.hours` will do."""

from datetime import datetime
from typing import Protocol


class Hours(Protocol):
    """When a department works."""

    def add(self, moment: datetime, seconds: int) -> datetime:
        """The moment when so many seconds of work have passed."""
        ...

    def between(self, a: datetime, b: datetime) -> int:
        """The seconds of work between two moments."""
        ...
