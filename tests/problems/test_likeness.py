"""Which problem a message speaks of."""

import json

import pytest

from evals.recurrence import LEAST, causes, played, told_elsewhere
from pitcrew.problems.languages import language_of
from pitcrew.problems.likeness import Index, Known, Said, Written
from pitcrew.problems.likeness.words import meaning, meanings
from pitcrew.problems.mood import level, mood, severity

CARDS = Known(
    1,
    "Cards lack the flat number",
    (
        "My card has not arrived, no flat number on the envelope",
        "The postman says the flat number is missing, where is the card",
        "Meine Karte ist nicht angekommen, die Wohnungsnummer fehlte auf dem Umschlag",
    ),
)
DEBITS = Known(2, "Invoice debited twice", ("The invoice was charged twice", "Two debits for one invoice in my bank"))
OTHERS = [CARDS, DEBITS, Known(3, "App logs out", ("The app signs me off", "Thrown out of the app every minute"))]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(OTHERS)


@pytest.mark.parametrize("seed", [501, 502])
def test_recurrences_are_found_and_near_misses_are_not(seed):
    score = played(seed)
    assert score.precision >= LEAST
    assert score.recall >= LEAST


def test_there_are_fifty_causes_said_in_several_ways():
    assert len(causes()) == 50
    assert all(len(cause.happens) >= 3 and len(cause.near) == 2 for cause in causes())


def test_a_scenario_from_elsewhere_is_asked_the_same(tmp_path):
    path = tmp_path / "scenario.json"
    problems = [{"title": p.about, "linked": [{"text": t} for t in p.linked]} for p in OTHERS]
    problems[2]["rule"] = {"words": ["e-77"], "excluded": ["stolen"]}
    messages = [
        {"text": "No card here, the envelope came without a flat number", "problem": 0},
        {"text": "When do you open?", "problem": None},
        {"text": "It says E-77 and nothing else", "problem": None},
    ]
    path.write_text(json.dumps({"problems": problems, "messages": messages}))
    score = told_elsewhere(path)
    assert (score.right, score.wrong, score.missed) == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The envelope with my new card had no flat number on it and it never came", 1),
        ("Die Karte kam nicht, auf dem Umschlag war keine Wohnungsnumer", 1),
        ("my bank shows that the invoce was chargd two times, twice the debit", 2),
        ("What are your opening hours?", None),
        ("", None),
    ],
)
def test_a_message_is_recognised_in_other_words_and_with_slips(index, text, number):
    found = index.match(Said(text))
    assert (found[0].number if found else None) == number


def test_what_was_written_down_goes_first_and_fields_narrow_it():
    rule = Written(words=("gate", "seven"), needs_all=True, phrase="broken  gate", tag="door", excluded=("lost key",))
    ruled = Index([*OTHERS, Known(9, "Gate seven", (), rule)])

    def number(text: str, tags=("door",)) -> int | None:
        found = ruled.match(Said(text, tags=frozenset(tags)))
        return found[0].number if found else None

    assert number("Gate number seven") == 9
    assert number("The BROKEN gate") == 9
    assert number("The gate alone") is None
    assert number("Gate seven", tags=()) is None
    assert number("Gate seven, I have a lost key") is None
    in_subject = Written(words=("gate",), subject="urgent", organization=4, department=2)
    narrow = Index([Known(1, "Gate", (), in_subject)])
    fitting = {"organization": 4, "department": 2}
    assert narrow.match(Said("gate", "Urgent: gate", **fitting))
    assert not narrow.match(Said("gate", "gate", **fitting))
    assert not narrow.match(Said("gate", "Urgent", organization=5, department=2))
    assert not narrow.match(Said("gate", "Urgent", organization=4, department=3))


def test_words_of_one_meaning_and_forms_of_one_word_are_one():
    assert meaning("angekommen") == meaning("delivered") == meaning("arrived")
    assert meaning("crashing") == meaning("abgesturzt")
    assert meanings("the and of der die das") == set()


def test_an_index_of_nothing_finds_nothing():
    assert Index([]).match(Said("Anything at all, dear team")) == []


def test_mood_is_counted_and_severity_follows_from_it():
    assert mood("This is ridiculous! Again, and AGAIN. Unverschämt, schon wieder") == (2, 4)
    assert (severity(5, 2, 1), level(2), level(3), level(10), level(30)) == (10, "low", "moderate", "high", "severe")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my card? It has not come.", "en"),
        ("Meine Karte ist noch nicht da.", "de"),
        ("Bonjour, ma carte n'est pas dans la lettre", "fr"),
        ("Hola, mi tarjeta no está en el sobre", "es"),
        ("4711", "en"),
    ],
)
def test_the_language_is_found_by_its_small_words(text, language):
    assert language_of(text) == language
