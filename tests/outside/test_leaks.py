"""A canary in every note, brief, internal name and other part is found in nothing that goes outside."""

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.doors.addresses import door_address, page_address
from pitcrew.relays.doors.models import Door
from pitcrew.relays.models import Leg, Stage
from tests.outside.conftest import COMMITS, COURIER, Visitor

pytestmark = pytest.mark.django_db(transaction=COMMITS)
CANARY = "canary-"


@pytest.fixture
def full(house, clock, post):
    """Martin's card with a canary wherever staff write; gives every mail that left, and the courier's leg."""
    how, sent = {"by": house.as_ana["by"], "at": clock.now}, []
    secret = people.open_department("canary-department", **how)
    people.add_member(secret, house.dee, Role.CONTRIBUTOR, **how)
    people.describe_customer(house.martin, "canary-memo", **how)
    conversations.note(house.conversation, "canary-note", **how)
    conversations.tag(house.conversation, "canary-tag", **how)
    Visitor(page_address(house.conversation)).says("mail-on")
    first = Brief("canary-need", "canary-tried", "canary-promised", house.by_when)
    relays.start(house.conversation, house.edition, first, **how)
    other = relays.hand_over(
        house.conversation, secret, Brief("canary-b1", "canary-b2", "canary-b3", house.by_when), **how
    )
    sent += post()
    card = Leg.objects.get(step="card")
    relays.ask_back(card, "canary-question", by=Actor("agent", house.dee.pk), at=clock.now)
    relays.answer(card, "canary-answer", **how)
    relays.done(card, {}, "canary-outcome", by=Actor("agent", house.dee.pk), at=clock.now)
    relays.decline(other, "canary-declined", by=Actor("agent", house.dee.pk), at=clock.now)
    sent += post()
    return house, Leg.objects.get(step="courier"), sent


def of_others(text: str, *allowed: str) -> list[str]:
    for words in allowed:
        text = text.replace(words, "")
    return [line.strip() for line in text.splitlines() if CANARY in line]


def test_the_customer_reads_nothing_of_the_inside(full, post, clock):
    house, courier, sent = full
    relays.done(courier, {"signed": "canary-signed"}, "canary-brought", by=Actor("partner", courier.pk), at=clock.now)
    sent += post()
    theirs = [m for m in sent if m.to == ["martin@customer.test"]]
    assert len(theirs) == 3
    names = ("Ana", "Dee", "Front desk", "Card processing", "canary-")
    for one in theirs:
        whole = f"{one.subject}\n{one.body}\n{one.from_email}\n{one.extra_headers}"
        assert not [name for name in names if name in whole], whole
    martin = Visitor(page_address(house.conversation))
    for query in ("", "?say=arrived", "?say=not_yet", "?mail=stop", "?told=write"):
        page = martin.looks(query)
        whole = page.content.decode() + str(page.headers)
        assert not [name for name in names if name in whole], query
    for words in ("ticket", "queue", "SLA", "escalate", "leg "):
        assert words not in martin.looks().content.decode() + theirs[0].body


def test_the_partner_reads_their_own_part_and_nothing_else(full):
    house, courier, sent = full
    own = ("canary-need", "canary-tried", "canary-promised")
    [letter] = [m for m in sent if m.to == [COURIER]]
    driver = Visitor(door_address(Door.objects.get(leg_id=courier.pk)))
    for text in (letter.subject + "\n" + letter.body, driver.looks().content.decode()):
        assert of_others(text, *own) == []
        assert "martin@customer.test" not in text and "Martin" not in text
        assert "was approved three weeks ago" not in text
        for name in ("Ana", "Dee", "Front desk", "Card processing"):
            assert name not in text + letter.from_email, name


def test_a_colleague_reads_their_own_part_alone(full):
    house, _, sent = full
    other = Leg.objects.get(department__name="canary-department")
    assert other.stage == Stage.RETURNED
    page = Visitor(door_address(Door.objects.get(leg_id=other.pk, staff=house.dee))).looks().content.decode()
    assert of_others(page, other.need, other.tried, other.promised, "canary-declined", "canary-department") == []
    letters = [m for m in sent if m.to == ["dee@company.test"] and "canary-department" in m.subject]
    assert (
        len(letters) == 1
        and of_others(letters[0].body, other.need, other.tried, other.promised, "canary-department") == []
    )


def test_a_closed_door_tells_nothing(full, clock):
    house, courier, _ = full
    driver = Visitor(door_address(Door.objects.get(leg_id=courier.pk)))
    relays.withdraw(courier, "canary-why", by=house.as_ana["by"], at=clock.now)
    page = driver.looks()
    assert page.status_code == 410 and CANARY not in page.content.decode()
