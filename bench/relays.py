"""Handing over, what follows of it, and the track.

Wanted: a hand-over <= 15 ms CPU; the track of a conversation <= 2 ms.
Floors: the rows of a hand-over by bare INSERTs in one commit.
"""

from bench.company import colleague, count_anew, staff  # isort: skip  (sets Django up)

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from bench.acts import WORDS
from bench.measure import measured, measured_each, median, say
from pitcrew.conversations.models import Conversation, Place
from pitcrew.history.actors import Actor
from pitcrew.history.moments import kept
from pitcrew.history.names import number_of
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Membership, Role
from pitcrew.promises import actions as promises
from pitcrew.promises.models import Policy
from pitcrew.relays import actions
from pitcrew.relays.briefs import Brief
from pitcrew.relays.events import LEG_OFFERED
from pitcrew.relays.models import Leg, Template
from pitcrew.relays.queries import legs_for, track

HANDED, WARM, ASKED = 60, 10, 100


def how() -> dict:
    return {"by": Actor("agent", colleague().pk, door="bench"), "at": datetime.now(UTC)}


def receiver() -> Department:
    """A department that somebody works in, with a policy that says by when it accepts and completes."""
    department = Department.objects.order_by("-id")[0]
    if not Membership.objects.active().filter(department=department, staff=colleague()).exists():
        people.add_member(department, colleague(), Role.AGENT, **how())
    if not Policy.objects.exists():
        promises.add_policy("Legs", acceptance=60, completion=480, **how())
    return department


def template(department: Department) -> Template:
    steps = [
        {"name": "First", "department": department.pk},
        {"name": "Second", "department": department.pk, "after": ["first"]},
        {"name": "Call", "department": department.pk, "after": ["second"], "is_follow_up": True},
    ]
    found = Template.objects.filter(name="Bench").first()
    return found or actions.add_template("Bench", steps, **how())


def brief() -> Brief:
    return Brief(WORDS[:300], WORDS[:300], WORDS[:100], datetime.now(UTC) + timedelta(days=3))


def targets(number: int) -> list[Conversation]:
    """Conversations that were never handed over."""
    rows = Conversation.objects.filter(place=Place.DESK, merged_into=None, legs=None)
    return list(rows.select_related("customer").order_by("-id")[:number])


def hand_over() -> None:
    """Ad hoc, along a template, accepted, and done with what follows."""
    department = receiver()
    edition = actions.newest_edition(template(department))
    some = targets(2 * (HANDED + WARM))
    first, second = some[: len(some) // 2], some[len(some) // 2 :]
    count_anew()
    floor = measured(bare_hand_over, 40)
    handed = measured_each([lambda c=c: actions.hand_over(c, department, brief(), **how()) for c in first], warm=WARM)
    say("hand-over, the act", handed.ms, "ms CPU", most=15, floor=floor.ms, wall_ms=median(handed.wall))
    began = measured_each([lambda c=c: actions.start(c, edition, brief(), **how()) for c in second], warm=WARM)
    say("start of three legs, the act", began.ms, "ms CPU", floor=floor.ms, wall_ms=median(began.wall))
    legs = list(Leg.objects.filter(conversation__in=second, stage="offered").order_by("pk"))
    accepted = measured_each([lambda leg=leg: actions.accept(leg, **how()) for leg in legs], warm=WARM)
    say("accept, the act", accepted.ms, "ms CPU", floor=floor.ms, wall_ms=median(accepted.wall))
    done = measured_each([lambda leg=leg: actions.done(leg, {}, "Done", **how()) for leg in legs], warm=WARM)
    say("done and handed on, the act", done.ms, "ms CPU", most=15, floor=floor.ms, wall_ms=median(done.wall))
    at = datetime.now(UTC)
    walked = measured_each([lambda c=c: track(c, at) for c in second * 3][: ASKED + WARM], warm=min(WARM, len(second)))
    say("the track of three legs", walked.ms, "ms CPU", most=2)
    mine = measured(lambda: legs_for(colleague()), 20)
    say("the legs that wait for a person, 200", mine.ms, "ms CPU")


def bare_hand_over() -> None:
    """A relay, a leg, the state, an operation and three events, as little as any log could write."""
    now, conversation = datetime.now(UTC), Conversation.objects.order_by("-id").values_list("id", flat=True)[0]
    at = kept(now, connection)
    department = Department.objects.order_by("-id").values_list("id", flat=True)[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO relays_relay (conversation_id, name, home_id, started_at, finished_at, stopped_why, was_early)"
            " VALUES (%s, 'bench', %s, %s, %s, '', false) RETURNING id",
            [conversation, department, at, at],
        )
        relay = cursor.fetchone()[0]
        cursor.execute(
            'INSERT INTO relays_leg (relay_id, conversation_id, step, name, branch, "order", department_id, partner,'
            " stage, is_follow_up, need, tried, promised, question, answer, declined_why, outcome, outcome_words,"
            " ended_why, after, away, retired_at) VALUES (%s, %s, 'a', 'bench', 'a', 1, %s, '', 'done', false, %s, %s,"
            " %s, '', '', '', '{}', '', '', '[]', 0, %s)",
            [relay, conversation, department, WORDS[:300], WORDS[:300], WORDS[:100], at],
        )
        cursor.execute("UPDATE conversations_conversation SET state = state WHERE id = %s", [conversation])
        cursor.execute(
            "INSERT INTO history_operation (actor, verb, door, why, at, is_undo)"
            " VALUES ('agent:0', 'bench', '', '', %s, false) RETURNING id",
            [at],
        )
        operation = cursor.fetchone()[0]
        for _ in range(3):
            cursor.execute(
                "INSERT INTO history_event (operation_id, kind, subject_type, subject_id, about, changes, is_birth,"
                " \"transaction\") VALUES (%s, %s, %s, 0, NULL, '{}', false, 0)",
                [operation, number_of(LEG_OFFERED), number_of(Leg._meta.label_lower)],
            )


def main() -> None:
    staff()
    hand_over()


if __name__ == "__main__":
    main()
