"""The screens of problems and victories: who gets in, what they do, and that all of it can be taken back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Message
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.problems import actions
from pitcrew.problems.models import Evidence, Problem, ProblemLink, Sighting, Stage, Victory
from tests.web.walk import acts, refuses, works

PROOF = {"kind": "release", "words": "Print service 4.2", "url": "https://releases.company.test/4.2"}
SCREENS = [
    "/problems/",
    "/problems/?which=done",
    "/problems/new/?ids={id}",
    "/problems/{problem}/",
    "/problems/{problem}/answer/",
    "/ask/problem/?ids={id}",
    "/victories/",
]
VERBS = [
    ("own", {"staff": "{ben}"}, "Ben Ode sees to it"),
    ("workaround", {"words": "Pick it up at a branch."}, "Workaround written down"),
    ("claim", PROOF, "Fix claimed"),
    ("claim", PROOF | {"watch": "1", "days": "10"}, "Fix claimed, watched for 10 days"),
    ("evidence", PROOF, "Evidence added"),
    ("describe", {"title": "Flat number left out", "words": "Since May"}, "Described anew"),
    ("move", {"department": "{accounting}"}, "Accounting owns it now"),
    ("rule", {"words": "flat, number", "excluded": "stolen"}, "Written down how it is recognised"),
    ("drop", {"reason": "The post was on strike"}, "Dropped"),
    ("link", {"ids": "#{other}"}, "1 conversation linked"),
    ("unlink", {"conversation": "{id}"}, "#{id} is not part of it"),
]


@pytest.fixture
def problem(cast, at):
    cast.other = receive(cast, at, "lena@customer.test", "Lena Vogt", "The envelope has no flat number on it.")
    how = {"by": cast.by, "at": at}
    return actions.find("Cards lack the flat number", "", cast.front, conversations=[cast.conversation.pk], **how)


def receive(cast, at, address, name, text):
    letter = Incoming(channel="email", address=address, name=name, subject="Card", text=text)
    return conversations.receive(letter, by=cast.by, at=at).conversation


def filled(text: str, cast, problem) -> str:
    return text.format(
        id=cast.conversation.pk, other=cast.other.pk, problem=problem.pk, ben=cast.ben.pk, accounting=cast.accounting.pk
    )


@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_works_and_leads_strangers_to_the_door(address, cast, problem, signed_in):
    works(signed_in("ana"), filled(address, cast, problem))
    assert Client().get(filled(address, cast, problem)).status_code == 302


@pytest.mark.parametrize(("verb", "values", "told"), VERBS)
def test_a_verb_works_for_colleagues_and_for_nobody_else(verb, values, told, cast, problem, signed_in):
    address = f"/problems/{problem.pk}/{verb}/"
    values = {name: filled(value, cast, problem) for name, value in values.items()}
    refuses(signed_in("ana"), address, 405)
    refuses(Client(), address, 302, values)
    assert acts(signed_in("ana"), address, values) == filled(told, cast, problem)


def test_who_belongs_nowhere_sees_no_problem(cast, problem, at, signed_in):
    people.hire("cole@company.test", "Cole Ng", by=cast.by, at=at)
    cast.cole = type(cast.ana).objects.get(email="cole@company.test")
    refuses(signed_in("cole"), f"/problems/{problem.pk}/", 404)
    refuses(signed_in("cole"), f"/problems/{problem.pk}/claim/", 404, PROOF)
    assert "flat number" not in works(signed_in("cole"), "/problems/")
    people.add_member(cast.front, cast.cole, Role.CONTRIBUTOR, by=cast.by, at=at)
    works(signed_in("cole"), f"/problems/{problem.pk}/")


def test_another_department_sees_the_problem_but_not_its_conversations(cast, problem, signed_in):
    page = works(signed_in("cleo"), f"/problems/{problem.pk}/")
    assert "Cards lack the flat number" in page
    assert "Martin" not in page and "1 more belong to departments" in page
    refuses(signed_in("cleo"), f"/problems/{problem.pk}/unlink/", 404, {"conversation": cast.conversation.pk})
    refuses(signed_in("cleo"), f"/problems/{problem.pk}/link/", 422, {"ids": cast.other.pk})


def test_a_problem_is_named_from_chosen_conversations(cast, problem, signed_in):
    ids = f"{cast.conversation.pk},{cast.other.pk}"
    values = {"title": "Print shop", "words": "", "department": cast.front.pk, "ids": ids}
    assert acts(signed_in("ana"), "/problems/new/", values).startswith("Problem ")
    assert acts(signed_in("ana"), "/conversations/problem/", {"ids": ids, "title": "Another"}).startswith("2 conv")
    told = acts(signed_in("ana"), "/conversations/problem/", {"ids": str(cast.other.pk), "problem": problem.pk})
    assert told == f"#{cast.other.pk} is part of problem {problem.pk}"
    refuses(signed_in("ana"), "/conversations/problem/", 422, {"ids": ids, "title": " "})


def test_a_claim_without_evidence_is_refused_in_a_sentence(cast, problem, signed_in):
    refuses(signed_in("ana"), f"/problems/{problem.pk}/claim/", 422, {"kind": "photo", "words": "Believe me"})
    refuses(signed_in("ana"), f"/problems/{problem.pk}/claim/", 422, PROOF | {"url": "javascript:alert(1)"})


def test_a_photo_is_evidence_and_can_be_saved(cast, problem, signed_in, settings, tmp_path):
    settings.DATA = tmp_path
    photo = SimpleUploadedFile("../label.png", b"\x89PNG", "image/png")
    acts(signed_in("ana"), f"/problems/{problem.pk}/claim/", {"kind": "photo", "file": photo})
    evidence = Evidence.objects.get()
    response = signed_in("ana").get(f"/problems/evidence/{evidence.pk}/")
    assert b"".join(response.streaming_content) == b"\x89PNG"
    assert response["Content-Disposition"] == 'attachment; filename="label.png"'
    refuses(Client(), f"/problems/evidence/{evidence.pk}/", 302)


def test_the_fix_is_watched_settled_and_its_evidence_kept(cast, problem, signed_in, at):
    ana = signed_in("ana")
    how = {"by": cast.by, "at": at + timedelta(days=1)}
    actions.claim_fix(problem, actions.Proof("note", "Seen"), **how)
    acts(ana, f"/problems/{problem.pk}/evidence/", PROOF)
    acts(ana, f"/problems/evidence/{Evidence.objects.latest('pk').pk}/remove/", {})
    refuses(ana, f"/problems/evidence/{Evidence.objects.first().pk}/remove/", 422, {})
    acts(ana, f"/problems/{problem.pk}/watch/", {"days": "7"})
    refuses(ana, f"/problems/{problem.pk}/settle/", 422, {})
    actions.watch(problem, 7, **how)
    acts(ana, f"/problems/{problem.pk}/settle/", {})
    assert "Cards lack the flat number" in works(ana, "/victories/")
    number = Victory.objects.get().pk
    assert "Martin" in works(ana, f"/victories/{number}/before/")
    assert "No conversation is counted" in works(ana, f"/victories/{number}/after/")
    refuses(ana, f"/victories/{number}/between/", 404)
    refuses(Client(), f"/victories/{number}/before/", 302)
    assert "Martin" not in works(signed_in("cleo"), f"/victories/{number}/before/")
    acts(ana, f"/problems/{problem.pk}/reopen/", {})
    assert "It came back" in works(ana, f"/problems/{problem.pk}/")


def test_two_problems_are_merged_and_the_other_leads_to_the_one_that_is_kept(cast, problem, signed_in, at):
    other = actions.find("The same", "", cast.front, by=cast.by, at=at)
    acts(signed_in("ana"), f"/problems/{problem.pk}/merge/", {"other": other.pk})
    moved = signed_in("ana").get(f"/problems/{other.pk}/")
    assert moved["Location"] == f"/problems/{problem.pk}/"


def test_a_suggestion_is_taken_or_dismissed_on_the_conversation(cast, problem, signed_in, at):
    message = Message.objects.get(conversation=cast.other)
    actions.sight(problem, message, score=1, because="flat, number", by=cast.by, at=at)
    ana, address = signed_in("ana"), f"/conversations/{cast.other.pk}/"
    assert "Seems to be" in works(ana, address)
    dismissed = f"/problems/sightings/{Sighting.objects.get().pk}/dismiss/"
    refuses(signed_in("cleo"), dismissed, 404, {})
    acts(ana, dismissed, {})
    assert "Seems to be" not in works(ana, address)
    assert "Cards lack the flat number" in works(ana, f"/conversations/{cast.conversation.pk}/")


def test_answer_all_shows_every_letter_and_sends_them_with_one_undo(cast, problem, signed_in, at):
    actions.link_many(problem, [cast.other.pk], by=cast.by, at=at)
    ana, address = signed_in("ana"), f"/problems/{problem.pk}/answer/"
    text = {"text-en": "Dear {customer.first_name}, it is fixed. Your {conversation.subject}."}
    shown = ana.post(address, text | {"do": "preview"}).content.decode()
    assert "Dear Martin, it is fixed. Your Card has not arrived." in shown
    assert "Dear Lena, it is fixed." in shown
    assert acts(ana, address, text | {"do": "send"}) == "2 answers on the way"
    assert Message.objects.filter(direction="out").count() == 2


def test_a_letter_is_left_out_and_another_changed_by_hand(cast, problem, signed_in, at):
    actions.link_many(problem, [cast.other.pk], by=cast.by, at=at)
    ana, address = signed_in("ana"), f"/problems/{problem.pk}/answer/"
    first, second = cast.conversation.pk, cast.other.pk
    values = {"text-en": "It is fixed.", "shown": f"{first},{second}", "goes": [second], "do": "send"}
    values |= {f"edit-{second}": "Lena,\r\nit is.", f"was-{second}": "It is fixed."}
    assert acts(ana, address, values) == "1 answer on the way"
    assert Message.objects.get(direction="out").text == "Lena,\nit is."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The answer is empty"),
        ("Dear {customer.nmae}", "Nobody knows what to put for {customer.nmae}"),
        ("We promised {promised}", "Nothing is known for {promised}"),
    ],
)
def test_what_cannot_go_is_refused_with_the_words_kept(text, says, cast, problem, signed_in):
    before = Message.objects.count()
    response = signed_in("ana").post(f"/problems/{problem.pk}/answer/", {"text-en": text, "do": "send"})
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page and text in page
    assert Message.objects.count() == before


def test_more_than_a_few_are_asked_about_first(cast, problem, signed_in, at):
    ids = [receive(cast, at, f"c{n}@customer.test", f"C {n}", "The card is not here").pk for n in range(12)]
    actions.link_many(problem, ids, by=cast.by, at=at)
    ana, address = signed_in("ana"), f"/problems/{problem.pk}/answer/"
    asked = ana.post(address, {"text-en": "It is fixed.", "do": "send"})
    assert asked.status_code == 422 and "This goes to 13 customers" in asked.content.decode()
    assert acts(ana, address, {"text-en": "It is fixed.", "do": "send", "confirmed": "1"}) == "13 answers on the way"


def test_the_state_is_what_the_screens_say(cast, problem, signed_in):
    acts(signed_in("ana"), f"/problems/{problem.pk}/own/", {"staff": cast.ana.pk})
    assert Problem.objects.get().stage == Stage.OWNED
    assert ProblemLink.objects.count() == 1
    assert "Owned" in works(signed_in("ana"), "/problems/")
