"""What is done with root causes, each act proven by the log, its undo and its redo."""

from datetime import timedelta

import pytest

from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.people.refusals import Refused
from pitcrew.problems import actions
from pitcrew.problems.models import Evidence, Problem, ProblemLink, Rule, Sighting, Stage, Victory, VictoryPart
from tests.verify import verify

SCORE = {"score": 0.9, "because": "card, flat"}


def test_a_problem_is_found_with_its_conversations(cast, touched, how):
    ids = [conversation.pk for conversation in touched]
    problem = verify(lambda: actions.find("Cards lack the flat", "", cast.front, conversations=ids, **how))
    assert problem.stage == Stage.FOUND
    assert problem.found_by == cast.ana
    assert ProblemLink.objects.filter(problem=problem).count() == 3


def test_a_problem_without_a_title_is_refused(cast, how):
    with pytest.raises(Refused, match="needs a title"):
        actions.find("  ", "", cast.front, **how)


def test_it_is_described_moved_and_owned(cast, problem, how):
    verify(lambda: actions.describe(problem, "Flat number missing", "On every card since May.", **how))
    verify(lambda: actions.own(problem, cast.ben, **how))
    assert (problem.stage, problem.owner) == (Stage.OWNED, cast.ben)
    verify(lambda: actions.move(problem, cast.accounting, **how))
    problem = Problem.objects.get()
    assert (problem.stage, problem.owner, problem.department) == (Stage.FOUND, None, cast.accounting)


def test_only_who_works_there_sees_to_it(cast, problem, how):
    with pytest.raises(Refused, match="does not work in"):
        actions.own(problem, cast.cleo, **how)


def test_a_workaround_moves_it_on(cast, problem, how):
    verify(lambda: actions.workaround(problem, "Pick the card up at a branch.", **how))
    assert problem.stage == Stage.WORKAROUND
    verify(lambda: actions.workaround(problem, "", **how))
    assert problem.stage == Stage.FOUND


def test_linking_is_done_once_and_taken_back(cast, problem, write, at, how):
    other = write("paul", "Card", "Not here", at=at).conversation
    verify(lambda: actions.link_conversation(problem, other, **how))
    assert actions.link_many(problem, [other.pk, cast.conversation.pk], **how) == 1
    verify(lambda: actions.unlink_conversation(problem, other, **how))
    assert not ProblemLink.objects.filter(conversation=other).exists()
    verify(lambda: actions.link_many(problem, [other.pk], **how))


def test_rules_are_written_and_written_anew(problem, cast, how):
    verify(lambda: actions.write_rule(problem, words=["Flat Number", "flat number"], excluded=["lost"], **how))
    assert Rule.objects.get().words == ["flat number"]
    verify(lambda: actions.write_rule(problem, phrase="no flat", tag="Card", department=cast.front, **how))
    assert (Rule.objects.get().words, Rule.objects.get().phrase) == ([], "no flat")


def test_no_fix_is_claimed_without_evidence(problem, how):
    for nothing in (None, actions.Proof("note", "  "), actions.Proof("photo", "a photo, believe me")):
        with pytest.raises(Refused, match="evidence"):
            actions.claim_fix(problem, nothing, **how)
    with pytest.raises(Refused, match="https"):
        actions.claim_fix(problem, actions.Proof("release", "4.2", "javascript:alert(1)"), **how)
    assert Problem.objects.get().stage == Stage.FOUND


def test_a_fix_is_claimed_watched_and_becomes_permanent(problem, proof, cast, how, at):
    verify(lambda: actions.claim_fix(problem, proof, **how))
    assert (problem.stage, problem.fixed_count) == (Stage.CLAIMED, 1)
    verify(lambda: actions.watch(problem, 7, **how))
    assert problem.watch_until == at + timedelta(days=7)
    later = {"by": cast.by, "at": at + timedelta(days=7)}
    verify(lambda: actions.make_permanent(problem, **later))
    assert problem.stage == Stage.PERMANENT
    victory = Victory.objects.get()
    assert (victory.before["count"], victory.after["count"]) == (3, 0)
    assert set(VictoryPart.objects.values_list("staff", flat=True)) == {cast.ana.pk}


def test_evidence_is_added_and_all_but_the_last_removed(watched, proof, how):
    more = verify(lambda: actions.add_evidence(watched, actions.Proof("note", "Ten letters looked at"), **how))
    verify(lambda: actions.remove_evidence(more, **how))
    with pytest.raises(Refused, match="only evidence"):
        actions.remove_evidence(Evidence.objects.get(), **how)


