"""The real application as a browser meets it: requests through ASGI, signed in, and the SQL that they ran."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.conf import settings
from django.db.backends.signals import connection_created
from django.test import Client

from pitcrew.people.models import Staff

_statements: list[str] | None = None


def _note(execute, sql, values, many, context):
    if _statements is not None:
        _statements.append(sql)
    return execute(sql, values, many, context)


def _listen(connection, **_) -> None:
    connection.execute_wrappers.append(_note)


connection_created.connect(_listen)

from pitcrew.asgi import application  # noqa: E402  (its threads connect after we listen)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that runs meanwhile, in any thread."""
    global _statements
    _statements = []
    try:
        yield _statements
    finally:
        _statements = None


class Browser:
    """Somebody who has signed in; without a colleague, somebody outside."""

    def __init__(self, staff: Staff | None = None):
        self._session = ""
        if staff is not None:
            client = Client()
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            self._session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self._loop = asyncio.new_event_loop()
        self._token = "t" * 32

    def get(self, path: str, *, fragment: bool = False) -> bytes:
        """The body of a page. Raises RuntimeError when it is none."""
        return self._ask("GET", path, b"", fragment)

    def post(self, path: str, **form: str) -> bytes:
        """The answer to a form."""
        return self._ask("POST", path, urlencode(form).encode(), True)

    def _ask(self, method: str, path: str, body: bytes, fragment: bool) -> bytes:
        plain, _, query = path.partition("?")
        headers = {
            "host": "localhost",
            "cookie": f"{settings.SESSION_COOKIE_NAME}={self._session}; csrftoken={self._token}",
            "x-csrftoken": self._token,
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
        }
        if not self._session:
            del headers["cookie"]
        if fragment:
            headers["hx-request"] = "true"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": plain,
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
        }
        status, answer = self._loop.run_until_complete(_exchange(scope, body))
        if status >= 300:
            raise RuntimeError(f"{method} {path} was answered with {status}: {answer[:300]!r}")
        return answer


async def _exchange(scope: dict, body: bytes) -> tuple[int, bytes]:
    sent, status, parts = False, 0, []
    gone = asyncio.Event()

    async def receive() -> dict:
        nonlocal sent
        if sent:
            await gone.wait()
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            parts.append(message.get("body", b""))

    await application(scope, receive, send)
    gone.set()
    return status, b"".join(parts)
