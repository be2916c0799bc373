"""What somebody may see is the same, asked of one conversation or of all."""

from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation
from pitcrew.people import actions as people
from pitcrew.people.models import Staff


def test_one_conversation_is_visible_where_the_list_shows_it(cast, at):
    how = {"by": cast.by, "at": at}
    people.deactivate(people.hire("gone@company.test", "Gone", **how), **how)
    everybody = list(Staff.everything.all())
    for step in (
        lambda: None,
        lambda: actions.transfer(cast.conversation, cast.accounting, **how),
        lambda: actions.unfollow(cast.conversation, cast.ana, **how),
        lambda: actions.assign(cast.conversation, cast.cleo, **how),
    ):
        step()
        row = Conversation.objects.get(pk=cast.conversation.pk)
        shown = [staff for staff in everybody if Conversation.objects.visible_to(staff).filter(pk=row.pk).exists()]
        assert [staff for staff in everybody if row.is_visible_to(staff)] == shown
        assert 0 < len(shown) < len(everybody)
