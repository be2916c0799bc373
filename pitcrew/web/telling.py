"""What the person is told after an act: one sentence, and the way back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from pitcrew.web.acting import acting

KEY = "told"


@dataclass
class Told:
    """``undo`` holds the operations that *Undo* takes back; ``seconds`` is how long the bar stays (0: until closed).

    ``reason_for`` are the conversations (ids with commas) that are closed all the same when somebody says why.
    """

    sentence: str
    undo: list[int] = field(default_factory=list)
    seconds: int = 12
    is_refusal: bool = False
    confirms: bool = False
    reason_for: str = ""


def answer(
    request: HttpRequest,
    sentence: str,
    *,
    moved: Iterable[int] = (),
    leaves: bool = False,
    opens: Iterable[int] = (),
    seconds: int = 12,
    back: str = "/",
) -> HttpResponse:
    """Tell what was done, with Undo; a screen then fetches anew what moved.

    ``leaves`` says that the conversations left the list they stood in, so the screen goes on to the next one;
    ``opens`` names one that should be shown anew, composer and all.
    """
    told = Told(sentence, acting(request).did, seconds)
    if not request.headers.get("HX-Request"):
        request.session[KEY] = asdict(told)
        return HttpResponseRedirect(same_site(request, request.POST.get("next", ""), back))
    response = render(request, "fragments/told.html", {"told": told})
    response["HX-Trigger"] = json.dumps({"moved": {"ids": list(moved), "leaves": leaves, "opens": list(opens)}})
    return response


def refuse(
    request: HttpRequest, sentence: str, status: int = 422, *, confirms: bool = False, reason_for: str = ""
) -> HttpResponse:
    """Say why something was not done, where the person looks: in the bar, or on a page.

    ``confirms`` offers to do it all the same; ``reason_for`` (conversations) to close them with a reason.
    """
    if request.headers.get("HX-Request"):
        told = Told(sentence, seconds=0, is_refusal=True, confirms=confirms, reason_for=reason_for)
        response = render(request, "fragments/told.html", {"told": told}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML"
        return response
    shown = {"sentence": sentence, "reason_for": reason_for}
    return render(request, "pages/refused.html", shown, status=status)


def last_told(request: HttpRequest) -> Told | None:
    """What the act before this page said; told once."""
    if request.headers.get("HX-Request") or KEY not in getattr(request, "session", {}):
        return None
    return Told(**request.session.pop(KEY))


def same_site(request: HttpRequest, address: str, otherwise: str = "/") -> str:
    """An address to go on to, if it is ours; anything else leads to ``otherwise`` (CWE-601)."""
    hosts = {request.get_host()}
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, hosts, request.is_secure())
    return address if is_path else otherwise
