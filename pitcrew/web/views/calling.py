"""A call back: promised with a moment, noted when it was made, released with a reason."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pitcrew.conversations import actions
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import standing_conversation
from pitcrew.web.moments import moment_asked
from pitcrew.web.rules import desk_only
from pitcrew.web.telling import answer
from pitcrew.web.telling_time import clock


@desk_only
@require_POST
def promise(request: Request, pk: int) -> HttpResponse:
    """Tell the customer when they will be called."""
    conversation, at = standing_conversation(request, pk), timezone.now()
    when, words = moment_asked(request.POST.get("when", "")), request.POST.get("words", "")[:300]
    actions.promise_call_back(conversation, when, words, by=acting(request), at=at)
    return answer(request, f"A call back is promised for {clock(when, at)}", moved=[pk], back=f"/conversations/{pk}/")


@desk_only
@require_POST
def called(request: Request, pk: int) -> HttpResponse:
    """The customer was called; or nobody waits for the call any more."""
    conversation = standing_conversation(request, pk)
    is_given_up = request.POST.get("how") == "release"
    act = actions.release_call if is_given_up else actions.note_call
    act(conversation, request.POST.get("words", ""), by=acting(request), at=timezone.now())
    sentence = "The call is promised no more" if is_given_up else "The call is noted"
    return answer(request, sentence, moved=[pk], back=f"/conversations/{pk}/")
