"""A timeline as it is drawn: acts that follow one another are gathered into one line that unfolds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pitcrew.conversations import events
from pitcrew.conversations.queries import Item
from pitcrew.conversations.queries.sentences import Told

SAID_BY_THE_MESSAGE = frozenset({events.OPENED, events.WAITING})


@dataclass
class Acts:
    """Acts between two messages, told in one line."""

    told: list[Told] = field(default_factory=list)
    kind: str = "acts"

    @property
    def last(self) -> Told:
        return self.told[-1]

    @property
    def at(self) -> datetime:
        return self.last.at


def gathered(items: Iterable[Item]) -> list[Item | Acts]:
    """The items in order, with neighbouring acts in one."""
    return list(_gather(items))


def _gather(items: Iterable[Item]) -> Iterator[Item | Acts]:
    acts = Acts()
    said: Item | None = None
    for item in items:
        if item.told is None:
            if acts.told:
                yield acts
            acts = Acts()
            yield item
            said = item
        elif not (set(item.told.kinds) <= SAID_BY_THE_MESSAGE or _came_with(said, item.told)):
            acts.told.append(item.told)
    if acts.told:
        yield acts


def _came_with(said: Item | None, told: Told) -> bool:
    """A message that opened the conversation again says so by being there."""
    return said is not None and said.at == told.at and set(told.kinds) <= {events.REOPENED}


def newest_message(items: Iterable[Item]) -> int:
    """The id of the newest message somebody has before their eyes; 0 where there is none."""
    return max((item.message.pk for item in items if item.message), default=0)
