"""The kinds of event: each with the sentence it is told in, and whether it can be taken back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of event.

    ``sentence`` is what the timeline says, with ``{actor}`` and the event's fields to fill in.
    ``undoable`` is False for what has left the house (a delivered mail cannot be called back).
    ``is_work`` is False for what only carries a row along (a message that a merge moved): it does not keep the row
    when the act that began it is taken back.
    """

    name: str
    sentence: str
    undoable: bool = True
    is_work: bool = True


KINDS: dict[str, Kind] = {}


def define(name: str, sentence: str, *, undoable: bool = True, is_work: bool = True) -> str:
    """Add a kind of event to the vocabulary and return its name.

    Raises ValueError when the name is taken: two rooms must not mean different things by one word.
    """
    if name in KINDS:
        raise ValueError(f"The kind of event {name!r} is defined twice. Choose another name.")
    KINDS[name] = Kind(name, sentence, undoable, is_work)
    return name


def irreversible() -> list[str]:
    """The kinds that nobody can take back."""
    return [kind.name for kind in KINDS.values() if not kind.undoable]


def idle() -> list[str]:
    """The kinds that carry a row along without working on it."""
    return [kind.name for kind in KINDS.values() if not kind.is_work]
