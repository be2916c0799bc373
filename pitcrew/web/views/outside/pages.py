"""One leg, for the party it was handed to; and the progress of a case, for its customer."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pitcrew.relays.doors.queries import door_at, page_at
from pitcrew.web.outside import leg_page, progress_page
from pitcrew.web.outside.guarding import outside
from pitcrew.web.rules import anybody


@anybody
@outside
def leg(request: HttpRequest, word: str) -> HttpResponse:
    """Take it, ask, send it back, say that it is done."""
    now = timezone.now()
    answer = leg_page.acted if request.method == "POST" else leg_page.shown
    return answer(request, word, door_at(word, now), now)


@anybody
@outside
def progress(request: HttpRequest, word: str) -> HttpResponse:
    """How far it is; it arrived, something is different, write to us."""
    now = timezone.now()
    answer = progress_page.acted if request.method == "POST" else progress_page.shown
    return answer(request, word, page_at(word, now), now)
