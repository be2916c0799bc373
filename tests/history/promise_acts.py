"""Acts at random: what is owed."""

from collections.abc import Callable
from typing import Any

PROMISE_ACTS: dict[str, Callable[[Any], Any]] = {}
