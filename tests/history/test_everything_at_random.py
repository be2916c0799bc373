"""Thousands of random acts: the log rebuilds every row, any subset is undone exactly, nothing open is hidden."""

import random
from collections import defaultdict
from datetime import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pitcrew.conversations.followers import promises_go_with_their_conversation
from pitcrew.conversations.models import Conversation, Place, State
from pitcrew.conversations.owing import RESTING
from pitcrew.history.actors import Actor
from pitcrew.history.events import UNDONE
from pitcrew.history.kinds import irreversible
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import Preview, undo
from pitcrew.people.access import DESK_ROLES
from pitcrew.people.models import Membership, Staff
from pitcrew.people.refusals import Refused
from pitcrew.promises.models import Kind, Promise
from pitcrew.promises.queries import OPEN, open_promises
from pitcrew.relays.access import may_see
from pitcrew.relays.following import clocks_go_with_the_baton
from pitcrew.relays.models import LIVE, Leg, Stage
from pitcrew.relays.queries import holder_of
from tests.history.acts import ACTS, World, act
from tests.test_house import operations
from tests.verify import assert_log_tells_all, assert_same, logged_models, state

UNDOER = Actor("agent", "undoer")
LONG, SHORT = 2_000, 150  # acts; of the long one more than 700 are done, the others are refused or change nothing
Subject = tuple[str, int]

NAMES = sorted(ACTS, key=lambda name: (name != "add_canned", name))  # the first is what a plain example repeats
steps = st.tuples(st.sampled_from(NAMES), st.integers(0, 65_535), st.integers(0, 65_535))
quiet = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
}


@settings(max_examples=3, derandomize=True, **quiet)
@given(st.lists(steps, min_size=SHORT, max_size=SHORT), st.integers(0, 2**32))
def test_a_busy_day_can_be_taken_back_in_any_part(cast, at, history, seed):
    live_through(cast, at, history, random.Random(seed), between_checks=50)


@pytest.mark.prove
@settings(max_examples=2, **quiet)
@given(st.integers(0, 2**32))
def test_a_busy_year_can_be_taken_back_in_any_part(cast, at, seed):
    dice = random.Random(seed)
    names = sorted(ACTS)
    history = [(dice.choice(names), dice.randrange(65_536), dice.randrange(65_536)) for _ in range(LONG)]
    live_through(cast, at, history, dice, between_checks=200)


def live_through(cast, at, history, dice: random.Random, between_checks: int) -> None:
    """Do all of it, look at everything every now and then; in the end the world is as it was before."""
    newest, told = Operation.objects.count(), 0
    with transaction.atomic():
        world = World(at)
        for n, (name, a, b) in enumerate(history, start=1):
            act(world, name, a, b)
            assert_nothing_open_is_hidden()
            if n % between_checks == 0:
                told = tell_what_was_undone(told, world.at)
                assert_what_rests_has_a_reason()
                assert_log_tells_all()
                assert_any_part_comes_back(world, dice)
        assert (
            Operation.objects.count() - newest > len(history) / 5
        )  # what needs a leg, a promise or a broken link is often refused
        transaction.set_rollback(True)


def assert_nothing_open_is_hidden() -> None:
    """Where anybody works on the desk, what is open is seen without the powers of an administrator."""
    active = [staff for staff in Staff.objects.all() if staff.is_active]
    assert any(staff.is_administrator for staff in active)
    working = set(Membership.objects.active().filter(role__in=DESK_ROLES).values_list("staff_id", flat=True))
    on_desk = Conversation.objects.filter(place=Place.DESK, merged_into=None).exclude(state=State.DONE)
    hidden = set(on_desk.values_list("pk", flat=True))
    for staff in active:
        staff.is_administrator = staff.is_administrator and not working
        if hidden:
            hidden -= set(on_desk.visible_to(staff).values_list("pk", flat=True))
    assert not hidden
    assert_every_baton_is_held()
    assert_no_promise_is_lost()


def assert_every_baton_is_held() -> None:
    """Of each branch that is live exactly one party has the baton, and what is done on legs is seen by somebody."""
    live = Leg.objects.filter(stage__in=LIVE).select_related(
        "department", "holder", "sender", "sent_from", "relay__home"
    )
    branches = [(leg.relay_id, leg.branch) for leg in live]
    assert len(set(branches)) == len(branches)
    active = [staff for staff in Staff.objects.all() if staff.is_active]
    for leg in live:
        party = holder_of(leg)
        assert party is not None and sum(map(bool, (party.staff, party.department, party.partner))) <= 1
        assert party.staff is None or party.staff.is_active
        assert any(may_see(staff, leg) for staff in active)
        assert party.staff is None or may_see(party.staff, leg)
    for leg in Leg.objects.exclude(stage__in=LIVE):
        assert holder_of(leg) is None and not open_promises(leg=leg.pk).exists(), leg.stage


def assert_no_promise_is_lost() -> None:
    """The clock looks at what is owed until it is broken or rests; what was owed for a leg that is live still is."""
    for owed in Promise.objects.filter(OPEN, broken_at=None):
        if owed.paused_at is None:
            assert owed.due_at is not None and owed.look_at is not None and owed.look_at <= owed.due_at
        else:
            assert owed.left is not None and owed.look_at is None
    for leg in Leg.objects.filter(stage__in=LIVE).exclude(stage=Stage.RETURNED):
        kind = Kind.COMPLETION if leg.accepted_at else Kind.ACCEPTANCE
        owed = Promise.objects.filter(leg=leg.pk, kind=kind).order_by("pk").last()
        ended = owed and (owed.kept_at or owed.released_at)
        assert not ended or ended <= leg.baton_since, (leg.pk, leg.stage, kind)


