"""How an event keeps its changes: short, and read back as they were told."""

import json

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from pitcrew.history import changes
from pitcrew.history.models import Event

values = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(), st.lists(st.text()))
told = st.dictionaries(st.text(), st.tuples(values, values).map(list))


def kept(event: Event) -> dict:
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes FROM history_event WHERE id = %s", [event.pk])
        return json.loads(cursor.fetchone()[0])


@given(told)
def test_changes_are_read_as_they_were_told(steps):
    field = Event._meta.get_field("changes")
    assert field.from_db_value(changes.kept(steps), None, connection) == steps


def test_what_comes_from_nothing_is_kept_without_its_before(cast):
    opened = Event.objects.filter(kind="conversation.opened").get()
    assert kept(opened)["state"] == "open"
    assert opened.changes["state"] == [None, "open"]


def test_django_keeps_them_as_short(cast):
    opened = Event.objects.filter(kind="conversation.opened").get()
    before, told_before = kept(opened), opened.changes
    Event.objects.bulk_update([opened], ["changes"])
    opened.refresh_from_db()
    assert (kept(opened), opened.changes) == (before, told_before)
