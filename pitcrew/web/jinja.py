"""The environment our screens are rendered in: everything is escaped, everything undefined is an error."""

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from jinja2 import Environment, StrictUndefined

from pitcrew.web import batons, first_steps, rows, telling_time, words
from pitcrew.web.addresses import url
from pitcrew.web.handing_forms import for_field


def environment(**options: Any) -> Environment:
    """Django's Jinja2 backend calls this once (TEMPLATES in settings)."""
    options["undefined"] = StrictUndefined
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    made.globals.update(static=lru_cache(maxsize=64)(static), url=url, first_lesson=first_steps.lesson)
    made.filters.update(
        when=telling_time.when,
        clock=telling_time.clock,
        exactly=telling_time.exactly,
        bytes=telling_time.size,
        initials=telling_time.initials,
        move=rows.move,
        move_words=rows.WORDS.__getitem__,
        calls=rows.calls,
        standing=rows.standing,
        holder=rows.holder,
        linked=words.linked,
        spoken=words.spoken,
        has_more=words.has_more,
        for_field=for_field,
        leg_title=batons.title,
    )
    return made