def test_what_is_said_to_be_fixed_twice_is_refused(watched, proof, how):
    with pytest.raises(Refused, match="claimed already"):
        actions.claim_fix(watched, proof, **how)


def test_people_can_open_it_again(watched, how):
    verify(lambda: actions.reopen(watched, **how))
    assert watched.stage == Stage.OWNED
    assert watched.fixed_count == 1
    assert not ProblemLink.objects.filter(recurred_at=None).exists()
    with pytest.raises(Refused, match="no fix"):
        actions.reopen(watched, **how)


def test_a_sighting_of_a_watched_problem_brings_it_back(watched, write, at, cast):
    day9 = at + timedelta(days=9)
    message = write("paul", "Card", "No flat number on the envelope", at=day9)
    verify(lambda: actions.sight(watched, message, **SCORE, by=cast.by, at=day9))
    assert (watched.stage, watched.recurred_at) == (Stage.OWNED, day9)
    assert ProblemLink.objects.get(conversation=message.conversation).recurred_at is None
    assert ProblemLink.objects.filter(recurred_at=day9).count() == 3


def test_a_sighting_of_an_open_problem_is_a_suggestion(problem, write, at, how):
    message = write("paul", "Card", "No flat number on the envelope", at=at)
    sighting = verify(lambda: actions.sight(problem, message, **SCORE, **how))
    assert not ProblemLink.objects.filter(conversation=message.conversation).exists()
    assert actions.sight(problem, message, **SCORE, **how) is None
    verify(lambda: actions.dismiss(sighting, **how))
    assert actions.sight(problem, message, **SCORE, **how) is None


def test_the_mood_of_a_customer_who_writes_again_is_heard(problem, touched, write, at, cast):
    write("lena", "Card missing", "This is ridiculous, I am furious", at=at, conversation=touched[0])
    verify(lambda: actions.hear(touched[0], by=cast.by, at=at))
    assert ProblemLink.objects.get(conversation=touched[0]).angry == 2


def test_two_problems_become_one_and_two_again(problem, cast, touched, write, at, how):
    other = actions.find("Flat number left out", "", cast.front, conversations=[touched[0].pk], **how)
    message = write("paul", "Card", "No flat number", at=at)
    actions.link_conversation(other, message.conversation, **how)
    actions.sight(other, message, **SCORE, **how)
    actions.add_evidence(other, actions.Proof("note", "Seen"), **how)
    verify(lambda: actions.merge(problem, other, **how))
    assert ProblemLink.objects.filter(problem=problem).count() == 4
    assert Sighting.objects.get().problem == problem
    with pytest.raises(Refused, match="is part of problem"):
        actions.own(other, cast.ana, **how)
    with pytest.raises(Refused, match="same problem"):
        actions.merge(problem, problem, **how)


def test_a_problem_is_dropped_with_a_reason(problem, how):
    with pytest.raises(Refused, match="Say why"):
        actions.drop(problem, " ", **how)
    verify(lambda: actions.drop(problem, "The post was on strike", **how))
    with pytest.raises(Refused, match="was dropped"):
        actions.own(problem, problem.found_by, **how)


def test_thanks_after_a_fix_are_a_victory_once(watched, touched, write, at, cast):
    later = at + timedelta(days=2)
    message = write("lena", "Card missing", "Thank you", at=later, conversation=touched[0])
    verify(lambda: actions.record_thanks(watched, message.conversation, by=cast.by, at=later))
    assert actions.record_thanks(watched, message.conversation, by=cast.by, at=later) is None
    victory = Victory.objects.get()
    assert (victory.before["count"], victory.after["count"]) == (1, 1)


def test_no_undo_leaves_a_permanent_fix_without_evidence(watched, cast, at):
    claim = Operation.objects.get(verb="problems.claim_fix")
    actions.make_permanent(watched, by=cast.by, at=at + timedelta(days=14))
    with pytest.raises(Refused, match="without evidence"):
        undo([claim], by=cast.by, at=at + timedelta(days=15))
    assert Evidence.objects.count() == 1


def test_it_can_be_done_again_in_any_order(watched, how):
    operations = list(Operation.objects.filter(verb__startswith="problems."))
    undo(operations, by=how["by"], at=how["at"])
    assert not Problem.objects.exists()
