"""A company in which every internal text carries a word of its own: canary_<where>_<what>.

Front desk has Martin's card, with a leg at Card processing (Dee) and one with a courier. Accounting has Nora's debit,
with a leg that the vault (Vic) sent back. Neither department may see the other's conversation.
"""

import re
from datetime import timedelta
from types import SimpleNamespace

from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.letters import followers  # noqa: F401  (they listen from their import on)
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.quarantine import set_aside
from pitcrew.conversations import actions as conversations
from pitcrew.conversations import drafts
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.history.actors import Actor
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.problems import actions as problems
from pitcrew.promises import actions as promises
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.links import actions as links
from pitcrew.relays.links.company import company
from pitcrew.relays.links.judging import Finding, Mend
from pitcrew.relays.models import Edition, Leg

COURIER, DEE = "driver@courier.test", "dee@company.test"
MARTIN, NORA = "martin@customer.test", "nora@customer.test"
SPOKEN = "lindenweg"  # stands behind every canary, so that the search finds them all
WORD = re.compile(r"canary_([a-z]+)_([a-z]+)", re.IGNORECASE)
sung: set[str] = set()


def sing(name: str) -> str:
    """The canary of this name, as a text."""
    sung.add(name)
    return f"canary_{name} {SPOKEN}"


def heard(text: str) -> set[str]:
    """The names of the canaries in a text."""
    return {f"{where}_{what}".lower() for where, what in WORD.findall(text)}


def settle_in(cast, at) -> SimpleNamespace:
    """Give the cast inner names, open the other departments, and let everything happen; gives the world."""
    setup = {"by": Actor("pitcrew", "setup"), "at": at}
    _people(cast, setup)
    _house(cast, setup)
    cast.later = at + timedelta(hours=1)
    cast.debit = _letter(cast, "nora", "debit", cast.accounting, at)
    cast.card = _letter(cast, "martin", "card", cast.front, at)
    _written(cast.card, cast.ana, at, "card", MARTIN)
    _written(cast.debit, cast.amy, at, "debit", NORA)
    _card_legs(cast, at)
    _debit_legs(cast, at)
    _problems(cast, at)
    tell_followers(cast.later)
    return cast


def _as(staff, at, minutes: int) -> dict:
    return {"by": Actor("agent", staff.pk, door="test"), "at": at + timedelta(minutes=minutes)}


def _people(cast, setup) -> None:
    cast.cards, cast.vault, cast.idle = (people.open_department(name, **setup) for name in ("Cards", "Vault", "Idle"))
    contributors = (("dee", "cards"), ("vic", "vault"), ("ivo", "idle"))
    for name, department in (("amy", "accounting"), *contributors):
        setattr(cast, name, people.hire(f"{name}@company.test", name, **setup))
        role = Role.AGENT if name == "amy" else Role.CONTRIBUTOR
        people.add_member(getattr(cast, department), getattr(cast, name), role, **setup)
    for name in ("ada", "ana", "ben", "cleo", "amy", "dee", "vic", "ivo"):
        people.change_staff(getattr(cast, name), name=sing(f"staff_{name}"), **setup)
    for name in ("front", "accounting", "cards", "vault", "idle"):
        people.change_department(getattr(cast, name), name=sing(f"department_{name}"), **setup)


def _house(cast, setup) -> None:
    name_mailbox("support@company.test", cast.front, name="Nordbank", **setup)
    conversations.add_canned(sing("canned_all"), "Dear {customer.first_name}", **setup)
    for name in ("front", "accounting"):
        text = {"department": getattr(cast, name), **setup}
        conversations.add_canned(sing(f"canned{name}_name"), sing(f"canned{name}_text"), **text)
    promises.add_policy(sing("policy_name"), first_reply=240, **setup)
    promises.add_calendar(sing("policy_hours"), hours=[[["00:00", "24:00"]]] * 7, **setup)
    asks = [{"key": "done", "label": sing("template_asks"), "kind": "text", "needed": True}]
    steps = [
        {"key": "card", "name": sing("template_step"), "department": cast.cards.pk, "told": "A card", "asks": asks},
        {"key": "call", "name": sing("template_call"), "department": cast.front.pk, "after": ["card"]}
        | {"is_follow_up": True},
    ]
    cast.edition = Edition.objects.get(template=relays.add_template(sing("template_name"), steps, **setup))
    keep([letter(b"From: x@y.test\r\n\r\nx", door="smtp", arrived_at=setup["at"], mailbox="", envelope_from="")])
    set_aside(Arrival.objects.get(), "It has more than 1,000 parts.", at=setup["at"])


