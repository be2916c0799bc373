"""The sweep for broken links: over a company with many live legs, only what is due is looked at.

Wanted: a sweep over 250,000 conversations with 20,000 live legs <= 2 s CPU, of which 1,000 are due.
Floors: the legs, the messages and the promises of what is due, read by bare SQL.
"""

from bench.company import colleague, count_anew, staff  # isort: skip  (sets Django up)

from datetime import UTC, datetime, timedelta

from django.db import connection, models, transaction

from bench.measure import measured, say
from pitcrew.conversations.models import Conversation, Place
from pitcrew.history.actors import pitcrew
from pitcrew.history.moments import kept
from pitcrew.people.models import Department
from pitcrew.relays.links.looking import look_due
from pitcrew.relays.links.models import BrokenLink, LinkCheck
from pitcrew.relays.models import Leg, Relay, Stage

LIVE, DUE, RUNS = 20_000, 1_000, 3
BATCH = 1_000
BY = pitcrew("bench")


def fill(at: datetime) -> list[int]:
    """Let so many conversations have a live leg, as if it had just been accepted. Returns which."""
    taken = Leg.objects.filter(conversation__isnull=False, baton_since__isnull=False).values("conversation")
    free = Conversation.objects.filter(place=Place.DESK, merged_into=None).exclude(pk__in=taken)
    wanted = max(0, LIVE - taken.count())
    ids = list(free.order_by("-pk").values_list("pk", flat=True)[:wanted])
    departments = list(Department.objects.order_by("pk"))
    for start in range(0, len(ids), BATCH):
        _some(ids[start : start + BATCH], departments, at)
    count_anew()
    return list(Leg.objects.filter(baton_since__isnull=False).values_list("conversation", flat=True)[:LIVE])


def _some(ids: list[int], departments: list[Department], at: datetime) -> None:
    home, to = departments[0], departments[-1]
    with transaction.atomic():
        relays = models.QuerySet(Relay).bulk_create(
            [Relay(conversation_id=pk, name="Bench", home=home, started_at=at) for pk in ids]
        )
        told = {"step": "a", "name": "Bench", "department": to, "sent_from": home, "stage": Stage.ACCEPTED}
        moments = {"offered_at": at, "accepted_at": at, "baton_since": at}
        rows = [Leg(relay=r, conversation_id=r.conversation_id, sender=colleague(), **told, **moments) for r in relays]
        models.QuerySet(Leg).bulk_create(rows)
        models.QuerySet(Conversation).filter(pk__in=ids).update(state="department")


def make_due(ids: list[int], due: int, at: datetime) -> None:
    """Of these conversations so many are due now, the others in some hours."""
    LinkCheck.objects.all().delete()
    later = at + timedelta(hours=6)
    checks = [LinkCheck(conversation_id=pk, look_at=at if n < due else later) for n, pk in enumerate(ids)]
    LinkCheck.objects.bulk_create(checks, batch_size=BATCH)


def sweep(ids: list[int], due: int, at: datetime) -> None:
    """What the clock does."""
    assert look_due(by=BY, at=at) >= min(due, len(ids))


def bare(at: datetime) -> None:
    """What is due, with its legs, messages and promises, as little as any sweep could read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conversation_id FROM links_linkcheck WHERE look_at <= %s", [kept(at, connection)])
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(some))
            for sql in (
                "SELECT id, stage, department_id, baton_since FROM relays_leg WHERE conversation_id IN ({})",
                "SELECT id, direction, at, left_at FROM conversations_message WHERE conversation_id IN ({})",
                "SELECT id, kind, due_at FROM promises_promise WHERE conversation IN ({})",
            ):
                cursor.execute(sql.format(marks), some)
                cursor.fetchall()


def main() -> None:
    staff()
    at = datetime.now(UTC)
    ids = fill(at)
    for due, most in ((min(DUE, len(ids)), 2.0), (0, None)):
        cpu, wall, floors = [], [], []
        for _ in range(RUNS):
            make_due(ids, due, at)
            floors.append(measured(lambda: bare(at), 1, warm=0).ms)
            swept = measured(lambda due=due: sweep(ids, due, at), 1, warm=0)
            cpu.append(swept.ms)
            wall.append(swept.wall_ms)
        what = f"sweep for broken links, {due:,} due of {len(ids):,} live legs"
        floor = sorted(floors)[RUNS // 2] / 1000
        told = {"wall_s": sorted(wall)[RUNS // 2] / 1000, "broken": BrokenLink.objects.count()}
        say(what, sorted(cpu)[RUNS // 2] / 1000, "s CPU", most=most, floor=floor, **told)


if __name__ == "__main__":
    main()
