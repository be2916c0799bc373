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
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Role, Staff
from pitcrew.problems import actions as problems
from pitcrew.promises import actions as promises
from pitcrew.promises.actions import warn_due
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.links.looking import look_due
from pitcrew.relays.models import Leg

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


def merge(subject: str, into: str) -> dict:
    kept, other = (Conversation.objects.get(subject=name) for name in (into, subject))
    actions.merge(kept, other, by=Actor("pitcrew", "stage"), at=timezone.now())
    return {"into": kept.pk}


def tell(subject: str) -> dict:
    """What the database holds of a conversation."""
    conversation = Conversation.objects.get(subject=subject)
    sent = Message.objects.filter(conversation=conversation, direction="out")
    return vars(SimpleNamespace(id=conversation.pk, state=conversation.state, sent=[m.text for m in sent]))


def contributor() -> dict:
    """Dee, who contributes to Accounting and answers no customers."""
    how = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}
    accounting, dee = people.open_department("Accounting", **how), people.hire("dee@company.test", "Dee Moll", **how)
    people.add_member(accounting, dee, Role.CONTRIBUTOR, **how)
    return {"session": session_of(dee)}


def lead() -> dict:
    """Cleo, who leads Card processing."""
    how = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}
    cleo = people.hire("cleo@company.test", "Cleo Falk", **how)
    people.add_member(Department.objects.get(name="Card processing"), cleo, Role.LEAD, **how)
    return {"session": session_of(cleo)}


def hand_over(need: str) -> dict:
    """Ana hands the first conversation to Accounting."""
    at, ana = timezone.now(), Staff.objects.get(email="ana@company.test")
    brief = Brief(need, "Nothing yet", "A word on Thursday", at + timedelta(days=2))
    accounting = Department.objects.get(name="Accounting")
    conversation = Conversation.objects.get(pk=1)
    leg = relays.hand_over(conversation, accounting, brief, by=Actor("agent", ana.pk), at=at)
    return {"leg": leg.pk}


def take_back(number: str) -> dict:
    """Ana withdraws a leg."""
    ana = Staff.objects.get(email="ana@company.test")
    relays.withdraw(Leg.objects.get(pk=number), "It was found", by=Actor("agent", ana.pk), at=timezone.now())
    return {}


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


def broken() -> dict:
    """Three hours ago Ana handed two matters to Card processing, of which Cleo is the lead; one answer came back, and
    a call is due soon. Returns Cleo's session."""
    told, now, ana = lead(), timezone.now(), Staff.objects.get(email="ana@company.test")
    by, cards = Actor("agent", ana.pk), Department.objects.get(name="Card processing")
    one, two, three, four = Conversation.objects.order_by("pk")[:4]
    brief = Brief("A new card", "Sent once", "A word on Thursday", now + timedelta(days=2))
    for conversation in (one, two):
        relays.hand_over(conversation, cards, brief, by=by, at=now - timedelta(hours=3))
    ben = Staff.objects.get(email="ben@company.test")
    leg = relays.hand_over(four, cards, brief, by=by, at=now - timedelta(hours=2))
    relays.accept(leg, by=Actor("agent", ben.pk), at=now - timedelta(hours=2))
    done = relays.hand_over(four, cards, brief, by=by, at=now - timedelta(hours=5))
    relays.accept(done, by=Actor("agent", ben.pk), at=now - timedelta(hours=3))
    relays.done(done, {}, by=Actor("agent", ben.pk), at=now - timedelta(hours=1))
    people.be_away(ben, now, now + timedelta(days=3), by=by, at=now)
    said = {"to": ["martin@customer.test"], "by": by, "at": now - timedelta(hours=2)}
    message = actions.reply(three, "It leaves today.", **said)
    delivering.mark_undelivered(message, "550 5.1.1 no such user", by=Actor("pitcrew", "outbox"), at=now)
    actions.assign(three, ana, by=by, at=now)
    actions.transfer(three, cards, by=by, at=now)
    actions.promise_call_back(
        three, now + timedelta(minutes=40), "About the refund", by=by, at=now - timedelta(hours=3)
    )
    clock = Actor("pitcrew", "links")
    warn_due(by=clock, at=now)
    tell_followers(now)
    look_due(by=clock, at=now + timedelta(minutes=1))
    return told


def run() -> None:
    """Do what the command line says and print what it gave."""
    acts = {"open": open_desk, "letter": letter, "merge": merge, "tell": tell, "owe": owe}
    acts |= {"contributor": contributor, "lead": lead, "hand_over": hand_over, "take_back": take_back}
    acts |= {"broken": broken, "problems": open_problems}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))
