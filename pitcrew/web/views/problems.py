"""Root causes: which there are, and everything about one."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from pitcrew.conversations.files import files
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import chosen
from pitcrew.people.models import Department, Membership, Organization, Staff
from pitcrew.problems import actions
from pitcrew.problems.models import Evidence, EvidenceKind, Problem, ProblemLink, Rule, Sighting, Stage
from pitcrew.problems.mood import FORMULA
from pitcrew.problems.queries import (
    baseline,
    days_of,
    days_of_many,
    listed,
    may_see_problems,
    problem_seen,
    severity_of,
)
from pitcrew.relays.models import Leg, Template
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import numbers
from pitcrew.web.charts import Bars, bars
from pitcrew.web.rules import desk_only, staff_only
from pitcrew.web.telling import answer
from pitcrew.web.views.files import safe_name

LINKED, SEEMING = 200, 30  # rows of a page


def problem_asked(request: Request, pk: int) -> Problem:
    """The problem of this number; Http404 where there is none, or none for this person."""
    found = problem_seen(request.user, pk)
    if found is None:
        raise Http404(f"There is no problem {pk} that you may see.")
    return found


@staff_only
@require_safe
def index(request: Request) -> HttpResponse:
    """The problems, the gravest first."""
    done = request.GET.get("which") == "done"
    rows = listed(request.user, done=done)
    days = days_of_many([row.problem.pk for row in rows], timezone.now())
    lines = [(row, bars(days[row.problem.pk], width=112, height=24)) for row in rows]
    return render(request, "problems/list.html", {"lines": lines, "done": done, "formula": FORMULA})


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Name a root cause, perhaps of chosen conversations."""
    ids = chosen(request.user, numbers(request.POST.get("ids", "") or request.GET.get("ids", "")))
    if request.method == "POST":
        department = get_object_or_404(Department, pk=(numbers(request.POST.get("department", "")) or [0])[0])
        told = (request.POST.get("title", ""), request.POST.get("words", ""), department)
        found = actions.find(*told, conversations=ids, by=acting(request), at=timezone.now())
        return answer(request, f"Problem {found.pk} is named", back=f"/problems/{found.pk}/")
    departments = Department.objects.order_by("name")
    shown = {"ids": ids, "departments": departments, "title": request.GET.get("title", "")[:200]}
    return render(request, "problems/new.html", shown)


@staff_only
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """A problem: where it stands, whom it touched, what shows the fix, what the watch sees."""
    problem = problem_asked(request, pk)
    if problem.merged_into_id:
        return redirect("problem", problem.merged_into_id)
    return render(request, "problems/show.html", _about(request, problem) | _choices(request, problem))


def _about(request: Request, problem: Problem) -> dict[str, Any]:
    visible = Conversation.objects.visible_to(request.user).values("pk")
    links = ProblemLink.objects.filter(problem=problem)
    shown = links.filter(conversation__in=visible).select_related("conversation__customer", "conversation__department")
    linked = links.values("conversation")
    seeming = Sighting.objects.filter(problem=problem, conversation__in=visible).exclude(conversation__in=linked)
    return {
        "problem": problem,
        "row": severity_of(problem),
        "formula": FORMULA,
        "stages": Stage.choices,
        "reached": list(Stage.values).index(problem.stage),
        "links": list(shown.order_by("-pk")[:LINKED]),
        "hidden": links.count() - shown.count(),
        "seeming": list(seeming.select_related("conversation__customer").order_by("-pk")[:SEEMING]),
        "evidence": list(Evidence.objects.filter(problem=problem).select_related("author").order_by("-pk")),
        "chart": _chart(problem),
    }


def _chart(problem: Problem) -> Bars:
    days = days_of(problem, timezone.now())
    since = localtime(problem.watching_since).date() if problem.watching_since else None
    ended = problem.recurred_at if problem.is_open else problem.watch_until
    until = localtime(ended).date() if ended else None
    return bars(days, width=720, height=120, baseline=baseline(problem, days), since=since, until=until)


def _choices(request: Request, problem: Problem) -> dict[str, Any]:
    able = Membership.objects.active().filter(department=problem.department).values("staff")
    people = Staff.objects.filter(pk__in=able).order_by("name")
    others = may_see_problems(request.user).filter(dropped_at=None, merged_into=None).exclude(pk=problem.pk)
    return {
        "people": sorted(people, key=lambda each: each.pk != request.user.pk),
        "departments": Department.objects.order_by("name"),
        "organizations": Organization.objects.order_by("name")[:500],
        "kinds": EvidenceKind.choices,
        "rule": Rule.objects.filter(problem=problem).first(),
        "templates": Template.objects.order_by("name"),
        "legs": Leg.objects.filter(relay__problem=problem.pk).select_related("department", "holder").order_by("pk"),
        "promised": len(actions.promised(problem)) if not problem.is_open else 0,
        "other_problems": others.order_by("-pk")[:200],
    }


@staff_only
@require_safe
def photo(request: Request, pk: int) -> HttpResponseBase:
    """A file that shows a fix, to save."""
    evidence = get_object_or_404(Evidence, pk=pk)
    problem_asked(request, evidence.problem_id)
    try:
        file = files().open(evidence.content_hash)
    except (FileNotFoundError, ValueError):
        raise Http404("There is no such file, or it is not in the store any more.")
    return FileResponse(file, as_attachment=True, filename=safe_name(evidence.name))
