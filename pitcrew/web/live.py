"""Live screens: one stream for each open page, saying only which conversation moved and how far.

The log is the source: one reader in each process looks for new events while anybody listens, and hands the numbers of
their conversations to those who may see them. The event's id is the cursor, so a page that comes back gets what it
missed (Server-Sent Events, WHATWG HTML s. 9.2).
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest

from pitcrew.conversations.models import Conversation, Following
from pitcrew.history.models import Event
from pitcrew.history.reading import newest_event
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Membership, Staff
from pitcrew.relays.models import Leg, Stage

PAUSE = 0.25  # seconds between two looks into the log
BEAT = 15  # seconds after which a silent stream says that it is alive
LIFE = 600  # seconds after which a page connects again, so that who may see what is asked again
MOST = 200  # conversations named at once; when more moved, the page fetches all it shows
LATE = 300  # ids that may still appear below the newest on PostgreSQL, which hands them out before the commit

CONVERSATION, LEG = Conversation._meta.label_lower, Leg._meta.label_lower  # whose departments say who may know

_database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")


@dataclass(frozen=True)
class Move:
    """A conversation that moved, up to an event; who could see it before, and who can now.

    ``legs`` are the departments that have or had a leg of it.
    """

    conversation: int
    event: int
    departments: frozenset[int]
    people: frozenset[int]
    legs: frozenset[int] = frozenset()


@dataclass(eq=False)
class Viewer:
    """Somebody with a page open. ``places`` are the departments whose legs they see, in whatever role."""

    staff: int
    sees_all: bool
    departments: frozenset[int]
    places: frozenset[int] = frozenset()
    waiting: asyncio.Queue = field(default_factory=lambda: asyncio.Queue(maxsize=1_000))

    def sees(self, move: Move) -> bool:
        theirs = self.departments & move.departments or self.places & move.legs
        return self.sees_all or self.staff in move.people or bool(theirs)

    def tell(self, moves: list[Move]) -> None:
        """Put what this person may see where their stream takes it."""
        seen = [move for move in moves if self.sees(move)]
        lines = [_line(move) for move in seen] if len(seen) <= MOST else [_reload(seen[-1].event)]
        for line in lines:
            if self.waiting.full():
                self.waiting.get_nowait()
            self.waiting.put_nowait(line)


class Reader:
    """Reads the log for all viewers of this process, while there are any."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self.task: asyncio.Task | None = None
        self.newest = 0
        self.recent: deque[int] = deque(maxlen=LATE * 2)

    async def join(self, viewer: Viewer) -> None:
        self.viewers.add(viewer)
        if self.task is None or self.task.done():
            self.newest = await _in_database(newest_event)
            self.task = asyncio.create_task(self._read())

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)

    async def _read(self) -> None:
        while self.viewers:
            await asyncio.sleep(PAUSE)
            moves = await _in_database(self._new_moves)
            for viewer in list(self.viewers) if moves else ():
                viewer.tell(moves)

    def _new_moves(self) -> list[Move]:
        since = self.newest - (LATE if connection.vendor == "postgresql" else 0)
        rows = [row for row in _events(since) if row["id"] not in self.recent]
        self.recent.extend(row["id"] for row in rows)
        self.newest = max([self.newest, *(row["id"] for row in rows)])
        return moves_of(rows)


def _events(since: int) -> list[dict[str, Any]]:
    rows = Event.objects.filter(id__gt=since).order_by("id").values("id", "about", "changes", "subject_type")
    return [dict(row) for row in rows[:5_000]]


