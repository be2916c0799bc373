"""The templates of relays: drawn as a form, kept as editions, taken in and given out as YAML."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions as relays
from pitcrew.relays.models import Edition, Relay, Template
from pitcrew.relays.steps import yaml
from pitcrew.web.acting import Request, how
from pitcrew.web.graph import drawn
from pitcrew.web.rules import leads_only
from pitcrew.web.settings_page import page
from pitcrew.web.steps_written import KINDS, Written, blank, reshaped, written
from pitcrew.web.telling import answer
from pitcrew.web.templates_listed import editions_of, newest_of, previews, templates_listed, wrongs_of

PART = "relay-templates"
LARGEST = 200_000  # bytes of YAML


@leads_only
@require_safe
def index(request: Request) -> HttpResponse:
    """Every template, as its line of stations."""
    departments = Department.objects.in_bulk()
    return page(request, "relays/templates.html", part=PART, rows=templates_listed(), departments=departments)


@leads_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Draw a new one."""
    told = written(request.POST) if request.method == "POST" else Written(steps=[blank([])])
    return _edited(request, None, told)


@leads_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change one: what is kept is a new edition."""
    template = get_object_or_404(Template, pk=pk)
    now = newest_of(template)
    told = written(request.POST) if request.method == "POST" else Written(template.name, now.steps if now else [])
    return _edited(request, template, told)


def _edited(request: Request, template: Template | None, told: Written) -> HttpResponse:
    wrongs: list[str] = []
    asked = request.POST.get("do", "")
    if request.method == "POST" and asked == "save":
        try:
            return _kept(request, template, told)
        except Refused as refused:
            wrongs = [str(refused)]
    return _editor(request, template, reshaped(told, asked), wrongs)


def _kept(request: Request, template: Template | None, told: Written) -> HttpResponse:
    if told.wrongs:
        raise Refused(" ".join(told.wrongs))
    if template is None:
        template = relays.add_template(told.name, told.settled(), **how(request))
        return answer(request, f"The relay {template} is drawn.", back=reverse(PART))
    edition = relays.edit_template(template, told.settled(), name=told.name, **how(request))
    kept = f"The relay {template} is kept as edition {edition.number}."
    return answer(request, kept, back=reverse("relay-template", args=[template.pk]))


def _editor(request: Request, template: Template | None, told: Written, wrongs: list[str]) -> HttpResponse:
    departments = {row.pk: row for row in Department.objects.order_by("name")}
    shown: dict[str, Any] = {
        "edited": template,
        "name": told.name,
        "steps": told.steps,
        "ask_kinds": KINDS,
        "wrongs": wrongs,
    }
    shown |= {"departments": departments, "graph": drawn(told.steps, departments)}
    shown["editions"] = editions_of(template) if template else []
    return page(request, "relays/template.html", part=PART, status=422 if wrongs else 200, **shown)


@leads_only
@require_POST
def draw(request: Request) -> HttpResponse:
    """The picture of what is written so far, and what is wrong with it. Keeps nothing."""
    told = written(request.POST)
    shown = {"graph": drawn(told.steps, Department.objects.in_bulk()), "wrongs": wrongs_of(told)}
    return render(request, "relays/drawn.html", shown)


@leads_only
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove it: no new relay runs along it."""
    template = get_object_or_404(Template, pk=pk)
    relays.remove_template(template, **how(request))
    return answer(request, f"The relay {template} is removed.", back=reverse(PART))


@leads_only
@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    """The template as a file."""
    template = get_object_or_404(Template, pk=pk)
    response = HttpResponse(yaml.dump(template), content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="relay-{template.pk}.yaml"'
    return response


@leads_only
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: Request) -> HttpResponse:
    """Take one in from YAML: a new template, or a new edition of the one of this name."""
    text = _given(request)
    if request.method == "POST":
        try:
            return _taken_in(request, text)
        except Refused as refused:
            shown = {"text": text, "wrong": str(refused)}
            return page(request, "relays/import.html", part=PART, status=422, **shown)
    return page(request, "relays/import.html", part=PART, text="", wrong="")


def _given(request: Request) -> str:
    file = request.FILES.get("file")
    return file.read(LARGEST).decode("utf-8", "replace") if file else request.POST.get("text", "")[:LARGEST]


def _taken_in(request: Request, text: str) -> HttpResponse:
    name, steps = yaml.load(text)
    template = Template.objects.filter(name=name).first()
    if template is None:
        template = relays.add_template(name, steps, **how(request))
    else:
        relays.edit_template(template, steps, **how(request))
    return answer(request, f"The relay {template} is taken in.", back=reverse("relay-template", args=[template.pk]))


@leads_only
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Let relays that run along an old edition go on along the newest one, after a look at what that means."""
    old = get_object_or_404(Edition.objects.select_related("template"), pk=pk)
    new = newest_of(old.template)
    if new is None or new.pk == old.pk:
        raise Http404("This is the newest edition. Nothing has to move.")
    if request.method == "POST":
        return _moved(request, old, new)
    departments = Department.objects.in_bulk()
    shown = {"edited": old.template, "old": old, "new": new, "graph": drawn(new.steps, departments)}
    return page(request, "relays/move.html", part=PART, relays=previews(old, new), **shown)


def _moved(request: Request, old: Edition, new: Edition) -> HttpResponse:
    chosen = [int(word) for word in request.POST.getlist("relay") if word.isdecimal() and len(word) < 16]
    rows = list(Relay.objects.filter(edition=old, pk__in=chosen, finished_at=None, stopped_at=None))
    for relay in rows:
        relays.move_relay(relay, new, **how(request))
    if not rows:
        return HttpResponseRedirect(reverse("relay-move", args=[old.pk]))
    count = "1 relay goes" if len(rows) == 1 else f"{len(rows)} relays go"
    return answer(
        request, f"{count} on along edition {new.number}.", back=reverse("relay-template", args=[new.template_id])
    )
