"""A template as YAML, to keep, to send and to bring in again. Departments are written by their names."""

from typing import Any

import yaml

from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused
from pitcrew.relays.models import Edition, Template
from pitcrew.relays.steps.asking import text_of
from pitcrew.relays.steps.checking import Step, check_steps

MOST = 50_000  # characters
ORDER = ("key", "name", "department", "partner", "after", "asks", "is_follow_up", "told", "minutes")
ORDER_OF_ASKS = ("key", "label", "kind", "choices", "needed")
EMPTY: tuple[Any, ...] = (None, "", [], False)


class _Loader(yaml.SafeLoader):
    """Plain values only. A text that refers to itself can grow without end, so it may not."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise Refused("The template refers to parts of itself (*). Write every part out.")
        return super().compose_node(parent, index)


def load(text: str) -> tuple[str, list[Step]]:
    """The name and the steps that this text says. Raises Refused with what is wrong."""
    if len(text) > MOST:
        raise Refused(f"The template is too long. Use at most {MOST:,} characters.")
    told = _read(text)
    if not isinstance(told, dict):
        raise Refused("The text is no template. Begin it with 'name:' and 'steps:'.")
    strangers = sorted(map(str, set(told) - {"name", "steps"}))
    if strangers:
        raise Refused(f"The template has a field that nobody knows: {strangers[0]}. Known are name and steps.")
    name = text_of(told.get("name"), "The name of the template", 100)
    if not name:
        raise Refused("The template has no name. Begin it with 'name:'.")
    steps = told.get("steps")
    return name, check_steps([_numbered(step) for step in steps] if isinstance(steps, list) else steps)


def _read(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        where = f"line {mark.line + 1}" if mark else "it"
        raise Refused(f"The text is no YAML: look at {where} ({fault.problem}).")
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise Refused("The text is no YAML. Look at its indents and its quotes.")


def _numbered(step: Any) -> Any:
    """The step with its department's number instead of its name."""
    if not isinstance(step, dict) or step.get("department") in (None, ""):
        return step
    name = text_of(step["department"], "The department", 100)
    found = Department.objects.filter(name=name).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(f"There is no department called {name}. Open it first, or name another one.")
    return {**step, "department": found}


def dump(template: Template) -> str:
    """The newest edition of a template as text that `load` reads."""
    edition = Edition.objects.filter(template=template).order_by("-number").first()
    names = dict(Department.everything.values_list("pk", "name"))
    steps = [_told(step, names) for step in edition.steps] if edition else []
    return yaml.safe_dump({"name": template.name, "steps": steps}, allow_unicode=True, sort_keys=False, width=110)


def _told(step: Step, names: dict[int, str]) -> Step:
    """What a step says, without what is empty."""
    told = {**step, "department": names.get(step.get("department") or 0, "")}
    told["asks"] = [_in_order(ask, ORDER_OF_ASKS) for ask in step.get("asks") or []]
    return _in_order(told, ORDER)


def _in_order(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """PostgreSQL keeps no order of fields; people read them in one."""
    return {name: told[name] for name in names if told.get(name) not in EMPTY}
