"""Templates and their editions, and moving a running relay to another edition."""

from datetime import datetime
from typing import Any

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, hold, operation, retire
from pitcrew.people.models import Department
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import events
from pitcrew.relays.baton import move
from pitcrew.relays.models import LIVE, Edition, Leg, Relay, Stage, Template
from pitcrew.relays.opening import follow, go_on, latest, plan
from pitcrew.relays.queries.moving import preview_move
from pitcrew.relays.steps.branches import branches
from pitcrew.relays.steps.checking import check_steps


@operation
def add_template(name: str, steps: list[dict[str, Any]], *, by: Actor, at: datetime) -> Template:
    """Write down a way that work goes. Raises Refused for steps that cannot be walked, and for a name that is taken."""
    checked = check_steps(steps)
    template = begin(Template, events.TEMPLATE_ADDED, name=_free(name))
    begin(Edition, events.EDITION_MADE, template=template, number=1, steps=checked, made_at=at)
    return template


@operation
def edit_template(
    template: Template, steps: list[dict[str, Any]] | None = None, *, name: str | None = None, by: Actor, at: datetime
) -> Edition:
    """Make a new edition, or rename it. Relays that run keep theirs. Returns the newest edition."""
    if hold(template).retired_at is not None:
        raise Refused(f"The template {template.name} was removed. Add it anew.")
    newest = newest_edition(template)
    if name is not None:
        change(template, events.TEMPLATE_CHANGED, name=_free(name, template))
    if steps is None:
        return newest
    checked = check_steps(steps)
    if checked == newest.steps:
        return newest
    row = {"template": template, "number": newest.number + 1, "steps": checked, "made_at": at}
    return begin(Edition, events.EDITION_MADE, **row)


@operation
def remove_template(template: Template, *, by: Actor, at: datetime) -> None:
    """Nothing new is started along it. Relays that run go on."""
    retire(template, events.TEMPLATE_REMOVED)


def newest_edition(template: Template) -> Edition:
    """The edition that new relays run along."""
    edition = Edition.objects.filter(template=template).order_by("-number").first()
    if edition is None:
        raise Refused(f"The template {template.name} has no steps. Edit it first.")
    return edition


def _free(name: str, but_for: Template | None = None) -> str:
    name = " ".join(name.split())[:100]
    if not name:
        raise Refused("A template needs a name.")
    if Template.objects.filter(name=name).exclude(pk=but_for.pk if but_for else None).exists():
        raise Refused(f"There is already a template called {name}. Choose another name.")
    return name


@operation
def move_relay(relay: Relay, edition: Edition, *, by: Actor, at: datetime) -> None:
    """Let a running relay go on along another edition, as `preview_move` says. Raises Refused where it cannot."""
    conversation = relay.conversation
    if conversation is not None:
        hold(conversation)
    hold(relay)
    preview = preview_move(relay, edition)
    if preview.refused:
        raise Refused(" ".join(preview.refused))
    newest, places = latest(relay), branches(edition.steps)
    for leg in preview.goes:
        move(hold(leg), events.LEG_WITHDRAWN, Stage.WITHDRAWN, at, ended_why="The template has no such step any more.")
    departments = {d.pk: d for d in Department.objects.all()}
    for order, step in enumerate(edition.steps, start=1):
        _place(relay, step, newest.get(step["key"]), departments, {"order": order, "branch": places[step["key"]]})
    change(relay, events.RELAY_REPLANNED, edition=edition)
    go_on(relay, at, as_staff(by))
    follow(conversation)


def _place(
    relay: Relay, step: dict[str, Any], leg: Leg | None, departments: dict[int, Department], row: dict[str, Any]
) -> None:
    """A step that is new comes; one that is ahead becomes what the edition says; what has begun keeps all but its
    place."""
    row |= {"name": step["name"], "after": step["after"], "minutes": step["minutes"]}
    if leg is not None and leg.stage != Stage.AHEAD:
        if leg.stage in LIVE:
            change(leg, events.LEG_REPLANNED, order=row["order"], after=row["after"])
        return
    row |= {"is_follow_up": step["is_follow_up"], "partner": step["partner"]}
    department = departments.get(step["department"] or relay.home_id, relay.home)
    if leg is None:
        plan(relay, step=step["key"], department=department, **row)
        return
    told = {name: getattr(leg, name) for name in ("stage", "baton_since")}
    change(leg, events.LEG_REPLANNED, department_id=department.pk, **told, **row)