def _letter(cast, name, place, department, at):
    told = {"address": f"{name}@customer.test", "name": name.title(), "subject": sing(f"{place}_subject")}
    mail = Incoming(channel="email", text=sing(f"{place}_words"), department=department, **told)
    return conversations.receive(mail, by=Actor("pitcrew", "email"), at=at).conversation


def _written(conversation, author, at, place, address) -> None:
    """Whatever somebody writes about a conversation and its customer."""
    how = _as(author, at, 1)
    content = sing(f"{place}_file").encode()
    kept = File(sing(f"{place}_filename") + ".txt", "text/plain", len(content), files().put(content))
    conversations.note(conversation, sing(f"{place}_note"), files=[kept], **how)
    conversations.tag(conversation, sing(f"tag_{place}"), **how)
    people.describe_customer(conversation.customer, sing(f"memo_{place}"), **how)
    people.place_in_organization(conversation.customer, sing(f"memo_{place}organization"), **how)
    conversations.promise_call_back(conversation, how["at"] + timedelta(days=2), sing(f"{place}_promise"), **how)
    mend, since = Mend("reply", "Answer"), how["at"]
    told = (conversation.department_id, None, mend, sing(f"{place}_broken"))
    links.settle(conversation.pk, [Finding("silent", "message:1", since, *told)], [], [], company(since), **how)
    drafts.save(conversation, author, sing(f"draft{place}_reply"), at=since)
    drafts.save(conversation, author, sing(f"draft{place}_note"), is_note=True, at=since)
    conversations.reply(conversation, "We look into it.", to=[address], **how)


def _brief(place: str, at) -> Brief:
    return Brief(*(sing(f"{place}_{line}") for line in ("need", "tried", "promised")), at + timedelta(days=20))


def _card_legs(cast, at) -> None:
    """Card processing asks, is answered and is done; the courier has a part; a third part is not needed any more."""
    how, dee = _as(cast.ana, at, 10), {"by": Actor("agent", cast.dee.pk), "at": at + timedelta(minutes=11)}
    relays.start(cast.card, cast.edition, _brief("cardleg", at), **how)
    cast.cardleg = Leg.objects.get(step="card")
    tell_followers(how["at"])
    relays.ask_back(cast.cardleg, sing("cardleg_question"), **dee)
    relays.answer(cast.cardleg, sing("cardleg_answer"), **_as(cast.ana, at, 12))
    relays.done(cast.cardleg, {"done": sing("cardleg_outcome")}, sing("cardleg_outcomewords"), **dee)
    name = {"partner": COURIER, "name": sing("courier_name")}
    cast.courier = relays.hand_over(cast.card, cast.front, _brief("courier", at), **name, **how)
    third = relays.hand_over(cast.card, cast.idle, _brief("third", at), name=sing("third_name"), **how)
    tell_followers(how["at"])
    relays.withdraw(third, sing("third_why"), **_as(cast.ana, at, 13))
    tell_followers(cast.later)


def _debit_legs(cast, at) -> None:
    """The vault sends back what Accounting handed over."""
    leg = relays.hand_over(
        cast.debit, cast.vault, _brief("vault", at), name=sing("vault_name"), **_as(cast.amy, at, 10)
    )
    tell_followers(at)
    relays.decline(leg, sing("vault_declined"), by=Actor("agent", cast.vic.pk), at=at + timedelta(minutes=15))


def _problems(cast, at) -> None:
    """One problem is open, one was won; those of the open one are answered with one act."""
    how = _as(cast.ana, at, 20)
    proof = problems.Proof("note", sing("problem_evidence"), "https://canary_problem_link.test/")
    sung.add("problem_link")
    touched = [cast.card.pk]
    cast.problem = problems.find(sing("problem_title"), sing("problem_words"), cast.front, conversations=touched, **how)
    problems.workaround(cast.problem, sing("problem_workaround"), **how)
    problems.claim_fix(cast.problem, proof, watch_for=14, **how)
    problems.answer_all(cast.problem, {"en": "Dear {customer.first_name}, it is mended."}, **how)
    won = problems.find(sing("won_title"), sing("problem_wonwords"), cast.front, conversations=touched, **how)
    problems.claim_fix(won, proof, watch_for=3, **how)
    problems.make_permanent(won, by=Actor("pitcrew", "problems"), at=at + timedelta(days=4))
    problems.hand_over(cast.problem, cast.cards, _brief("problemleg", at), **how)
