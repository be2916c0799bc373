"""Sets up the installation that a browser test attacks; run in a process of its own on that test's data folder."""

import json

from django.core.management import call_command
from django.utils import timezone

from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from tests.web.stage import session_of


def run() -> None:
    """One department with one colleague; prints her session."""
    call_command("migrate", verbosity=0)
    how = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}
    ana = people.hire("ana@company.test", "Ana Ruiz", **how)
    people.add_member(people.open_department("Front desk", **how), ana, Role.AGENT, **how)
    print(json.dumps({"session": session_of(ana)}))
