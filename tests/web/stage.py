"""What happens in the installation of a browser test; run in a process of its own on that test's data folder."""

import json
import sys
from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role, Staff
from pitcrew.problems import actions as problems
from pitcrew.promises import actions as promises

SUBJECTS = ("Card has not arrived", "Charged twice", "The app logs me out", "Invoice copy", "Limit for travel")


def open_desk() -> dict:
    call_command("migrate", verbosity=0)
    how = {"by": Actor("pitcrew", "setup"), "at": timezone.now() - timedelta(days=1)}
    front, cards = (people.open_department(name, **how) for name in ("Front desk", "Card processing"))
    ana, ben = (people.hire(f"{n.split()[0].lower()}@company.test", n, **how) for n in ("Ana Ruiz", "Ben Ode"))
    for staff in (ana, ben):
        for department in (front, cards):
            people.add_member(department, staff, Role.AGENT, **how)
    actions.add_canned("Address", "Dear {customer.first_name}, we noted your address.", **how)
    now = timezone.now()
    for number, subject in enumerate(SUBJECTS):
        receive("Martin Haas", subject, "Please look into it.", now - timedelta(hours=number + 1))
    return {"session": session_of(ana)}


def receive(name: str, subject: str, text: str, at, **more) -> Message:
    address = f"{name.split()[0].lower()}@customer.test"
    letter = Incoming(channel="email", address=address, name=name, subject=subject, text=text, **more)
    return actions.receive(letter, by=Actor("pitcrew", "stage"), at=at)


def open_problems() -> dict:
    """Three problems: one that came back, one that is watched, one that is gone for good."""
    now, ana = timezone.now(), Staff.objects.get(email="ana@company.test")
    by, front = Actor("agent", ana.pk), Conversation.objects.earliest("pk").department
    texts = (
        "My card is not here, the envelope had no flat number.",
        "Again no card because of the flat number, I am furious.",
        "Meine Karte ist nicht da, der Brief kam ohne die Wohnungsnummer.",
    )
    people = ("Lena Vogt", "Tom Berg", "Nora Weiss", "Paul Ode", "Zoe Lind")
    ids = [
        receive(name, "Card missing", texts[n % 3], now - timedelta(days=n * 2 + 10)) for n, name in enumerate(people)
    ]
    numbers = [message.conversation_id for message in ids]
    how = {"by": by, "at": now - timedelta(days=9)}
    words = "The new layout of the printer leaves out the flat number."
    cards = problems.find("Printed cards lack the flat number", words, front, conversations=numbers, **how)
    problems.own(cards, ana, **how)
    problems.workaround(cards, "Pick the card up at a branch.", **how)
    problems.claim_fix(cards, problems.Proof("release", "Print service 4.2"), watch_for=14, **how)
    late = receive("Kim Sol", "No card", "No flat number on the letter.", now - timedelta(hours=3))
    problems.sight(cards, late, score=0.9, because="flat, number", by=by, at=now)
    receive("Ola Nord", "Card", "Where is the card? It lacks the flat number.", now - timedelta(hours=1))
    debits = problems.find("March invoice debited twice", "", front, conversations=numbers[:1], **how)
    problems.claim_fix(debits, problems.Proof("change", "Lock in the batch"), watch_for=14, **how)
    gone = problems.find("App logs out after the update", "", front, conversations=numbers[1:3], **how)
    problems.claim_fix(gone, problems.Proof("release", "App 7.1"), watch_for=7, **how)
    problems.make_permanent(gone, by=by, at=now)
    return {"problem": cards.pk}


def session_of(staff: Staff) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    return session.session_key


def letter(subject: str, text: str) -> dict:
    conversation = Conversation.objects.filter(subject=subject).first()
    message = receive("Martin Haas", subject, text, timezone.now(), conversation=conversation)
    return {"conversation": message.conversation_id}


def tell(subject: str) -> dict:
    """What the database holds of a conversation."""
    conversation = Conversation.objects.get(subject=subject)
    sent = Message.objects.filter(conversation=conversation, direction="out")
    return vars(SimpleNamespace(id=conversation.pk, state=conversation.state, sent=[m.text for m in sent]))


def owe() -> dict:
    """Ana administrates; everybody is promised something, and three letters come: of now, of this morning, too old."""
    now = timezone.now()
    how = {"by": Actor("pitcrew", "setup"), "at": now - timedelta(days=1)}
    people.change_staff(Staff.objects.get(name="Ana Ruiz"), is_administrator=True, **how)
    promises.add_policy("Everybody", first_reply=240, next_reply=240, solution=1440, **how)
    promises.add_policy("Urgent", priority="urgent", first_reply=30, solution=240, **how)
    calendar = {"hours": [[["00:00", "24:00"]]] * 7, "country": "DE", "region": "BY"}
    promises.add_calendar("The house", time_zone="Europe/Berlin", **calendar, **how)
    for hours, subject in ((5, "Broken promise"), (3.5, "Promise at risk"), (0, "Promise on time")):
        receive("Zoe Lang", subject, "Where is it?", now - timedelta(hours=hours))
    clock = {"by": Actor("pitcrew", "promises"), "at": now}
    return {"broken": promises.break_due(**clock), "warned": promises.warn_due(**clock)}


def run() -> None:
    """Do what the command line says and print what it gave."""
    acts = {"open": open_desk, "letter": letter, "tell": tell, "owe": owe, "problems": open_problems}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))
