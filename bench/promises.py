"""A sweep of promises that are due, and what a policy adds to a mail that opens a conversation.

Floors: one bare UPDATE of each promise in one commit; the same mail while nothing is promised.
"""

from bench.company import ask_and_answer, staff  # isort: skip  (sets Django up)

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from bench.measure import measured, say
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.actors import Actor, pitcrew
from pitcrew.people.models import Department
from pitcrew.promises import actions
from pitcrew.promises.models import Kind, Policy, Promise

MANY, MAILS = 1_000, 60
BY = Actor("pitcrew", "bench")


def sweep(at: datetime) -> None:
    """Break many at once."""
    department = Department.objects.order_by("pk")[0]
    for _ in range(MANY):
        actions.promise(Kind.SOLUTION, department=department, minutes=60, by=BY, at=at)
    later = at + timedelta(days=30)
    floor = measured(lambda: bare(later), 1, warm=0)
    found = measured(lambda: actions.break_due(by=pitcrew("bench"), at=later), 1, warm=0)
    say(f"sweep of {MANY} promises that are due", found.cpu[0], "ms CPU", floor=floor.cpu[0], wall_ms=found.wall[0])


def bare(at: datetime) -> None:
    due = list(Promise.objects.filter(look_at__lte=at).values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        for pk in due:
            cursor.execute("UPDATE promises_promise SET words = '' WHERE id = %s", [pk])


def receive(at: datetime) -> None:
    """A mail without policies, and with one."""

    def mail() -> None:
        letter = Incoming(channel="email", address="bench@customer.test", subject="Card", text="Where is it? " * 20)
        conversations.receive(letter, by=BY, at=at)

    for policy in Policy.objects.all():
        actions.remove_policy(policy, by=BY, at=at)
    floor = measured(mail, MAILS)
    actions.start_with_the_usual(by=BY, at=at)
    found = measured(mail, MAILS)
    say("a mail that is promised a reply and a solution", found.ms, "ms CPU", floor=floor.ms)


def main() -> None:
    staff()
    ask_and_answer(2)
    at = datetime.now(UTC)
    sweep(at)
    receive(at)


if __name__ == "__main__":
    main()
