"""The outbox: answers that wait for their undo window, are tried again, or did not arrive."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.channels.email.outbox import hurry
from pitcrew.conversations.actions.delivering import send_again
from pitcrew.conversations.models import Direction, Message, State
from pitcrew.conversations.queries import outbox
from pitcrew.history.models import Event
from pitcrew.people.refusals import Refused
from pitcrew.web.acting import Request, acting
from pitcrew.web.rules import desk_only
from pitcrew.web.telling import answer
from pitcrew.web.written import addresses

MOST = 200


@desk_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What has not left, and what came back and waits for somebody."""
    later = Message.objects.filter(
        conversation=OuterRef("conversation"), direction=Direction.OUT, pk__gt=OuterRef("pk")
    )
    settled = Q(undelivered_at__isnull=False) & (Q(conversation__state=State.DONE) | Exists(later))
    rows = list(outbox(request.user).exclude(settled).select_related("delivery", "conversation__customer")[:MOST])
    waiting = [row for row in rows if not row.undelivered_at]
    failing = [row for row in waiting if getattr(row, "delivery", None)]
    shown = {
        "undelivered": [row for row in rows if row.undelivered_at],
        "failing": failing,
        "leaving": [(row, _began(row)) for row in waiting if row not in failing],
    }
    return render(request, "outbox/list.html", shown)


def _began(message: Message) -> int:
    """The operation by which it was written: taking that back keeps it from leaving."""
    births = Event.objects.filter(subject_type=Message._meta.label_lower, subject_id=message.pk, is_birth=True)
    return births.values_list("operation_id", flat=True).first() or 0


@desk_only
@require_POST
def now(request: Request, pk: int) -> HttpResponse:
    """Do not wait for the next try."""
    message = get_object_or_404(outbox(request.user), pk=pk, undelivered_at=None)
    if not hurry(message, at=timezone.now()):
        raise Refused("It leaves by itself within seconds. There is no later try to bring forward.")
    return answer(request, "It is tried again now.", moved=[message.conversation_id], back="/outbox/")


@desk_only
@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Send it once more, perhaps to a corrected address."""
    message = get_object_or_404(outbox(request.user), pk=pk)
    to = addresses(request.POST.get("to", ""), "To") or message.to
    send_again(message, to, by=acting(request), at=timezone.now())
    told = f"Sending again to {to[0]}"
    return answer(request, told, moved=[message.conversation_id], seconds=15, back="/outbox/")
