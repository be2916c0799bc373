"""The templates of relays on the screen: drawn, refused in sentences, kept as editions, taken in and given out."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Edition, Leg, Template
from pitcrew.web.graph import drawn
from tests.verify import state
from tests.web.walk import ODD, acts, now, refuses, works


def step(key: str, department: int, after: str = "", **more) -> dict:
    told = {"key": key, "name": key.capitalize(), "department": department, "partner": "", "asks": [], "told": ""}
    return told | {"after": after.split(), "is_follow_up": False, "minutes": None} | more


def form(*steps: dict, name: str = "Card delivery", do: str = "save") -> dict:
    """The fields of the editor for these steps."""
    sent: dict = {"name": name, "steps": len(steps), "do": do}
    for i, each in enumerate(steps):
        plain = {k: v for k, v in each.items() if k not in ("asks", "is_follow_up", "minutes", "after")}
        sent |= {f"s{i}-{field}": value or "" for field, value in plain.items()}
        sent |= {f"s{i}-after": each["after"], f"s{i}-asks": len(each["asks"])}
        sent |= {f"s{i}-minutes": each["minutes"] or "", f"s{i}-follow_up": "1" if each["is_follow_up"] else ""}
        for j, ask in enumerate(each["asks"]):
            sent |= {f"s{i}-a{j}-{field}": value for field, value in ask.items()}
    return sent


@pytest.fixture
def house(cast, at):
    """The cast, and the template "Card delivery" in one edition along which one relay runs."""
    steps = [step("cards", cast.accounting.pk), step("courier", cast.front.pk, "cards")]
    cast.template = relays.add_template("Card delivery", steps, by=cast.by, at=at)
    cast.edition = Edition.objects.get()
    brief = Brief("A card", "Nothing yet", "Thursday", now() + timedelta(hours=5))
    cast.relay = relays.start(cast.conversation, cast.edition, brief, by=cast.by, at=now())
    return cast


SCREENS = [
    "/settings/relays/",
    "/settings/relays/add/",
    "/settings/relays/import/",
    "/settings/relays/{template}/",
    "/settings/relays/{template}/export/",
    "/settings/relays/editions/{edition}/move/",
]
ACTS = ["/settings/relays/drawn/", "/settings/relays/{template}/remove/"]


def at_home(address: str, house) -> str:
    return address.format(template=house.template.pk, edition=house.edition.pk)


@pytest.mark.parametrize("address", SCREENS)
def test_a_lead_opens_it_and_a_stranger_is_refused(address, house, signed_in, at):
    relays.edit_template(house.template, [step("cards", house.accounting.pk)], by=house.by, at=at)
    works(signed_in("cleo"), at_home(address, house))
    refuses(signed_in("ana"), at_home(address, house), 403)
    refuses(Client(), at_home(address, house), 302)


@pytest.mark.parametrize("address", ACTS)
def test_only_a_lead_acts_and_a_look_does_nothing(address, house, signed_in):
    refuses(signed_in("ana"), at_home(address, house), 403, {})
    refuses(Client(), at_home(address, house), 302, {})
    refuses(signed_in("cleo"), at_home(address, house), 405)


def test_a_contributor_opens_no_template(house, signed_in, at):
    house.cole = people.hire("cole@company.test", "Cole Ng", by=house.by, at=at)
    people.add_member(house.accounting, house.cole, Role.CONTRIBUTOR, by=house.by, at=at)
    refuses(signed_in("cole"), "/settings/relays/", 403)


def test_a_relay_is_drawn(cast, signed_in):
    asked = {"key": "", "label": "Tracking number", "kind": "text", "choices": "", "needed": "1"}
    steps = [step("new-1", cast.accounting.pk, name="Card processing", minutes=240)]
    steps.append(step("new-2", cast.front.pk, "new-1", name="Courier", partner="jobs@courier.test", asks=[asked]))
    told = acts(signed_in("cleo"), "/settings/relays/add/", form(*steps))
    assert told == "The relay Card delivery is drawn."
    kept = Edition.objects.get().steps
    assert [(s["key"], s["after"], s["minutes"]) for s in kept] == [
        ("card-processing", [], 240),
        ("courier", ["card-processing"], None),
    ]
    assert kept[1]["asks"][0]["key"] == "tracking-number"


def test_a_change_is_a_new_edition_and_what_runs_keeps_its_own(house, signed_in):
    changed = form(step("cards", house.accounting.pk, told="A new card is made"), name="Cards")
    told = acts(signed_in("cleo"), f"/settings/relays/{house.template.pk}/", changed)
    assert told == "The relay Cards is kept as edition 2."
    house.relay.refresh_from_db()
    assert house.relay.edition == house.edition
    shown = works(signed_in("cleo"), f"/settings/relays/{house.template.pk}/")
    assert "1 running" in shown and "Move them" in shown


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"s0-after": ["courier"]}, "wait for each other"),
        ({"s0-name": ""}, "Step 1 has no name"),
        ({"s0-department": "99999"}, "is unknown or closed"),
        ({"s0-key": "courier"}, "Two steps have the key courier"),
        ({"s0-minutes": "soon"}, "is no number of minutes"),
        ({"s1-partner": "nobody"}, "is no e-mail address"),
        ({"steps": 0}, "has no steps"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_what_cannot_be_walked_is_refused_in_a_sentence_and_kept_on_the_screen(change, sentence, cast, signed_in):
    sent = form(step("cards", cast.accounting.pk, told="Made"), step("courier", cast.front.pk, "cards")) | change
    before = state()
    response = signed_in("cleo").post("/settings/relays/add/", sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert change.get("steps") == 0 or "Courier" in response.content.decode()
    assert state() == before


@pytest.mark.parametrize(
    ("do", "names"),
    [
        ("add", ["Cards", "Courier", ""]),
        ("drop:0", ["Courier"]),
        ("up:1", ["Courier", "Cards"]),
        ("up:0", ["Cards", "Courier"]),
        ("drop:7", ["Cards", "Courier"]),
        ("nothing", ["Cards", "Courier"]),
    ],
)
def test_rows_are_added_moved_and_taken_out_before_anything_is_kept(do, names, cast, signed_in):
    sent = form(step("cards", cast.accounting.pk), step("courier", cast.front.pk, "cards"), do=do)
    before = state()
    shown = signed_in("cleo").post("/settings/relays/add/", sent).content.decode()
    assert re.findall(r'name="s\d+-name" value="([^"]*)"', shown) == names
    assert state() == before


def test_a_question_is_added_to_a_step(cast, signed_in):
    sent = form(step("cards", cast.accounting.pk), do="ask:0")
    assert "s0-a0-label" in signed_in("cleo").post("/settings/relays/add/", sent).content.decode()


def test_the_picture_follows_what_is_written(cast, signed_in):
    ring = form(step("cards", cast.accounting.pk, "courier"), step("courier", cast.front.pk, "cards"))
    before = state()
    shown = signed_in("cleo").post("/settings/relays/drawn/", ring, headers={"HX-Request": "true"}).content.decode()
    assert "wait for each other" in shown
    assert shown.count("graph-node") == 2
    assert state() == before


def test_what_goes_side_by_side_is_drawn_one_below_the_other():
    steps = [step("a", 1), step("b", 1, "a"), step("c", 1, "a"), step("d", 1, "b c")]
    a, b, c, d = drawn(steps, {}).nodes
    assert a.x < b.x == c.x < d.x
    assert b.y < a.y == d.y < c.y


def test_odd_words_harm_nobody(cast, signed_in):
    for words in ODD:
        sent = form(step("new-1", cast.accounting.pk, name=words, told=words), name=words)
        response = signed_in("cleo").post("/settings/relays/add/", sent)
        assert response.status_code in (302, 422)
        assert "<script>alert" not in works(signed_in("cleo"), "/settings/relays/")


def test_it_is_removed_and_comes_back(house, signed_in):
    assert "is removed" in acts(signed_in("cleo"), f"/settings/relays/{house.template.pk}/remove/", {})
    assert not Template.objects.exists()


def test_what_is_given_out_can_be_taken_in(house, signed_in):
    given = works(signed_in("cleo"), f"/settings/relays/{house.template.pk}/export/")
    other = given.replace("Card delivery", "Delivery")
    assert acts(signed_in("cleo"), "/settings/relays/import/", {"text": other}) == "The relay Delivery is taken in."
    file = SimpleUploadedFile("relay.yaml", given.replace("Courier", "Post").encode())
    signed_in("cleo").post("/settings/relays/import/", {"file": file})
    assert Edition.objects.filter(template=house.template).count() == 2


@pytest.mark.parametrize(
    "text", ["", "{", "name: x", "- 1", "name: x\nsteps: [{name: a, department: Nowhere}]", "\x00"]
)
def test_what_is_no_template_is_refused_in_a_sentence(text, cast, signed_in):
    refuses(signed_in("cleo"), "/settings/relays/import/", 422, {"text": text})


def test_running_relays_move_after_a_look(house, signed_in, at):
    steps = [step("cards", house.accounting.pk), step("call", house.front.pk, "cards", name="Call back")]
    relays.edit_template(house.template, steps, by=house.by, at=at)
    address = f"/settings/relays/editions/{house.edition.pk}/move/"
    shown = works(signed_in("cleo"), address)
    assert "Comes: Call back." in shown and "Falls away: Courier." in shown
    told = acts(signed_in("cleo"), address, {"relay": house.relay.pk})
    assert told == "1 relay goes on along edition 2."
    assert Leg.objects.filter(relay=house.relay, name="Call back").exists()
    refuses(signed_in("cleo"), f"/settings/relays/editions/{Edition.objects.latest('number').pk}/move/", 404)


def test_a_conversation_is_handed_over_along_a_template(house, signed_in):
    panel = works(signed_in("ana"), f"/conversations/{house.conversation.pk}/hand-over/")
    assert "Card delivery" in panel and "Courier" in panel
    sent = {"way": house.edition.pk, "need": "x", "tried": "x", "promised": "x", "by_when": "2099-01-01T16:00"}
    told = acts(signed_in("ana"), f"/conversations/{house.conversation.pk}/hand-over/", sent)
    assert told == f"#{house.conversation.pk} handed to Card delivery, Cards first"
