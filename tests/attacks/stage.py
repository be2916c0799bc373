# ruff: noqa: E402
"""Sets up the installation that a browser test attacks; run in a process of its own on that test's data folder."""

import json

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role


def open_desk() -> dict:
    """One department with one colleague; gives her session."""
    call_command("migrate", verbosity=0)
    how = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}
    ana = people.hire("ana@company.test", "Ana Ruiz", **how)
    people.add_member(people.open_department("Front desk", **how), ana, Role.AGENT, **how)
    session = SessionStore()
    session[SESSION_KEY] = str(ana.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = ana.get_session_auth_hash()
    session.create()
    return {"session": session.session_key}


if __name__ == "__main__":
    print(json.dumps(open_desk()))
