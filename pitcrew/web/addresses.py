"""The addresses of our screens."""

from functools import lru_cache
from typing import Any

from django.urls import reverse


@lru_cache(maxsize=4096)
def url(name: str, *args: Any) -> str:
    """The address of a screen by the name of its URL; the same one is asked for many times on a page."""
    return reverse(name, args=args)
