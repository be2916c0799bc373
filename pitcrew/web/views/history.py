"""The history of operations: what was done, what undoing it would bring back, and the undo itself."""

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.history import undoing
from pitcrew.history.models import Operation
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import numbers
from pitcrew.web.changes import operations_told, preview_told
from pitcrew.web.rules import staff_only
from pitcrew.web.taking_back import bring_drafts_back, may_take_back, sentence, touched
from pitcrew.web.telling import answer

ROWS = 50


@staff_only
@require_safe
def history(request: Request) -> HttpResponse:
    """What this person did; an administrator may look at what everybody did."""
    everybody = request.user.is_administrator and request.GET.get("who") == "everybody"
    rows = Operation.objects.all() if everybody else Operation.objects.filter(actor=str(acting(request)))
    before = (numbers(request.GET.get("before", "")) or [0])[0]
    rows = (rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: ROWS + 1]
    shown = list(rows)
    told = operations_told(shown[:ROWS])
    return render(request, "history/screen.html", {"told": told, "more": len(shown) > ROWS, "everybody": everybody})


@staff_only
@require_safe
def operation(request: Request, pk: int) -> HttpResponse:
    """One operation, and what undoing it would do."""
    found = get_object_or_404(Operation.objects.annotate(changes=Count("events")), pk=pk)
    if not may_take_back(request.user, [found]):
        raise Http404("There is no such act that you may take back.")
    told = preview_told(undoing.preview([found], at=timezone.now()))
    return render(request, "history/operation.html", {"act": operations_told([found])[0], "preview": told})


@staff_only
@require_POST
def undo(request: Request) -> HttpResponse:
    """Take back what these operations did. Later work of others stays."""
    operations = list(Operation.objects.filter(pk__in=numbers(request.POST.get("operations", ""))[:50]))
    if not operations or not may_take_back(request.user, operations):
        raise Http404("There is nothing here that you may take back.")
    done = undoing.undo(operations, by=acting(request), at=timezone.now())
    newest = list(Operation.objects.filter(actor=str(acting(request)), is_undo=True).order_by("-pk")[:1])
    drafted = []
    if done.comes_back and newest:
        acting(request).did[:] = [newest[0].pk]
        drafted = bring_drafts_back(newest[0], request.user, timezone.now())
    return answer(request, sentence(done), moved=touched(operations), opens=drafted[:1], back="/history/")
