"""Answer all: one text for everybody whom a problem touched, every letter looked at before it goes."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pitcrew.conversations.models import State
from pitcrew.people.refusals import NeedsConfirmation, Refused
from pitcrew.problems import actions
from pitcrew.problems.languages import NAMES
from pitcrew.problems.letters import KNOWN, Letters, languages_of, prepare
from pitcrew.problems.models import Problem
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import numbers
from pitcrew.web.rules import desk_only
from pitcrew.web.telling import answer
from pitcrew.web.views.problems import problem_asked

PAGE = 20  # letters of one page
LONGEST = 50_000  # characters of one text


@dataclass
class Asked:
    """What the form says: the texts, who is left out, which letters were changed by hand."""

    texts: dict[str, str]
    left_out: set[int] = field(default_factory=set)
    edits: dict[int, str] = field(default_factory=dict)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, pk: int) -> HttpResponse:
    """Write the text, look at every letter, send them all."""
    problem, wanted = problem_asked(request, pk), request.POST.get("do", "")
    asked = _asked(request)
    if request.method != "POST":
        return _page(request, problem, asked)
    try:
        if wanted == "send":
            return _send(request, problem, asked)
        letters = prepare(problem, asked.texts, request.user, except_for=asked.left_out, edits=asked.edits)
    except Refused as refused:
        return _page(request, problem, asked, refused=refused, letters=_letters(request, problem, asked))
    return _page(request, problem, asked, letters=letters)


def _asked(request: Request) -> Asked:
    said = request.POST
    texts = {code: _plain(said.get(f"text-{code}", "")) for code in NAMES}
    left_out = set(numbers(said.get("left_out", "")))
    shown, ticked = set(numbers(said.get("shown", ""))), set(map(int, filter(str.isdigit, said.getlist("goes"))))
    edits = {int(n[5:]): _plain(said[n]) for n in said if n.startswith("edit-") and n[5:].isdigit()}
    edits = {pk: text for pk, text in edits.items() if text != _plain(said.get(f"was-{pk}", "\r"))}
    return Asked(texts, (left_out - shown) | (shown - ticked), edits)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")[:LONGEST]


def _send(request: Request, problem: Problem, asked: Asked) -> HttpResponse:
    then = State.DONE if request.POST.get("then") == "close" else State.WAITING_ON_CUSTOMER
    sent = actions.answer_all(
        problem,
        asked.texts,
        except_for=asked.left_out,
        edits=asked.edits,
        then=then,
        confirmed=bool(request.POST.get("confirmed")),
        by=acting(request),
        at=timezone.now(),
    )
    told = f"{len(sent)} answer{'' if len(sent) == 1 else 's'} on the way"
    ids = [message.conversation_id for message in sent]
    return answer(request, told, moved=ids[:200], seconds=15, back=f"/problems/{problem.pk}/")


def _letters(request: Request, problem: Problem, asked: Asked) -> Letters | None:
    """The letters that a refusal speaks of, where they can be written at all."""
    try:
        return prepare(problem, asked.texts, request.user, except_for=asked.left_out, edits=asked.edits)
    except Refused:
        return None


def _page(
    request: Request,
    problem: Problem,
    asked: Asked,
    *,
    letters: Letters | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    wanted = request.POST.get("do", "")
    place = int(wanted.removeprefix("page-")) if wanted[5:].isdigit() and wanted.startswith("page-") else 1
    spoken = languages_of(problem, request.user)
    shown: dict[str, Any] = {
        "problem": problem,
        "asked": asked,
        "languages": [(code, NAMES[code], count) for code, count in spoken.items()],
        "gaps": KNOWN,
        "letters": letters,
        "page": _part(letters, place) if letters else [],
        "place": place,
        "pages": (len(letters.going) + PAGE - 1) // PAGE if letters else 0,
        "refused": refused,
        "asks": isinstance(refused, NeedsConfirmation),
    }
    return render(request, "problems/answer.html", shown, status=422 if refused else 200)


def _part(letters: Letters, place: int) -> list:
    return letters.going[(place - 1) * PAGE : place * PAGE]
