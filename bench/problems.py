"""A customer's message compared with 50 open problems: <= 1 ms CPU. The page of them: <= 30 ms, of one: <= 40 ms.

Floors: taking the text of the message apart into its words; reading 50 problems by primary key.
"""

from bench.company import colleague, staff  # isort: skip  (sets Django up)

import random
from datetime import UTC, datetime

from bench.desk import Browser
from bench.measure import measured, measured_each, say
from evals.recurrence import Writer, causes
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import together
from pitcrew.people.queries import front_desk
from pitcrew.problems import actions
from pitcrew.problems.learning import index, learn, said_in
from pitcrew.problems.likeness.words import read
from pitcrew.problems.models import Problem

EACH, MESSAGES = 8, 200  # conversations of a problem; messages that are compared
MOST, MOST_LIST, MOST_PAGE = 1.0, 30.0, 40.0  # ms CPU


def fill(writer: Writer) -> None:
    """Fifty problems, each with the conversations it is known by; what is there already stays."""
    department = front_desk()
    assert department is not None
    known = set(Problem.objects.values_list("title", flat=True))
    for cause in causes():
        if cause.name not in known:
            with together():
                ids = [written(writer.letter(cause, german=n % 3 == 0)).conversation_id for n in range(EACH)]
                actions.find(cause.name, "", department, conversations=ids, **how())


def how() -> dict:
    return {"by": Actor("agent", colleague().pk, door="bench"), "at": datetime.now(UTC)}


def written(text: str) -> Message:
    """A message of somebody new."""
    address = f"bench{random.randrange(10**9)}@customer.test"
    letter = Incoming(channel="bench", address=address, subject=text[:60], text=text)
    return conversations.receive(letter, **how())


def compare(writer: Writer) -> None:
    told = causes()
    messages = [written(writer.letter(writer.dice.choice(told))) for _ in range(MESSAGES)]
    rows = [Message.objects.select_related("conversation__customer").get(pk=message.pk) for message in messages]
    index()
    times = measured_each([lambda row=row: index().match(said_in(row)) for row in rows], warm=20)
    floor = measured_each([lambda row=row: read(row.text) for row in rows], warm=20)
    say("a message compared with 50 problems", times.ms, "ms CPU", most=MOST, floor=floor.ms)
    say("the 50 problems learnt anew", measured(learn, 5, warm=1).ms, "ms CPU")


def look() -> None:
    browser = Browser(colleague())
    ids = list(Problem.objects.values_list("pk", flat=True)[:50])
    floor = measured(lambda: list(Problem.objects.filter(pk__in=ids)), 20)
    page = measured(lambda: browser.get("/problems/"), 20)
    say("the page of 50 problems", page.ms, "ms CPU", most=MOST_LIST, floor=floor.ms)
    one = measured(lambda: browser.get(f"/problems/{ids[0]}/"), 20)
    say("the page of one problem", one.ms, "ms CPU", most=MOST_PAGE, floor=floor.ms)


def main() -> None:
    staff()
    writer = Writer(random.Random(1))
    fill(writer)
    compare(writer)
    look()


if __name__ == "__main__":
    main()
