"""Search newest-first over all bodies: p95 <= 15 ms at 1,000,000 messages.

Fill the database first: `python -m bench.company --conversations 250000`. Floor: reading 50 rows by primary key.
"""

from bench.company import Words, staff  # isort: skip  (sets Django up)

from bench.measure import Times, measured, measured_each, p95, say
from pitcrew.conversations import search
from pitcrew.conversations.models import Message

QUERIES = 100
WARM = 20
MOST = 15.0  # ms


def queries() -> dict[str, list[str]]:
    """Words of every frequency, alone, together, in order, and with a filter."""
    words = Words(1)
    pick = words.random
    frequent = [words.rank(pick.randrange(0, 200)) for _ in range(QUERIES)]
    middling = [words.rank(pick.randrange(200, 5_000)) for _ in range(QUERIES)]
    rare = [words.rank(pick.randrange(5_000, 30_000)) for _ in range(QUERIES)]
    return {
        "a frequent word": frequent,
        "a middling word": middling,
        "a rare word": rare,
        "two words": [f"{a} {b}" for a, b in zip(frequent, middling, strict=True)],
        "two middling words": [f"{a} {b}" for a, b in zip(middling, reversed(middling), strict=True)],
        "a word in open ones": [f"{a} is:open" for a in frequent],
    }


def main() -> None:
    ana, newest = staff(), Message.objects.order_by("-id").values_list("id", flat=True)[0]
    floor = measured(lambda: list(Message.objects.filter(pk__gt=newest - 50)), 50)
    everything = Times()
    for name, texts in queries().items():
        found = measured_each([lambda text=text: search.find(ana, text) for text in texts], warm=WARM)
        everything.wall += found.wall
        everything.cpu += found.cpu
        say(f"search, {name}, p95", p95(found.wall), "ms", floor=floor.wall_ms, median=found.wall_ms, cpu=found.ms)
    for what, times in (("on the clock", everything.wall), ("CPU", everything.cpu)):
        say(f"search, all of them, p95 {what}", p95(times), "ms", most=MOST, floor=floor.ms, messages=newest)


if __name__ == "__main__":
    main()
