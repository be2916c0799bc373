"""A watch: what comes back reopens the right problem, what stays quiet becomes permanent."""

from datetime import timedelta

import pytest

from pitcrew.history.models import Event
from pitcrew.people.refusals import Refused
from pitcrew.problems import actions
from pitcrew.problems.events import PROBLEM_REOPENED
from pitcrew.problems.models import Problem, ProblemLink, Sighting, Stage
from pitcrew.problems.queries import baseline, days_of

OTHERS = (
    ("Invoice debited twice", "The invoice was charged two times.", "My bank shows two debits of the same invoice."),
    ("App logs out", "The app logs people out.", "The app throws me out every few minutes since the update."),
    ("Heating display freezes", "Hangs at nineteen degrees.", "The display of the heating hangs, nothing reacts."),
)


@pytest.fixture
def others(cast, write, at, how):
    """Problems beside it, watched as well."""
    found = []
    for number, (title, words, said) in enumerate(OTHERS):
        ids = [write(f"c{number}", title, said, at=at).conversation.pk]
        found.append(actions.find(title, words, cast.front, conversations=ids, **how))
        actions.claim_fix(found[-1], actions.Proof("note", "Tried it"), watch_for=14, **how)
    return found


def test_on_day_nine_of_fourteen_the_right_problem_comes_back(watched, others, write, tell, at, cast):
    tell()
    day9 = at + timedelta(days=9)
    message = write("paul", "Nothing in the post", "No card yet; the envelope had no flat number on it.", at=day9)
    tell(9)
    watched = Problem.objects.get(pk=watched.pk)
    assert (watched.stage, watched.owner, watched.fixed_count) == (Stage.OWNED, cast.ana, 1)
    assert {p.stage for p in Problem.objects.exclude(pk=watched.pk)} == {Stage.WATCHING}
    assert ProblemLink.objects.filter(problem=watched, recurred_at=day9).count() == 3
    assert ProblemLink.objects.get(conversation=message.conversation).problem == watched
    assert Event.objects.filter(kind=PROBLEM_REOPENED, subject_id=watched.pk).count() == 1


def test_what_came_before_the_watch_or_is_something_else_leaves_it_quiet(watched, others, write, tell, at):
    write("paul", "Opening hours", "When are you open at Easter?", at=at + timedelta(days=3))
    early = write("olga", "Card", "My card has no flat number on its envelope", at=at + timedelta(days=3), **OLD(at))
    tell(3)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.WATCHING
    assert Sighting.objects.get(message=early.pk).problem == watched


def OLD(at):
    return {"sent_at": at - timedelta(days=1)}


def test_a_customer_who_says_it_is_still_there_brings_it_back(watched, touched, write, tell, at):
    tell()
    write("lena", "Card missing", "It is still not here.", at=at + timedelta(days=4), conversation=touched[0])
    tell(4)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.OWNED


def test_a_customer_who_says_it_works_does_not(watched, touched, write, tell, at):
    tell()
    write("lena", "Card missing", "It works again.", at=at + timedelta(days=4), conversation=touched[0])
    tell(4)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.WATCHING


def test_a_quiet_window_makes_it_permanent_and_not_a_moment_earlier(watched, cast, at):
    how = {"by": cast.by}
    with pytest.raises(Refused, match="lasts until"):
        actions.make_permanent(watched, **how, at=at + timedelta(days=14, seconds=-1))
    assert actions.settle_due(**how, at=at + timedelta(days=13)) == 0
    assert actions.settle_due(**how, at=at + timedelta(days=14)) == 1
    assert Problem.objects.get(pk=watched.pk).stage == Stage.PERMANENT


def test_a_message_of_the_window_that_is_read_late_still_brings_it_back(watched, write, tell, cast, at):
    tell()
    write("paul", "Card", "The envelope had no flat number, the card is not here.", at=at + timedelta(days=13))
    actions.settle_due(by=cast.by, at=at + timedelta(days=15))
    tell(15)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.OWNED


def test_a_rule_finds_what_likeness_would_not(watched, write, tell, how, at):
    actions.write_rule(watched, words=["E-4711"], phrase="code 4711", **how)
    tell()
    write("paul", "Odd", "The slip says code 4711, whatever that is.", at=at + timedelta(days=2))
    tell(2)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.OWNED


def test_fields_and_excluded_words_narrow_it(watched, write, tell, cast, how, at):
    actions.write_rule(watched, excluded=["stolen"], **how)
    tell()
    write("paul", "Card", "The card without the flat number did not arrive, it was stolen.", at=at + timedelta(days=2))
    tell(2)
    actions.write_rule(watched, department=cast.accounting, **how)
    write("olga", "Card", "The card without the flat number did not arrive.", at=at + timedelta(days=3))
    tell(3)
    assert Problem.objects.get(pk=watched.pk).stage == Stage.WATCHING


def test_the_days_of_a_watch_are_counted_with_what_was_before(watched, write, tell, at):
    tell()
    write("paul", "Card", "No card here, the flat number was missing on the envelope.", at=at + timedelta(days=9))
    tell(9)
    days = days_of(watched, at + timedelta(days=10))
    assert {day.day.day: day.count for day in days if day.count} == {2: 4, 11: 1}
    assert baseline(watched, days) == 0
