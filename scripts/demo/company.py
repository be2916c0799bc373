"""Northbank, a made-up bank: its departments, the people who answer, its mailboxes and kept replies."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from pitcrew.channels.email import mailboxes
from pitcrew.conversations import actions as conversations
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Role, Staff
from scripts.demo.letters import HOUSE

SETUP = Actor("pitcrew", "setup", door="demo")
DEPARTMENTS = ("Front desk", "Mobile team", "Accounting", "Card processing")
COLLEAGUES = [
    ("Ana Ruiz", "Front desk", Role.LEAD),
    ("Ben Ode", "Front desk", Role.AGENT),
    ("Yusuf Aydin", "Mobile team", Role.AGENT),
    ("Jakob Lindqvist", "Accounting", Role.LEAD),
    ("Mira Kaya", "Card processing", Role.LEAD),
    ("Tove Berg", "Card processing", Role.AGENT),
]
KEPT = [
    ("Address changed", "Dear {customer.name},\n\nyour new address is in our books from today.\n\n{agent.name}"),
    (
        "Card on its way",
        "Dear {customer.name},\n\nyour card left us today; it takes three working days.\n\n{agent.name}",
    ),
    ("Fee returned", "Dear {customer.name},\n\nthe fee is on its way back to your account.\n\n{agent.name}"),
    (
        "Please call us",
        "Dear {customer.name},\n\nthis is quicker by telephone: 030 555 01, from 8 to 20.\n\n{agent.name}",
    ),
]


def found(now: datetime) -> SimpleNamespace:
    """Everything a company names in its first hour. Returns the staff by first name."""
    how = {"by": SETUP, "at": now - timedelta(days=30)}
    rooms = {name: people.open_department(name, **how) for name in DEPARTMENTS}
    team = {}
    for name, department, role in COLLEAGUES:
        first = name.split()[0].lower()
        boss = name == "Ana Ruiz"
        team[first] = people.hire(f"{first}@northbank.example", name, is_administrator=boss, **how)
        people.add_member(rooms[department], team[first], role, **how)
    _name_mailboxes(rooms, how)
    for name, text in KEPT:
        conversations.add_canned(name, text, **how)
    for room in rooms.values():
        people.change_department(room, signature=f"Northbank, {room.name}\n030 555 01, 8 to 20 o'clock", **how)
    return SimpleNamespace(**team)


def _name_mailboxes(rooms: dict[str, Department], how: dict) -> None:
    mailboxes.name_mailbox(HOUSE, rooms["Front desk"], name="Northbank", send_host="mail.northbank.example", **how)
    fetched = {"fetch_host": "imap.northbank.example", "fetch_user": "invoices", "fetch_secret": "old"}
    mailboxes.name_mailbox("cards@northbank.example", rooms["Card processing"], name="Northbank cards", **how)
    stopped = mailboxes.name_mailbox("invoices@northbank.example", rooms["Accounting"], **fetched, **how)
    why = "[AUTHENTICATIONFAILED] Authentication failed"
    mailboxes.stop(stopped, why, by=SETUP, at=how["at"] + timedelta(days=29, hours=21))


def actor(staff: Staff) -> Actor:
    """A colleague at the demo's desk."""
    return Actor("agent", staff.pk, door="demo")
