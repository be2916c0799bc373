"""What is done with a problem: every verb has its own address, is told, and can be taken back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from pitcrew.conversations.queries import chosen
from pitcrew.people.models import Department, Organization, Staff
from pitcrew.people.refusals import Refused
from pitcrew.problems import actions
from pitcrew.problems.models import WINDOW, Evidence, Problem, Sighting
from pitcrew.relays.actions import newest_edition
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Template
from pitcrew.web.acting import Request, how
from pitcrew.web.asked import conversation_asked, ids_asked, numbers
from pitcrew.web.moments import moment_asked
from pitcrew.web.rules import View, desk_only, staff_only
from pitcrew.web.telling import answer
from pitcrew.web.views.problems import problem_asked
from pitcrew.web.written import keep

Verb = Callable[[Request, Problem, dict[str, Any]], str]


def on_problem(verb: Verb) -> View:
    """A view for a verb: finds the problem, does it, tells it with Undo."""

    @staff_only
    @require_POST
    @wraps(verb)
    def view(request: Request, pk: int) -> HttpResponse:
        problem = problem_asked(request, pk)
        sentence = verb(request, problem, how(request))
        return answer(request, sentence, back=f"/problems/{pk}/")

    return view


def _number(request: Request, name: str) -> int:
    return (numbers(request.POST.get(name, "").lstrip("# ")) or [0])[0]


@on_problem
def own(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    number = _number(request, "staff")
    staff = get_object_or_404(Staff, pk=number, deactivated_at=None) if number else None
    actions.own(problem, staff, **how)
    return f"{staff} sees to it" if staff else "Nobody sees to it now"


@on_problem
def workaround(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.workaround(problem, request.POST.get("words", "")[:5_000], **how)
    return "Workaround written down"


@on_problem
def claim(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    days = _number(request, "days") or WINDOW
    actions.claim_fix(problem, _proof(request), watch_for=days if request.POST.get("watch") else 0, **how)
    return f"Fix claimed, watched for {days} days" if request.POST.get("watch") else "Fix claimed"


@on_problem
def watch(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    days = _number(request, "days") or WINDOW
    actions.watch(problem, days, **how)
    return f"Watched for {days} days from now"


@on_problem
def evidence(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.add_evidence(problem, _proof(request), **how)
    return "Evidence added"


def _proof(request: Request) -> actions.Proof:
    """What the form hands in; a photo is put into the store."""
    told = {name: request.POST.get(name, "").strip()[:5_000] for name in ("kind", "words", "url")}
    upload = request.FILES.get("file")
    if upload is None:
        return actions.Proof(**told)
    kept, _ = keep(upload)
    return actions.Proof(**told, name=kept.name, content_hash=kept.content_hash)


@on_problem
def reopen(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.reopen(problem, **how)
    return "Open again; its customers are marked"


@on_problem
def settle(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.make_permanent(problem, **how)
    return "Permanent, and recorded as a victory"


@on_problem
def describe(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.describe(problem, request.POST.get("title", ""), request.POST.get("words", "")[:20_000], **how)
    return "Described anew"


@on_problem
def move(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    department = get_object_or_404(Department, pk=_number(request, "department"))
    actions.move(problem, department, **how)
    return f"{department} owns it now"


@on_problem
def rule(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    said, number = request.POST, _number(request, "organization")
    department = Department.objects.filter(pk=_number(request, "in_department")).first()
    told: dict[str, Any] = {name: said.get(name, "") for name in ("phrase", "subject", "tag")}
    told |= {name: said.get(name, "").split(",") for name in ("words", "excluded")}
    told |= {"department": department, "organization": Organization.objects.filter(pk=number).first()}
    actions.write_rule(problem, needs_all=bool(said.get("needs_all")), **told, **how)
    return "Written down how it is recognised"


@on_problem
def merge(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    other = problem_asked(request, _number(request, "other"))
    actions.merge(problem, other, **how)
    return f"Problem {other.pk} is part of this one now"


@on_problem
def drop(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    actions.drop(problem, request.POST.get("reason", ""), **how)
    return "Dropped"


@on_problem
def link(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    ids = chosen(request.user, numbers(request.POST.get("ids", "").replace("#", "")))
    if not ids:
        raise Refused("Name a conversation by its number, as #4711.")
    new = actions.link_many(problem, ids, **how)
    return f"{new} conversation{'' if new == 1 else 's'} linked"


@on_problem
def unlink(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    conversation = conversation_asked(request, _number(request, "conversation"))
    actions.unlink_conversation(problem, conversation, **how)
    return f"#{conversation.pk} is not part of it"


@on_problem
def hand_over(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    said, department = request.POST, Department.objects.filter(pk=_number(request, "department")).first()
    template = Template.objects.filter(pk=_number(request, "template")).first()
    by_when = moment_asked(said.get("by_when", "")) if said.get("by_when") else None
    brief = Brief(said.get("need", ""), said.get("tried", ""), said.get("promised", ""), by_when)
    edition = newest_edition(template) if template else None
    actions.hand_over(problem, department, brief, edition=edition, **how)
    return f"Handed to {department}" if edition is None else f"Started along {template}"


@on_problem
def follow_up(request: Request, problem: Problem, how: dict[str, Any]) -> str:
    opened = actions.open_follow_ups(problem, **how)
    return f"{opened} follow-up{'' if opened == 1 else 's'} open"


@staff_only
@require_POST
def remove_evidence(request: Request, pk: int) -> HttpResponse:
    """It shows nothing after all."""
    found = get_object_or_404(Evidence, pk=pk)
    problem = problem_asked(request, found.problem_id)
    actions.remove_evidence(found, **how(request))
    return answer(request, "Evidence removed", back=f"/problems/{problem.pk}/")


@desk_only
@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """What looked like a problem is another."""
    sighting = get_object_or_404(Sighting, pk=pk)
    conversation = conversation_asked(request, sighting.conversation_id)
    actions.dismiss(sighting, **how(request))
    back = f"/conversations/{conversation.pk}/"
    return answer(request, f"#{conversation.pk} is not that problem", moved=[conversation.pk], back=back)


@desk_only
@require_POST
def belongs(request: Request) -> HttpResponse:
    """The chosen conversations are about a problem: one there is, or a new one of this title."""
    ids, number = ids_asked(request), _number(request, "problem")
    told = how(request)
    if number:
        problem = problem_asked(request, number)
        actions.link_many(problem, ids, **told)
    else:
        department = conversation_asked(request, ids[0]).department
        problem = actions.find(request.POST.get("title", ""), "", department, conversations=ids, **told)
    which = f"#{ids[0]} is" if len(ids) == 1 else f"{len(ids)} conversations are"
    return answer(request, f"{which} part of problem {problem.pk}", moved=ids[:200], back=f"/problems/{problem.pk}/")
