"""The customer's progress page, through the whole application, by somebody who has not signed in.

Wanted: <= 10 ms CPU, whatever the number of conversations. Floor: the same rows by bare SQL in a trivial template.
"""

from bench.company import colleague, staff  # isort: skip  (sets Django up)

from datetime import UTC, datetime, timedelta

from django.db import connection

from bench.desk import Browser, statements
from bench.measure import measured, say
from bench.pages import LIST, MOST
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Mailbox
from pitcrew.conversations.models import Conversation, Place
from pitcrew.history.actors import Actor
from pitcrew.people.models import Department
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.doors.addresses import PAGE
from pitcrew.relays.doors.queries import page_word
from pitcrew.relays.models import Edition, Leg

TIMES = 60
FLOOR = """SELECT c.subject, c.opened_at, l.step, l.stage, l.by_when, l.ended_at
FROM conversations_conversation c JOIN relays_leg l ON l.conversation_id = c.id WHERE c.id = %s"""


def underway() -> Conversation:
    """A conversation whose relay of four legs has gone half its way."""
    by, at = Actor("agent", staff().pk, door="bench"), datetime.now(UTC)
    colleague()
    departments = list(Department.objects.order_by("id")[:3])
    if not Mailbox.objects.exists():
        name_mailbox("support@company.test", departments[0], by=by, at=at)
    keys = ("understood", "made", "sent", "call")
    steps = [
        {
            "key": key,
            "name": key.title(),
            "department": departments[number % 3].pk,
            "after": list(keys[number - 1 : number]) if number else [],
            "told": f"It is {key}",
            "is_follow_up": key == "call",
        }
        for number, key in enumerate(keys)
    ]
    template = relays.add_template(f"Bench {at.timestamp()}", steps, by=by, at=at)
    conversation = Conversation.objects.filter(place=Place.DESK, merged_into=None).order_by("-id")[0]
    brief = Brief("A card", "Looked it up", "By Thursday", at + timedelta(days=3))
    relay = relays.start(conversation, Edition.objects.get(template=template), brief, by=by, at=at)
    for key in keys[:2]:
        relays.done(Leg.objects.get(relay=relay, step=key), {}, by=by, at=at)
    return conversation


def bare(pk: int) -> str:
    """The same rows, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [pk])
        return LIST.render(rows=cursor.fetchall())


def main() -> None:
    """Measure the page, and count what it asks."""
    conversation = underway()
    visitor, path = Browser(), f"/{PAGE}/{page_word(conversation)}/"
    floor = measured(lambda: bare(conversation.pk), TIMES).ms
    found = measured(lambda: visitor.get(path), TIMES, warm=6)
    with statements() as ran:
        visitor.get(path)
    asked = [sql for sql in ran if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    size = Conversation.everything.order_by("-id").values_list("id", flat=True)[0] // 1000
    say(f"progress page, {size}k", found.ms, "ms CPU", most=MOST, floor=floor, queries=len(asked))


if __name__ == "__main__":
    main()
