"""Who acts: a person, a rule, an import, or Pitcrew itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts, and the door it came through.

    Written to the log as ``kind:name``: ``agent:7``, ``customer:12``, ``import:3``, ``pitcrew:clock``.
    ``did`` collects the ids of the operations this actor finished, so that a door can offer *Undo*.
    """

    kind: str
    name: str | int
    door: str = ""
    did: list[int] = field(default_factory=list, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def id(self) -> int | None:
        """The row's id where the name is one (``agent:7`` is 7), else None."""
        return int(self.name) if str(self.name).isdigit() else None


def pitcrew(part: str) -> Actor:
    """Pitcrew acting by itself: ``pitcrew("clock")`` is written ``pitcrew:clock``."""
    return Actor("pitcrew", part, door="clock")
