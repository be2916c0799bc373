"""Writing: an answer, a note, the draft of either, the files that go along."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.conversations import actions, drafts
from pitcrew.conversations.canned import canned_for, filled
from pitcrew.conversations.models import State
from pitcrew.history.writing import recording
from pitcrew.people.refusals import Refused
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import conversation_asked, standing_conversation
from pitcrew.web.closing import then_asked
from pitcrew.web.moments import moment_asked
from pitcrew.web.rules import desk_only, staff_only
from pitcrew.web.telling import answer
from pitcrew.web.written import LONGEST, addresses, keep, refuse_when_stale, written

SENDING = {"": "Sending to", "close": "Closed, and sending to", "snooze": "Snoozed, and sending to"}


@desk_only
@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    """Answer the customer, and perhaps close or snooze at once."""
    conversation, at, then = standing_conversation(request, pk), timezone.now(), then_asked(request, pk)
    refuse_when_stale(conversation, request.POST.get("newest", ""), at)
    said, (to, cc) = written(request), [addresses(request.POST.get(f.lower(), ""), f) for f in ("To", "Cc")]
    state = State.DONE if then == "close" else State.WAITING_ON_CUSTOMER
    with recording("conversations.reply", by=acting(request), at=at):
        how = {"files": said.files, "html": said.html, "by": acting(request), "at": at}
        confirmed = bool(request.POST.get("confirmed"))
        actions.reply(conversation, said.text, to=to, cc=cc, then=state, confirmed=confirmed, **how)
        if then == "snooze":
            actions.snooze(conversation, moment_asked(request.POST.get("until", "")), by=acting(request), at=at)
        drafts.drop(conversation, request.user)
    sentence = f"{SENDING.get(then, SENDING[''])} {to[0]}"
    return answer(request, sentence, moved=[pk], leaves=bool(then), seconds=15, back=f"/conversations/{pk}/")


@staff_only
@require_POST
def note(request: Request, pk: int) -> HttpResponse:
    """Leave words that only staff may read."""
    conversation, said = standing_conversation(request, pk), written(request)
    how = {"files": said.files, "html": said.html, "by": acting(request), "at": timezone.now()}
    actions.note(conversation, said.text, **how)
    drafts.drop(conversation, request.user, is_note=True)
    return answer(request, f"Note left on #{pk}", moved=[pk], back=f"/conversations/{pk}/")


@staff_only
@require_POST
def draft(request: Request, pk: int) -> HttpResponse:
    """Keep what is written so far; an empty one is forgotten."""
    conversation, body = standing_conversation(request, pk), request.POST.get("body", "")
    if len(body) > LONGEST:
        raise Refused("This is longer than 500,000 characters and is not kept. Attach it as a file instead.")
    drafts.save(conversation, request.user, body, is_note=request.POST.get("kind") == "note", at=timezone.now())
    return HttpResponse(status=204)


@staff_only
@require_POST
def upload(request: Request, pk: int) -> HttpResponse:
    """Take files that were dropped, pasted or chosen; each becomes a line of the composer."""
    conversation_asked(request, pk)
    kept = [keep(file) for file in request.FILES.getlist("file")[:20]]
    return render(request, "conversation/uploads.html", {"kept": kept})


@desk_only
@require_safe
def canned(request: Request, pk: int) -> HttpResponse:
    """The canned replies for this conversation, their gaps filled in."""
    conversation = conversation_asked(request, pk)
    rows = canned_for(request.user, conversation)
    replies = [(row.name, filled(row.text, conversation, request.user)) for row in rows]
    return render(request, "conversation/canned.html", {"replies": replies})
