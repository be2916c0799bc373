"""What is done with one or many conversations at once: every verb has its own address and takes the same form."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from pitcrew.conversations import actions
from pitcrew.conversations.models import Place
from pitcrew.people.models import Department, Staff
from pitcrew.people.refusals import Refused
from pitcrew.web.acting import Request, how
from pitcrew.web.asked import conversation_asked, ids_asked, numbers, standing_conversation
from pitcrew.web.closing import ask_why_where_a_leg_is_out
from pitcrew.web.moments import moment_asked
from pitcrew.web.rules import View, desk_only
from pitcrew.web.telling import answer
from pitcrew.web.telling_time import clock

Verb = Callable[[Request, list[int]], str]


def on_chosen(*, leaves: bool = False) -> Callable[[Verb], View]:
    """A view for a verb: finds the chosen conversations, does it, tells it with Undo."""

    def wear(verb: Verb) -> View:
        @desk_only
        @require_POST
        @wraps(verb)
        def view(request: Request) -> HttpResponse:
            ids = ids_asked(request)
            sentence = verb(request, ids)
            return answer(request, f"{_count(ids)} {sentence}", moved=ids[:200], leaves=leaves)

        return view

    return wear


def _count(ids: list[int]) -> str:
    return f"#{ids[0]}" if len(ids) == 1 else f"{len(ids)} conversations"


@on_chosen(leaves=True)
def close(request: Request, ids: list[int]) -> str:
    why = request.POST.get("why", "").strip()
    if not why:
        ask_why_where_a_leg_is_out(ids)
    actions.close_many(ids, why=why, **how(request))
    return "closed"


@on_chosen()
def reopen(request: Request, ids: list[int]) -> str:
    actions.reopen_many(ids, **how(request))
    return "opened again"


@on_chosen()
def assign(request: Request, ids: list[int]) -> str:
    number = (numbers(request.POST.get("staff", "")) or [0])[0]
    staff = get_object_or_404(Staff, pk=number, deactivated_at=None) if number else None
    actions.assign_many(ids, staff, **how(request))
    return f"given to {staff}" if staff else "given to nobody in particular"


@on_chosen()
def transfer(request: Request, ids: list[int]) -> str:
    department = get_object_or_404(Department, pk=(numbers(request.POST.get("department", "")) or [0])[0])
    actions.transfer_many(ids, department, **how(request))
    return f"moved to {department}"


@on_chosen(leaves=True)
def snooze(request: Request, ids: list[int]) -> str:
    until = moment_asked(request.POST.get("until", ""))
    actions.snooze_many(ids, until, **how(request))
    return f"snoozed until {clock(until, timezone.now())}"


@on_chosen()
def tag(request: Request, ids: list[int]) -> str:
    name = request.POST.get("name", "")
    actions.tag_many(ids, name, **how(request))
    return f"tagged {name.strip()}"


@on_chosen()
def prioritise(request: Request, ids: list[int]) -> str:
    priority = request.POST.get("priority", "")
    actions.prioritise_many(ids, priority, **how(request))
    return f"set to {priority}"


@on_chosen()
def untag(request: Request, ids: list[int]) -> str:
    name = request.POST.get("name", "")
    actions.untag_many(ids, name, **how(request))
    return f"no longer tagged {name.strip()}"


@on_chosen(leaves=True)
def spam(request: Request, ids: list[int]) -> str:
    actions.place_many(ids, Place.SPAM, **how(request))
    return "marked as spam"


@on_chosen(leaves=True)
def trash(request: Request, ids: list[int]) -> str:
    actions.place_many(ids, Place.TRASH, **how(request))
    return "put into the trash"


@on_chosen(leaves=True)
def restore(request: Request, ids: list[int]) -> str:
    actions.place_many(ids, Place.DESK, **how(request))
    return "back on the desk"


@on_chosen(leaves=True)
def merge(request: Request, ids: list[int]) -> str:
    named = numbers(request.POST.get("into", "").lstrip("# "))
    if not named and len(ids) < 2:
        raise Refused("Say into which conversation, by its number.")
    kept = standing_conversation(request, named[0] if named else ids[0])
    actions.merge_many(kept, [pk for pk in ids if pk != kept.pk], **how(request))
    return f"merged into #{kept.pk}"


@on_chosen()
def follow(request: Request, ids: list[int]) -> str:
    actions.follow_many(ids, request.user, **how(request))
    return "followed by you"


@on_chosen()
def unfollow(request: Request, ids: list[int]) -> str:
    actions.unfollow_many(ids, request.user, **how(request))
    return "no longer followed by you"


@on_chosen()
def rename(request: Request, ids: list[int]) -> str:
    actions.rename(standing_conversation(request, ids[0]), request.POST.get("subject", ""), **how(request))
    return "has another subject"


@on_chosen(leaves=True)
def join(request: Request, ids: list[int]) -> str:
    conversation = standing_conversation(request, ids[0])
    conversation_asked(request, conversation.maybe_part_of_id or conversation.pk)
    kept = actions.join(conversation, **how(request))
    return f"joined with #{kept.pk}"


@on_chosen()
def stand_alone(request: Request, ids: list[int]) -> str:
    actions.stand_alone(standing_conversation(request, ids[0]), **how(request))
    return "stands alone"