def assert_what_rests_has_a_reason() -> None:
    """Every promise that is paused is so because of where its conversation or its leg stands."""
    stages = dict(Leg.objects.values_list("pk", "stage"))
    standings = {pk: moved for pk, *moved in Conversation.everything.values_list("pk", "state", "place")}
    for owed in Promise.objects.filter(OPEN, broken_at=None, paused_at__isnull=False):
        if owed.leg is not None:
            assert owed.leg not in stages or stages[owed.leg] == Stage.ASKED, (owed.pk, owed.leg)
        elif owed.conversation is not None:
            state, place = standings[owed.conversation]
            assert place != Place.DESK or (owed.kind == Kind.SOLUTION and state in RESTING), (owed.pk, owed.kind, state)


def tell_what_was_undone(since: int, at: datetime) -> int:
    """Let what is owed follow what was taken back, as the clock does soon after. Returns the last event told."""
    events = Event.objects.filter(pk__gt=since, kind=UNDONE).select_related("operation").order_by("pk")
    for event in events:
        promises_go_with_their_conversation(event, at)
        clocks_go_with_the_baton(event, at)
    return Event.objects.latest("pk").pk


def assert_any_part_comes_back(world: World, dice: random.Random) -> None:
    """Undo a third of all acts, compare with a replay without them, redo, compare with what was."""
    before, events = state(), list(Event.objects.filter(operation__is_undo=False).order_by("id"))
    newest = Event.objects.latest("pk").pk
    operations = Operation.objects.filter(is_undo=False).order_by("id")
    subset = {pk for pk in operations.values_list("pk", flat=True) if dice.random() < 0.3}
    try:
        with transaction.atomic():
            told = undo(Operation.objects.filter(pk__in=subset), by=UNDOER, at=world.at)
            assert_log_tells_all()
    except Refused:
        assert_same(state(), before)
        return
    assert_as_if_never_done(events, subset, told)
    assert_nothing_else_moved(before, events, subset)
    assert_everything_points_somewhere()
    assert_nothing_open_is_hidden()
    with transaction.atomic():
        tell_what_was_undone(newest, world.at)
        assert_what_rests_has_a_reason()
        assert_no_promise_is_lost()
        assert_log_tells_all()
        transaction.set_rollback(True)
    undo(Operation.objects.filter(pk__in=UNDOER.did[-1:]), by=UNDOER, at=world.at)
    assert_same(state(), before)
    assert_log_tells_all()


def assert_as_if_never_done(events: list[Event], subset: set[int], told: Preview) -> None:
    """Every row that the preview does not hold back is what a replay without the subset makes of it."""
    final = set(irreversible())
    off = {e.pk for e in events if e.undone_by_id or (e.operation_id in subset and e.kind not in final)}
    touched = {(e.subject_type, e.subject_id) for e in events if e.operation_id in subset}
    held = {line.subject for line in told.conflicts if line.reason != "It was changed later." or not line.changes}
    held |= {line.subject for line in told.stays}
    rows: dict[Subject, dict] = {}
    for event in events:
        subject = (event.subject_type, event.subject_id)
        if event.pk in off or subject not in touched:
            continue
        if event.is_birth:
            rows[subject] = defaultdict(lambda: None)
        if subject in rows:
            rows[subject].update({name: after for name, (_, after) in event.changes.items()})
    present = state()
    for subject in touched - held:
        expected = rows.get(subject)
        if expected is None or expected["retired_at"]:
            assert subject not in present, f"{subject} should be gone"
            continue
        found = present[subject]
        wrong = {n: (found[n], v) for n, v in expected.items() if n in found and found[n] != v}
        assert not wrong, (subject, wrong)


def assert_nothing_else_moved(before: dict, events: list[Event], subset: set[int]) -> None:
    touched = {(e.subject_type, e.subject_id) for e in events if e.operation_id in subset}
    derived = {m._meta.label_lower: m.derived_fields for m in logged_models()}

    def rest(rows: dict) -> dict:
        return {
            subject: {n: v for n, v in row.items() if n not in derived[subject[0]]}
            for subject, row in rows.items()
            if subject not in touched
        }

    assert_same(rest(state()), rest(before))


def assert_everything_points_somewhere() -> None:
    """No row that is present refers to one whose beginning was taken back."""
    births = Event.objects.filter(is_birth=True, undone_by__isnull=False)
    unborn = set(births.values_list("subject_type", "subject_id"))
    for model in logged_models():
        for reference in (f for f in model.logged_fields() if f.is_relation):
            label = reference.related_model._meta.label_lower
            pointed = set(model.objects.values_list(reference.attname, flat=True))
            assert not {pk for pk in pointed if (label, pk) in unborn}, (model, reference.name)


def test_every_act_of_conversations_and_people_is_among_the_random_ones():
    rooms = ("pitcrew/conversations/", "pitcrew/people/", "pitcrew/promises/", "pitcrew/relays/")
    acts = {name for path, name in operations() if path.startswith(rooms)}
    assert acts - set(ACTS) == set()
