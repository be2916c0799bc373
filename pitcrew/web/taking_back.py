"""Taking back through the screens: who may, what it says afterwards, and the draft that returns."""

from datetime import datetime
from html import escape

from pitcrew.conversations import drafts
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import unsent
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import Preview
from pitcrew.people.access import works_the_desk
from pitcrew.people.models import Staff


def may_take_back(staff: Staff, operations: list[Operation]) -> bool:
    """One's own acts; those of others where one works the conversations they are about."""
    if staff.is_administrator:
        return True
    foreign = [o.pk for o in operations if o.actor != f"agent:{staff.pk}"]
    if not foreign:
        return True
    events = Event.objects.filter(operation__in=foreign)
    about = [pk for pk in events.order_by().values_list("about", flat=True).distinct() if pk]
    if events.filter(about=None).exists() or not works_the_desk(staff):
        return False
    return Conversation.objects.visible_to(staff).filter(pk__in=about).count() == len(about)


def touched(operations: list[Operation]) -> list[int]:
    """The conversations that these operations, or what they undid, are about."""
    ids = [operation.pk for operation in operations]
    direct = Event.objects.filter(operation__in=ids, about__isnull=False).order_by().values_list("about", flat=True)
    return sorted(pk for pk in direct.distinct()[:200] if pk)


def sentence(done: Preview) -> str:
    """What came back, and what did not."""
    back = len({line.about or line.subject for line in done.comes_back})
    if not back:
        return "Nothing to take back: it was taken back before, or cannot be."
    parts = ["Taken back" if back == 1 else f"{back} taken back"]
    if done.conflicts:
        parts.append(f"{len(done.conflicts)} kept because of later work")
    if done.stays:
        parts.append(f"{len(done.stays)} cannot come back")
    return ", ".join(parts)


def bring_drafts_back(undo: Operation, staff: Staff, at: datetime) -> list[int]:
    """An answer that was kept from leaving is a draft again. Returns the conversations that have one."""
    back = []
    for message in unsent([undo.pk]):
        if message.author_id == staff.pk:
            html = message.html or "<div>" + escape(message.text).replace("\n", "<br>") + "</div>"
            drafts.save(message.conversation, staff, html, at=at)
            back.append(message.conversation_id)
    return back
