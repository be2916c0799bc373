"""Templates: what they may be, and how they are written down and read again."""

import pytest

from pitcrew.people.refusals import Refused
from pitcrew.relays import actions
from pitcrew.relays.models import Edition, Template
from pitcrew.relays.steps.branches import branches
from pitcrew.relays.steps.checking import check_steps
from pitcrew.relays.steps.yaml import MOST, dump, load
from tests.verify import verify

DELIVERY = """
name: Card delivery
steps:
- key: cards
  name: Card processing
  department: Card processing
  asks:
  - key: sent
    label: Sent on
    kind: date
    needed: true
  told: Your card is made
  minutes: 480
- key: courier
  name: Courier
  partner: courier@fast.test
  after:
  - cards
- key: call
  name: Call back
  department: Front desk
  after:
  - courier
  is_follow_up: true
"""


def named(*pairs: str) -> list[dict]:
    """Steps from "b<a": b comes after a."""
    found = []
    for pair in pairs:
        key, _, after = pair.partition("<")
        found.append({"key": key, "name": key.upper(), "after": list(after)})
    return found


WRONG = [
    ([], "has no steps"),
    ("steps", "has no steps"),
    ([{}], "Step 1 has no name"),
    (["a"], "Step 1 is not written as fields"),
    ([{"name": "A", "colour": 1}], "a field that nobody knows: colour"),
    ([{"name": "A"}] * 41, "41 steps. Use at most 40"),
    ([{"name": "A"}, {"name": "a"}], "Two steps have the key a"),
    ([{"name": "A", "department": 999}], "The department of A is unknown or closed"),
    ([{"name": "A", "department": "x"}], "The department of A is unknown"),
    ([{"name": "A", "partner": "nobody"}], "The partner of A is no e-mail address"),
    ([{"name": "A", "minutes": 0}], "between one minute and a year"),
    ([{"name": "A", "minutes": "soon"}], "The time of A is unknown"),
    ([{"name": "A", "key": "a b"}], "may have letters, numbers"),
    ([{"name": ["A"]}], "is no text"),
    ([{"name": "A" * 101}], "too long"),
    ([{"name": "A", "is_follow_up": "maybe"}], "is yes or no"),
    ([{"name": "A", "asks": [{"label": "L"}]}], "has no key"),
    ([{"name": "A", "asks": "all"}], "is a list"),
    ([{"name": "A", "asks": [{"key": "k", "kind": "number"}]}], "k cannot be a number"),
    ([{"name": "A", "asks": [{"key": "k", "kind": "choice", "choices": ["x"]}]}], "at least two choices"),
    ([{"name": "A", "asks": [{"key": "k"}, {"key": "k"}]}], "two fields with one key"),
    (named("a<a"), "A comes after itself"),
    (named("a", "b<z"), "B comes after z, which is no step"),
    (named("a", "b<aa"), "after the same step twice"),
    (named("a<b", "b<a"), "A and B wait for each other"),
    (named("a", "b<ac", "c<b"), "B and C wait for each other"),
    (named("a", "b<c", "c<b", "d<ab"), "B and C wait for each other"),
    ([*named("a", "b<a"), {"name": "Call", "after": ["a"], "is_follow_up": True}], "B is a dead end"),
    ([{"name": "Call", "is_follow_up": True}, {"name": "B", "after": ["call"]}], "comes after the follow-up"),
    ([{"name": "C", "is_follow_up": True}, {"name": "D", "is_follow_up": True}], "are both the follow-up"),
]


@pytest.mark.parametrize(("steps", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_steps_that_cannot_be_walked_are_refused_in_a_sentence(db, steps, sentence):
    with pytest.raises(Refused, match=sentence):
        check_steps(steps)


TEXTS = [
    ("a: [", "no YAML: look at line"),
    ("- 1", "no template. Begin it"),
    ("", "no template. Begin it"),
    ("name: A\nsteps: []", "has no steps"),
    ("steps: [{name: A}]", "has no name"),
    ("name: A\ncolour: red\nsteps: [{name: A}]", "nobody knows: colour"),
    ("name: A\nsteps: [{name: A, department: Nowhere}]", "no department called Nowhere"),
    ("name: &a A\nsteps: [*a, *a]", "refers to parts of itself"),
    ("name: !!python/object:os.system x", "no YAML: look at line 1"),
    ("a: " + "[" * 5_000, "no YAML"),
    ("name: \x00", "no YAML"),
    ("x" * (MOST + 1), "too long"),
    ("name: 2026-99-99\nsteps: [{name: 2026-13-41}]\n? [a]\n: b", "no YAML|no template|nobody knows"),
]


@pytest.mark.parametrize(("text", "sentence"), TEXTS, ids=range(len(TEXTS)))
def test_a_text_that_is_no_template_is_refused_in_a_sentence(db, text, sentence):
    with pytest.raises(Refused, match=sentence):
        load(text)


def test_a_template_is_written_down_and_read_again(house, at):
    name, steps = load(DELIVERY)
    template = verify(lambda: actions.add_template(name, steps, by=house.by, at=at))
    assert dump(template) == DELIVERY.lstrip()
    assert load(dump(template)) == (name, steps)
    with pytest.raises(Refused, match="already a template called Card delivery"):
        actions.add_template(name, steps, by=house.by, at=at)


def test_an_edition_that_changes_nothing_is_none(house, at):
    name, steps = load(DELIVERY)
    template = actions.add_template(name, steps, by=house.by, at=at)
    assert actions.edit_template(template, steps, by=house.by, at=at).number == 1
    assert actions.edit_template(template, name="Cards", by=house.by, at=at).number == 1
    assert Template.objects.get().name == "Cards"
    assert Edition.objects.count() == 1


def test_branches_go_on_in_a_line_and_part_where_steps_run_side_by_side():
    steps = named("a", "b<a", "c<b", "d<b", "e<cd", "f<e")
    assert branches(steps) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "e", "f": "e"}


def test_what_is_asked_for_is_checked_by_its_kind(house, brief, at):
    asks = [
        {"key": "n", "label": "Number", "needed": True},
        {"key": "c", "label": "Carrier", "kind": "choice", "choices": ["fast", "slow"]},
        {"key": "d", "label": "Day", "kind": "date"},
        {"key": "y", "label": "Signed", "kind": "yes"},
    ]
    steps = [{"name": "One", "department": house.cards.pk, "asks": asks}]
    template = actions.add_template("Asks", steps, by=house.by, at=at)
    leg = actions.start(house.conversation, actions.newest_edition(template), brief, **house.as_ana).legs.get()
    for outcome, sentence in (
        ({}, "Number is not filled in"),
        ({"n": "1", "c": "other"}, "Choose one of: fast, slow"),
        ({"n": "1", "d": "soon"}, "Day is no date"),
        ({"n": "1", "y": "perhaps"}, "Signed is yes or no"),
        ({"n": "1", "z": "1"}, "does not ask for z"),
        ({"n": "x" * 3_000}, "Number is too long"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.done(leg, outcome, **house.as_dee)
    actions.done(leg, {"n": 7, "c": "fast", "d": "2026-03-04", "y": "on"}, **house.as_dee)
    leg.refresh_from_db()
    assert leg.outcome == {"n": "7", "c": "fast", "d": "2026-03-04", "y": True}


def test_departments_are_asked_for_in_one_statement(house, django_assert_num_queries):
    steps = [{"name": f"Step {n}", "department": house.cards.pk} for n in range(20)]
    with django_assert_num_queries(1):
        check_steps(steps)
