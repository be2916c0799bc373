"""`pitcrew sign-in-link`: a way in for somebody who is at the machine itself."""

from argparse import Namespace
from datetime import datetime

from django.utils import timezone

from pitcrew.cli.address import remembered
from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.faults import Fault
from pitcrew.people.models import Staff
from pitcrew.people.queries import normalised
from pitcrew.people.refusals import Refused
from pitcrew.people.sign_in_links import make, make_first

PATH = "/sign-in/once/"
FIRST_PATH = "/start/"


def run(options: Namespace) -> None:
    bring_up_to_date(lambda sentence: None)
    try:
        print(remembered() + path_for(options.email, timezone.now()))
    except Refused as refused:
        raise Fault(str(refused)) from refused


def path_for(email: str, at: datetime) -> str:
    """The path that signs in this person, or the first active administrator; without any staff, the first-run page."""
    staff = Staff.objects.filter(deactivated_at=None).order_by("-is_administrator", "id")
    if email:
        staff = staff.filter(email=normalised("email", email))
    who = staff.first()
    if who is not None:
        return f"{PATH}{make(who, at)}/"
    if email and Staff.objects.exists():
        raise Fault(f"nobody active on the staff has the address {email}. Look at it once more.")
    return f"{FIRST_PATH}{make_first(at)}/"
