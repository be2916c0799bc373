"""Templates as the settings list them: the newest edition, how many relays run, what is wrong with what is written."""

from django.db.models import Count, Q

from pitcrew.people.refusals import Refused
from pitcrew.relays.models import Edition, Relay, Template
from pitcrew.relays.queries.moving import Move, preview_move
from pitcrew.relays.steps.checking import check_steps
from pitcrew.web.steps_written import Written

RUNNING = Q(relays__finished_at=None, relays__stopped_at=None, relays__retired_at=None)
MOST = 200  # relays that one page offers to move


def newest_of(template: Template) -> Edition | None:
    """The edition that new relays run along."""
    return Edition.objects.filter(template=template).order_by("-number").first()


def templates_listed() -> list[tuple[Template, Edition, int]]:
    """Every template with its newest edition and how many of its relays run, by name."""
    rows = Edition.objects.filter(template__retired_at=None).select_related("template").order_by("number")
    newest: dict[int, Edition] = {}
    running: dict[int, int] = {}
    for edition in rows.annotate(running=Count("relays", filter=RUNNING)):
        newest[edition.template_id] = edition
        running[edition.template_id] = running.get(edition.template_id, 0) + edition.running
    found = [(edition.template, edition, running[pk]) for pk, edition in newest.items()]
    return sorted(found, key=lambda row: row[0].name.casefold())


def editions_of(template: Template) -> list[Edition]:
    """Its editions, newest first; each says how many relays are ``running`` along it."""
    rows = Edition.objects.filter(template=template).annotate(running=Count("relays", filter=RUNNING))
    return list(rows.order_by("-number")[:50])


def wrongs_of(told: Written) -> list[str]:
    """What is wrong with what is written so far, in sentences."""
    try:
        check_steps(told.settled())
    except Refused as refused:
        return [*told.wrongs, str(refused)]
    return told.wrongs


def previews(old: Edition, new: Edition) -> list[tuple[Relay, list[str], str]]:
    """The relays that run along an edition, with what moving each would mean, or why it cannot move."""
    rows = Relay.objects.filter(edition=old, finished_at=None, stopped_at=None).select_related("conversation")
    moves = [(relay, preview_move(relay, new)) for relay in rows.order_by("pk")[:MOST]]
    return [(relay, _told(move), " ".join(move.refused)) for relay, move in moves]


def _told(move: Move) -> list[str]:
    """What moving means, in a line for each kind of change."""
    out = [f"{leg.name} is out at {leg.partner or leg.department}" for leg in move.stays if leg.is_live]
    lines = [f"Stays: {', '.join(out)}." if out else "", _line("Comes", [step["name"] for step in move.comes])]
    return [line for line in [*lines, _line("Falls away", [leg.name for leg in move.goes])] if line] or ["As it was."]


def _line(word: str, names: list[str]) -> str:
    return f"{word}: {', '.join(names)}." if names else ""
