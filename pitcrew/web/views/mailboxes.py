"""Mailboxes: which there are, whether they work, and what the servers say."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.channels.email import mailboxes, trying
from pitcrew.channels.email.models import Mailbox
from pitcrew.web.acting import Request, acting
from pitcrew.web.forms import MailboxForm
from pitcrew.web.listening import mail_port
from pitcrew.web.rules import administrators_only
from pitcrew.web.settings_page import page
from pitcrew.web.telling import answer

PART = "mailboxes"


@administrators_only
@require_safe
def index(request: Request) -> HttpResponse:
    """The mailboxes and whether they work."""
    rows = Mailbox.objects.select_related("department").order_by("address")
    return page(request, "settings/mailboxes.html", part=PART, mailboxes=rows, mail_port=mail_port())


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Name a mailbox."""
    form = MailboxForm(request.POST or None)

    def act() -> Mailbox:
        return mailboxes.name_mailbox(**form.cleaned_data, by=acting(request), at=timezone.now())

    if request.method == "POST" and form.done(act):
        back = reverse("mailbox", args=[form.result.pk])
        return answer(request, f"{form.result} is a mailbox now.", back=back)
    return _form(request, form, None)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change how a mailbox is fetched and answered."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm(request.POST or None, mailbox=mailbox)
    if request.method == "POST" and form.done(lambda: _change(request, mailbox, form.cleaned_data)):
        return answer(request, f"{mailbox} is changed.", back=reverse("mailbox", args=[pk]))
    return _form(request, form, mailbox)


def _change(request: Request, mailbox: Mailbox, given: dict[str, Any]) -> None:
    mailboxes.change_mailbox(mailbox, **given, by=acting(request), at=timezone.now())


@administrators_only
@require_POST
def test(request: Request, pk: int) -> HttpResponse:
    """Knock at both servers and show what they say."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    tried = trying.both(mailbox)
    if mailbox.stopped_at and all(one.works for one in tried):
        mailboxes.start(mailbox, by=acting(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        return render(request, "settings/tried.html", {"tried": tried})
    return _form(request, MailboxForm(mailbox=mailbox), mailbox, tried=tried)


@administrators_only
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take no more mail for it."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    mailboxes.remove_mailbox(mailbox, by=acting(request), at=timezone.now())
    return answer(request, f"{mailbox} is removed. What came to it stays.", back=reverse("mailboxes"))


def _form(request: Request, form: MailboxForm, mailbox: Mailbox | None, **more: Any) -> HttpResponse:
    shown = {"form": form, "mailbox": mailbox, "mail_port": mail_port(), "tried": [], **more}
    return page(request, "settings/mailbox.html", part=PART, **shown)
