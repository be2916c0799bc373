"""What a row was at a moment."""

from datetime import timedelta

from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Operation
from pitcrew.history.reading import as_of
from pitcrew.history.undoing import undo


def test_a_row_as_it_was_at_any_moment(cast, at):
    hours = [at + timedelta(hours=n) for n in range(5)]
    actions.close(cast.conversation, by=cast.by, at=hours[1])
    actions.assign(cast.conversation, cast.ben, by=cast.by, at=hours[2])
    undo(Operation.objects.filter(pk=cast.by.did[0]), by=cast.by, at=hours[3])

    def then(moment):
        state = as_of(Conversation, cast.conversation.pk, moment)
        return state and (state["state"], state["assignee_id"])

    assert then(at - timedelta(seconds=1)) is None
    assert [then(h) for h in hours[:4]] == [
        ("open", None),
        ("done", None),
        ("done", cast.ben.pk),
        ("open", cast.ben.pk),
    ]
