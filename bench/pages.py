"""The queue page and the page of a conversation with ten messages, through the whole application, signed in.

Wanted: each <= 10 ms CPU, whatever the number of conversations, and no exact COUNT on the way.
Floor: the same rows by bare SQL in a trivial template. Compare two sizes by running it on both.
"""

from bench.company import ask_and_answer, colleague, staff  # isort: skip  (sets Django up)

import re
import zlib

from django.db import connection
from jinja2 import Template

from bench.desk import Browser, statements
from bench.measure import measured, say
from pitcrew.conversations.models import Conversation

MOST = 10.0  # ms CPU
COUNT = re.compile(r"\bCOUNT\s*\(", re.I)
QUEUE = """SELECT c.id, c.subject, c.preview, c.last_message_at, c.state, u.name, d.name, s.name
FROM conversations_conversation c JOIN people_customer u ON u.id = c.customer_id
JOIN people_department d ON d.id = c.department_id LEFT JOIN people_staff s ON s.id = c.assignee_id
WHERE c.state = 'open' AND c.place = 'desk' AND c.retired_at IS NULL AND c.merged_into_id IS NULL
ORDER BY c.last_message_at DESC, c.id DESC LIMIT 50"""
MESSAGES = "SELECT id, at, direction, name, address, words FROM conversations_message WHERE conversation_id = %s"
LIST = Template("<ul>{% for row in rows %}<li>{% for cell in row %}{{ cell }} {% endfor %}</li>{% endfor %}</ul>")


def bare(sql: str, *values: object) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return LIST.render(rows=[[_plain(cell) for cell in row] for row in rows])


def _plain(cell: object) -> object:
    return zlib.decompress(cell).decode() if isinstance(cell, bytes) else cell


def page(what: str, browser: Browser, path: str, floor: float, *, fragment: bool = False, times: int = 40) -> None:
    """Measure one page, and look at the SQL of one more."""
    found = measured(lambda: browser.get(path, fragment=fragment), times, warm=6)
    with statements() as ran:
        browser.get(path, fragment=fragment)
    counting = [sql for sql in ran if COUNT.search(sql)]
    if counting:
        raise SystemExit(f"{what} counts exactly: {counting[0]}")
    asked = [sql for sql in ran if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    say(what, found.ms, "ms CPU", most=MOST, floor=floor, queries=len(asked))


def main() -> None:
    ana, ben = Browser(staff()), Browser(colleague())
    ten = ask_and_answer(10)
    size = Conversation.everything.order_by("-id").values_list("id", flat=True)[0] // 1000
    queue = measured(lambda: bare(QUEUE)).ms
    page(f"queue, administrator, {size}k", ana, "/queue/open/", queue)
    page(f"queue, agent of two departments, {size}k", ben, "/queue/open/", queue)
    page(f"queue, list alone, {size}k", ben, "/queue/open/", queue, fragment=True)
    page(f"queue, done, {size}k", ben, "/queue/done/", queue)
    said = measured(lambda: bare(MESSAGES, ten.pk)).ms
    page(f"conversation, ten messages, alone, {size}k", ben, f"/conversations/{ten.pk}/", said, fragment=True)
    page(f"conversation, ten messages, beside the queue, {size}k", ben, f"/conversations/{ten.pk}/", queue + said)


if __name__ == "__main__":
    main()
