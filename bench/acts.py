"""Answering, closing 600 at once, and the one undo of that.

Wanted: an answer <= 7 ms CPU; closing <= 0.25 s and its undo <= 0.4 s on the clock.
Floors: the rows of an answer by bare INSERTs in one commit; one bare UPDATE of the 600 rows.
"""

from bench.company import ask_and_answer, colleague, staff  # isort: skip  (sets Django up)

import random
import uuid
import zlib
from datetime import UTC, datetime

from django.db import connection, transaction

from bench.desk import Browser
from bench.measure import measured, measured_each, median, say
from pitcrew.conversations import actions
from pitcrew.conversations.events import MESSAGE_WRITTEN
from pitcrew.conversations.models import Conversation, Message, Place, State
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.moments import kept
from pitcrew.history.names import number_of
from pitcrew.history.undoing import undo
from pitcrew.people.access import departments_seen

MANY, ANSWERS, ROUNDS = 600, 60, 5
WORDS = "The card was sent on Tuesday and should be with you by Friday. " * 6


def by() -> Actor:
    return Actor("agent", colleague().pk, door="bench")


def some(state: str, number: int) -> list[int]:
    """The newest conversations in this state."""
    rows = Conversation.objects.filter(state=state, place=Place.DESK, merged_into=None)
    rows = rows.filter(department__in=departments_seen(colleague()))
    return list(rows.order_by("-last_message_at", "-id").values_list("id", flat=True)[:number])


def open_ones() -> list[list[int]]:
    """Some times so many open conversations that stand together in the queue; a small company opens some again."""
    ids, wanted = some(State.OPEN, MANY * ROUNDS * 4), MANY * ROUNDS
    start = random.randrange(max(1, len(ids) - wanted))
    ids = ids[start : start + wanted]
    for pk in some(State.DONE, wanted - len(ids)):
        actions.reopen(Conversation.objects.get(pk=pk), by=by(), at=datetime.now(UTC))
        ids.append(pk)
    return [ids[start : start + MANY] for start in range(0, len(ids), MANY)]


def answer() -> None:
    """One answer as the action writes it, and as the form of the desk asks for it."""
    targets = [Conversation.objects.select_related("customer").get(pk=pk) for pk in some(State.DONE, ANSWERS)]
    how = {"to": ["c@customer.test"], "by": by(), "at": datetime.now(UTC)}
    acts = [lambda c=c: actions.reply(c, WORDS, **how) for c in targets]
    floor = measured(bare_answer, 40)
    found = measured_each(acts, warm=10)
    say("answer, the act", found.ms, "ms CPU", most=7, floor=floor.ms, wall_ms=median(found.wall))
    ben, conversation = Browser(colleague()), ask_and_answer(2)
    page = f"/conversations/{conversation.pk}/reply/"
    form = {"to": "c@customer.test", "body": f"<div>{WORDS}</div>"}
    whole = measured(lambda: ben.post(page, **form, newest=str(newest(conversation))), 30, warm=5)
    say("answer, the whole request", whole.ms, "ms CPU", floor=floor.ms, wall_ms=median(whole.wall))


def newest(conversation: Conversation) -> int:
    return conversation.messages.order_by("-id").values_list("id", flat=True)[0]


def bare_answer() -> None:
    """A message, its queue row, its operation and two events, as little as any log could write."""
    now, conversation = datetime.now(UTC), Conversation.objects.order_by("-id").values_list("id", flat=True)[0]
    at = kept(now, connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO conversations_message (conversation_id, direction, channel, at, name, address, "to", cc,'
            " subject, external_id, is_automatic, warning, undelivered_why, has_html, words)"
            " VALUES (%s, 'out', 'bench', %s, '', '', '[]', '[]', '', %s, false, '', '', false, %s)",
            [conversation, at, uuid.uuid4().hex, zlib.compress(WORDS.encode())],
        )
        cursor.execute("UPDATE conversations_conversation SET last_message_at = %s WHERE id = %s", [at, conversation])
        cursor.execute(
            "INSERT INTO history_operation (actor, verb, door, why, at, is_undo)"
            " VALUES ('agent:0', 'bench', '', '', %s, false) RETURNING id",
            [at],
        )
        operation = cursor.fetchone()[0]
        for _ in range(2):
            cursor.execute(
                "INSERT INTO history_event (operation_id, kind, subject_type, subject_id, about, changes, is_birth,"
                " \"transaction\") VALUES (%s, %s, %s, 0, NULL, '{}', false, 0)",
                [operation, number_of(MESSAGE_WRITTEN), number_of(Message._meta.label_lower)],
            )


def close() -> None:
    """Close many in one operation, take it back, and so on."""
    closing, undoing, floors = [], [], []
    for ids in open_ones():
        warm(ids)
        who, at = by(), datetime.now(UTC)
        closing.append(measured(lambda ids=ids, who=who, at=at: actions.close_many(ids, by=who, at=at), 1, warm=0))
        acts = Operation.objects.filter(pk__in=who.did)
        undoing.append(measured(lambda acts=acts, at=at: undo(acts, by=by(), at=at), 1, warm=0))
        floors.append(measured(lambda ids=ids: bare_update(ids), 1, warm=0))
    floor = median([t.wall[0] for t in floors]) / 1000
    for what, most, times in (("close 600", 0.25, closing), ("undo of closing 600", 0.4, undoing)):
        cpu = median([t.cpu[0] for t in times]) / 1000
        say(what, median([t.wall[0] for t in times]) / 1000, "s", most=most, floor=floor, cpu_s=f"{cpu:.3f}")


def warm(ids: list[int]) -> None:
    """Have the rows and their events read once: a disk that has to be read is not what is measured."""
    list(Conversation.objects.filter(pk__in=ids))
    list(Event.objects.filter(subject_type=Conversation._meta.label_lower, subject_id__in=ids))


def bare_update(ids: list[int]) -> None:
    gaps = ", ".join(["%s"] * len(ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE conversations_conversation SET customer_wrote_last = NOT customer_wrote_last WHERE id IN ({gaps})",
            ids,
        )


def main() -> None:
    staff()
    answer()
    close()


if __name__ == "__main__":
    main()
