"""Acts at random: root causes."""

from collections.abc import Callable
from typing import Any

PROBLEM_ACTS: dict[str, Callable[[Any], Any]] = {}
