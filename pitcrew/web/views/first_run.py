"""The first page of an installation: who administrates, the first department, perhaps the first mailbox."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.history.actors import Actor
from pitcrew.history.writing import recording
from pitcrew.people import actions as people
from pitcrew.people.models import Role, Staff
from pitcrew.people.queries import front_desk
from pitcrew.people.sign_in_links import redeem_first
from pitcrew.web.forms import FirstRun
from pitcrew.web.rules import anybody
from pitcrew.web.signing_in import Colleagues, sign_in

BY = Actor("pitcrew", "setup", door="web")


@anybody
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Set Pitcrew up, then go straight to the queue. The link is good as long as there is no staff."""
    at = timezone.now()
    redeem_first(token, at)
    present = front_desk()
    form = FirstRun(request.POST or None, initial={"department": present.name if present else "Front desk"})
    if request.method == "POST" and form.done(lambda: set_up(form.cleaned_data, token, at)):
        sign_in(request, form.result)
        return redirect("home")
    return render(request, "first_run/start.html", {"form": form, "token": token}, status=422 if form.errors else 200)


def set_up(given: dict[str, str], token: str, at: datetime) -> Staff:
    """One act: the first administrator, the department they answer in, and the mailbox if one is named."""
    with recording("people.set_up", by=BY, at=at):
        redeem_first(token, at)
        how = {"by": BY, "at": at}
        first = people.hire(given["email"], given["name"], is_administrator=True, **how)
        department = front_desk() or people.open_department(given["department"], **how)
        if department.name != given["department"]:
            people.change_department(department, name=given["department"], **how)
        people.add_member(department, first, Role.LEAD, **how)
        if given["mailbox"]:
            name_mailbox(given["mailbox"], department, **how)
    if given["password"]:
        Colleagues().set_password(first, given["password"])
    return first
