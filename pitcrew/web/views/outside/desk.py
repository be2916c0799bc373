"""What the desk does with links: takes the customer's progress page down, takes a link to a leg back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.relays.access import may_see
from pitcrew.relays.doors import actions
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import page_word
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import conversation_asked, standing_conversation
from pitcrew.web.rules import desk_only, staff_only
from pitcrew.web.telling import answer, refuse


@desk_only
@require_safe
def see_progress(request: Request, pk: int) -> HttpResponse:
    """Open the page that the customer sees."""
    return redirect("outside-progress", page_word(conversation_asked(request, pk)))


@desk_only
@require_POST
def withdraw_progress(request: Request, pk: int) -> HttpResponse:
    """Take the customer's progress page down."""
    conversation = standing_conversation(request, pk)
    actions.withdraw_progress(conversation, by=acting(request), at=timezone.now())
    told = "The progress page is down. Later mails carry a new link"
    return answer(request, told, moved=[pk], back=f"/conversations/{pk}/")


@staff_only
@require_POST
def revoke_door(request: Request, pk: int) -> HttpResponse:
    """Take a link to a leg back."""
    door = get_object_or_404(Door, pk=pk)
    if not may_see(request.user, door.leg):
        return refuse(request, "There is nothing at this address, or nothing that you may see.", status=404)
    actions.revoke(door, by=acting(request), at=timezone.now())
    back = f"/conversations/{door.conversation_id}/" if door.conversation_id else "/"
    return answer(request, f"The link of {door} is taken back", moved=[door.conversation_id or 0], back=back)