def moves_of(rows: Iterable[dict[str, Any]]) -> list[Move]:
    """Which conversations these events moved, each once, with all who may know."""
    newest: dict[int, int] = {}
    before: dict[int, list[dict]] = {}
    handed: dict[int, list[dict]] = {}
    for row in rows:
        if row["about"]:
            newest[row["about"]] = row["id"]
            told = {CONVERSATION: before, LEG: handed}.get(row["subject_type"], {})
            told.setdefault(row["about"], []).append(row["changes"])
    holders = Conversation.everything.filter(pk__in=newest).values_list("pk", "department_id", "assignee_id")
    now = {pk: (department, assignee) for pk, department, assignee in holders}
    followers: dict[int, set[int]] = {}
    for pk, staff in Following.objects.filter(conversation__in=newest).values_list("conversation_id", "staff_id"):
        followers.setdefault(pk, set()).add(staff)
    legs, holders_of_legs = _legs_of(newest)
    moves = []
    for pk, event in sorted(newest.items(), key=lambda pair: pair[1]):
        department, assignee = now.get(pk, (None, None))
        departments = {department, *_values(before.get(pk, []), "department_id")} - {None}
        people = {assignee, *_values(before.get(pk, []), "assignee_id"), *followers.get(pk, ())} - {None}
        people |= holders_of_legs.get(pk, set())
        places = {*legs.get(pk, ()), *_values(handed.get(pk, []), "department_id")} - {None}
        moves.append(Move(pk, event, frozenset(departments), frozenset(people), frozenset(places)))
    return moves


def _legs_of(conversations: Iterable[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """The departments and the people that take part in the relays of these conversations (ids)."""
    departments: dict[int, set[int]] = {}
    people: dict[int, set[int]] = {}
    rows = Leg.objects.filter(conversation__in=conversations).exclude(stage=Stage.AHEAD)
    for pk, department, *staff in rows.values_list("conversation_id", "department_id", "holder_id", "sender_id"):
        departments.setdefault(pk, set()).add(department)
        people.setdefault(pk, set()).update(each for each in staff if each)
    return departments, people


def _values(changes: list[dict], name: str) -> set[int | None]:
    return {value for change in changes for value in change.get(name, ())}


def _line(move: Move) -> str:
    told = json.dumps({"conversation": move.conversation, "event": move.event})
    return f"id: {move.event}\nevent: moved\ndata: {told}\n\n"


def _reload(event: int) -> str:
    return f"id: {event}\nevent: reload\ndata: {{}}\n\n"


async def _in_database(question: Callable, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_database, question, *args)


def viewer_of(cookies: str) -> Viewer | None:
    """Who has this session cookie, if it is somebody who works here."""
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value if morsel else None)
    staff = get_user(request)
    if not isinstance(staff, Staff) or not staff.is_active:
        return None
    places = Membership.objects.active().filter(staff=staff).values_list("department_id", flat=True)
    return Viewer(staff.pk, staff.is_administrator, frozenset(departments_seen(staff)), frozenset(places))


def missed(viewer: Viewer, last: int) -> list[Move]:
    """What moved since a page last heard of anything."""
    return [move for move in moves_of(_events(last)) if viewer.sees(move)]


reader = Reader()
Send = Callable[[dict], Awaitable[None]]


async def application(scope: dict, receive: Callable[[], Awaitable[dict]], send: Send) -> None:
    """Answer one page's `GET /events` until it goes away (ASGI 3)."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    viewer = await _in_database(viewer_of, headers.get("cookie", "")) if scope["method"] == "GET" else None
    if viewer is None:
        # 204 tells an EventSource not to come back (WHATWG HTML s. 9.2.3); the page goes to the door by itself.
        await _begin(send, 204, b"text/plain")
        await send({"type": "http.response.body", "body": b""})
        return
    await _begin(send, 200, b"text/event-stream")
    await reader.join(viewer)
    try:
        await _catch_up(viewer, headers.get("last-event-id", ""), send)
        await _stream(viewer, receive, send)
    finally:
        reader.leave(viewer)


async def _begin(send: Send, status: int, content_type: bytes) -> None:
    headers = [
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _catch_up(viewer: Viewer, last: str, send: Send) -> None:
    lines = "retry: 2000\n\n"
    if last.isascii() and last.isdigit() and len(last) < 19:
        moves = await _in_database(missed, viewer, int(last))
        lines += "".join(map(_line, moves)) if len(moves) <= MOST else _reload(moves[-1].event)
    await _write(send, lines)


async def _stream(viewer: Viewer, receive: Callable[[], Awaitable[dict]], send: Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    end = asyncio.get_running_loop().time() + LIFE
    try:
        while not gone.done() and asyncio.get_running_loop().time() < end:
            line = asyncio.create_task(viewer.waiting.get())
            await asyncio.wait({gone, line}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if line.done():
                await _write(send, line.result())
            else:
                line.cancel()
                await _write(send, ": still here\n\n")
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _until_gone(receive: Callable[[], Awaitable[dict]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
