"""Acts at random: work that crosses departments."""

from collections.abc import Callable
from typing import Any

RELAY_ACTS: dict[str, Callable[[Any], Any]] = {}
