"""What decides promises: calendars and policies."""

from datetime import UTC, datetime, timedelta

import pytest

from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from pitcrew.promises import actions
from pitcrew.promises.models import Calendar, Kind, Policy, Promise
from pitcrew.promises.policies import Facts, policy_for
from tests.verify import verify

NEVER: list = [[], [], [], [], [], [], []]


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


def test_working_hours_are_added_changed_and_removed(cast, how):
    calendar = verify(lambda: actions.add_calendar("Ours", department=cast.front, country="DE", **how))
    verify(lambda: actions.change_calendar(calendar, closed=["2026-12-24"], region="BY", **how))
    with pytest.raises(Refused, match="already"):
        actions.add_calendar("Again", department=cast.front, **how)
    verify(lambda: actions.remove_calendar(calendar, **how))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"hours": NEVER}, "No working hour comes"),
        ({"time_zone": "Mars/Base"}, "no time zone"),
        ({"country": "QQ"}, "not known"),
        ({"country": "DE", "region": "QQ"}, "not known"),
        ({"closed": ["tomorrow"]}, "is no day"),
        ({"hours": [[["9", "x"]], *NEVER[1:]]}, "are no times"),
        ({"hours": [[["17:00", "09:00"]], *NEVER[1:]]}, "two days"),
        ({"hours": [[["09:00", "12:00"], ["11:00", "13:00"]], *NEVER[1:]]}, "two days"),
        ({"name": " "}, "needs a name"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_a_sentence(how, told, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.add_calendar(**{"name": "House", **told}, **how)


def test_a_calendar_that_never_opens_is_refused_when_saved_and_loses_no_promise_when_it_became_so(cast, at, how):
    calendar = actions.add_calendar("House", **how)
    with pytest.raises(Refused, match="No working hour"):
        actions.change_calendar(calendar, hours=NEVER, **how)
    Calendar.objects.all().model._base_manager.filter(pk=calendar.pk).update(hours=NEVER)  # a land of holidays
    owed = actions.promise(Kind.SOLUTION, department=cast.front, minutes=60, **how)
    assert owed.due_at == at + timedelta(hours=1)
    assert "plain hours" in owed.words


def test_what_is_owed_is_counted_by_the_departments_own_hours_else_the_houses(cast, at, how):
    """The second of March 2026 is a Monday; it is nine in London and ten in Berlin."""
    actions.add_calendar("House", time_zone="UTC", **how)
    own = actions.add_calendar("Berlin", department=cast.accounting, time_zone="Europe/Berlin", **how)
    by_house = actions.promise(Kind.SOLUTION, department=cast.front, minutes=8 * 60, **how)
    by_own = actions.promise(Kind.SOLUTION, department=cast.accounting, minutes=8 * 60, **how)
    assert by_house.due_at == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert by_own.due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    actions.change_calendar(own, closed=["2026-03-03"], **how)
    assert Promise.objects.get(pk=by_own.pk).due_at == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_policies_are_added_changed_and_removed(cast, how):
    policy = verify(lambda: actions.add_policy("All", first_reply=60, **how))
    verify(lambda: actions.change_policy(policy, solution=600, department=cast.front, tag="vip", **how))
    with pytest.raises(Refused, match="promises nothing"):
        actions.change_policy(policy, first_reply=None, solution=None, **how)
    with pytest.raises(Refused, match="a year"):
        actions.add_policy("Never", first_reply=10**7, **how)
    verify(lambda: actions.remove_policy(policy, **how))


def test_the_usual_promises_are_one_act(how):
    verify(lambda: actions.start_with_the_usual("Europe/Berlin", **how))
    assert Policy.objects.get().first_reply == 480
    with pytest.raises(Refused, match="already"):
        actions.start_with_the_usual(**how)


def test_of_policies_that_fit_the_one_with_the_most_conditions_counts_then_the_lowest_rank(cast, how):
    told = {
        "Anybody": {},
        "Urgent": {"priority": "urgent"},
        "Vips at the desk": {"tag": "vip", "department": cast.front},
    }
    told |= {"Second": {"rank": 2, "tag": "vip"}, "First": {"rank": 1, "tag": "vip"}}
    for name, conditions in told.items():
        actions.add_policy(name, first_reply=60, **conditions, **how)

    def chosen(**facts) -> str:
        return str(policy_for(Kind.FIRST_REPLY, Facts(**{"department": cast.accounting.pk, **facts})))

    vip = frozenset({"vip"})
    assert chosen() == "Anybody"
    assert chosen(priority="urgent") == "Urgent"
    assert chosen(tags=vip) == "First"
    assert chosen(tags=vip, department=cast.front.pk, priority="urgent") == "Vips at the desk"
    assert policy_for(Kind.SOLUTION, Facts(cast.front.pk)) is None


def test_a_policy_can_be_for_one_organization(cast, how):
    people.place_in_organization(cast.martin, "Nordbank", **how)
    cast.martin.refresh_from_db()
    actions.add_policy("Nordbank", first_reply=5, organization=cast.martin.organization, **how)
    assert policy_for(Kind.FIRST_REPLY, Facts(cast.front.pk)) is None
    assert policy_for(Kind.FIRST_REPLY, Facts(cast.front.pk, organization=cast.martin.organization_id))
