"""One customer: who they are, their addresses, all their conversations, and how they are forgotten."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.conversations import actions
from pitcrew.conversations.actions.joining import join_customers
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import files_of
from pitcrew.history.writing import recording
from pitcrew.people import actions as people
from pitcrew.people.models import Customer, Identity
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import numbers
from pitcrew.web.forms import CustomerAddress, CustomerForm, Form
from pitcrew.web.rules import administrators_only, desk_only
from pitcrew.web.telling import answer

MOST = 200


def _back(customer: Customer) -> str:
    return reverse("customer", args=[customer.pk])


def _show(request: Request, customer: Customer, **more: Any) -> HttpResponse:
    told = {
        "name": customer.name,
        "memo": customer.memo,
        "organization": customer.organization.name if customer.organization else "",
    }
    theirs = Conversation.objects.visible_to(request.user).filter(customer=customer, merged_into=None)
    theirs = theirs.select_related("department", "assignee").order_by("-last_message_at", "-pk")
    shown: dict[str, Any] = {
        "customer": customer,
        "form": CustomerForm(initial=told),
        "address_form": CustomerAddress(),
        "identities": Identity.objects.filter(customer=customer).order_by("pk"),
        "conversations": theirs[:MOST],
        "looked_for": "",
        "others": [],
        **more,
    }
    wrong = any(isinstance(each, Form) and each.is_bound for each in more.values())
    return render(request, "people/customer.html", shown, status=422 if wrong else 200)


@desk_only
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """The customer; with words to look for, also whom they might be joined with."""
    customer = get_object_or_404(Customer.objects.select_related("organization"), pk=pk)
    looked_for = request.GET.get("q", "").replace("\0", "").strip()[:200]
    others = _like(looked_for).exclude(pk=pk).prefetch_related("identities")[:8] if looked_for else []
    return _show(request, customer, looked_for=looked_for, others=others)


def _like(words: str) -> QuerySet[Customer]:
    known = Identity.objects.filter(value__icontains=words).values("customer_id")
    return Customer.objects.filter(Q(name__icontains=words) | Q(pk__in=known)).order_by("name", "pk")


@desk_only
@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    """Name, organization and memo."""
    customer, form = get_object_or_404(Customer, pk=pk), CustomerForm(request.POST)
    if form.done(lambda: _change(request, customer, form.cleaned_data)):
        return answer(request, f"{customer} is changed.", back=_back(customer))
    return _show(request, customer, form=form)


def _change(request: Request, customer: Customer, given: dict[str, str]) -> None:
    how: dict[str, Any] = {"by": acting(request), "at": timezone.now()}
    with recording("people.change_customer", **how):
        people.rename_customer(customer, given["name"], **how)
        people.describe_customer(customer, given["memo"].rstrip(), **how)
        people.place_in_organization(customer, given["organization"], **how)


@desk_only
@require_POST
def add_address(request: Request, pk: int) -> HttpResponse:
    """One more address they write from."""
    customer, form = get_object_or_404(Customer, pk=pk), CustomerAddress(request.POST)

    def act() -> None:
        people.add_identity(customer, "email", form.cleaned_data["value"], by=acting(request), at=timezone.now())

    if form.done(act):
        return answer(request, f"{form.cleaned_data['value']} belongs to {customer}.", back=_back(customer))
    return _show(request, customer, address_form=form)


ADDRESS_VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "verify": (people.verify_identity, "{} is theirs, you say."),
    "remove": (people.remove_identity, "{} is removed."),
}


@desk_only
@require_POST
def address(request: Request, pk: int, address: int, verb: str) -> HttpResponse:
    """Note that an address is theirs, or take it away."""
    if verb not in ADDRESS_VERBS:
        raise Http404("There is no such act.")
    identity = get_object_or_404(Identity.objects.select_related("customer"), pk=address, customer=pk)
    act, told = ADDRESS_VERBS[verb]
    act(identity, by=acting(request), at=timezone.now())
    return answer(request, told.format(identity.value), back=_back(identity.customer))


@desk_only
@require_POST
def join(request: Request, pk: int) -> HttpResponse:
    """This customer and another are one person; this one is kept."""
    customer = get_object_or_404(Customer, pk=pk)
    other = get_object_or_404(Customer, pk=(numbers(request.POST.get("other", "")) or [0])[0])
    join_customers(customer, other, by=acting(request), at=timezone.now())
    return answer(request, f"{other} and {customer} are one customer now.", back=_back(customer))


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: Request, pk: int) -> HttpResponse:
    """Say what would be erased; when the name is written as a proof of will, erase it."""
    customer, tried = get_object_or_404(Customer, pk=pk), request.method == "POST"
    if tried and request.POST.get("proof", "").strip() == str(customer).strip():
        actions.forget_customer(customer, by=acting(request), at=timezone.now())
        acting(request).did.clear()  # it cannot be undone, so no Undo is offered
        return answer(request, "The customer's data is erased. That somebody wrote, and when, stays.")
    shown = _what_goes(customer) | {"customer": customer, "proof": str(customer), "tried": tried}
    return render(request, "people/forget.html", shown, status=422 if tried else 200)


def _what_goes(customer: Customer) -> dict[str, Any]:
    return {
        "identities": Identity.objects.filter(customer=customer).order_by("pk"),
        "files": len(files_of(customer)),
        "conversations": Conversation.everything.filter(customer=customer).count(),
    }
