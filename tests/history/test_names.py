"""Names are kept as numbers and read as names."""

import pytest
from django.db import connection

from pitcrew.history import names
from pitcrew.history.models import Event, Name


def test_no_two_names_have_one_number():
    numbers = [names.number_of(name) for name in names.vocabulary()]
    assert len(set(numbers)) == len(numbers), "Call the newer of them otherwise."


def test_the_log_keeps_numbers_and_tells_names(cast):
    opened = Event.objects.get(kind="conversation.opened")
    assert (opened.kind, opened.subject_type) == ("conversation.opened", "conversations.conversation")
    assert Event.objects.exclude(kind__in=["conversation.opened"]).count() == Event.objects.count() - 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM history_event WHERE id = %s", [opened.pk])
        assert cursor.fetchone()[0] == names.number_of("conversation.opened")


def test_the_database_says_what_they_stand_for(db):
    told = dict(Name.objects.values_list("number", "name"))
    assert told == {names.number_of(name): name for name in names.vocabulary()}


def test_a_name_that_the_code_forgot_is_told_by_the_database(cast):
    gone = names.number_of("conversation.sung")
    Event.objects.filter(kind="conversation.opened").update(kind="conversation.sung")
    with pytest.raises(LookupError):
        Event.objects.get(kind="conversation.sung")
    Name.objects.create(number=gone, name="conversation.sung")
    assert Event.objects.get(kind="conversation.sung").kind == "conversation.sung"
