"""What 10,000 conversations take on the disk, beyond the raw mail: one ordinary mail in, one answer out.

Wanted: <= 40 MB for each 10,000, search index and log included. The mails go through the real intake, so it needs an
empty database: `PITCREW_DATA=$(mktemp -d) python -m bench.disk`. Raw mail is what we keep of the bytes as they came;
it is counted apart. Floor: the words of both messages, as UTF-8.
"""

from bench.company import Words, colleague, staff  # isort: skip  (sets Django up)

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench.measure import say
from pitcrew.channels.email import intake
from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.conversations import actions
from pitcrew.conversations.actions.delivering import left
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import together

MOST, BATCH, MB = 40.0, 50, 1e6
RAW = "email_rawmail"
STYLE = "margin:0cm;font-size:11.0pt;font-family:Calibri,sans-serif"
PARTS = (
    '{head}Content-Type: multipart/alternative; boundary="q"\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\n{plain}\r\n'
    "--q\r\nContent-Type: text/html\r\n\r\n<html><head><style>p.MsoNormal {{{style}}}</style></head><body>{page}"
    "</body></html>\r\n--q--\r\n"
)
OUTWORN = (  # https://www.postgresql.org/docs/15/routine-vacuuming.html#AUTOVACUUM
    "SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE n_dead_tup >"
    " current_setting('autovacuum_vacuum_threshold')::float"
    " + current_setting('autovacuum_vacuum_scale_factor')::float * greatest(reltuples, 0)"
)


def mail(number: int, words: Words) -> bytes:
    """A mail of ordinary size: about a hundred words; every second one also in HTML, as mail programs write it."""
    pick = words.random
    said = [words.text(pick.randint(8, 16)).capitalize() + "." for _ in range(pick.randint(2, 10))]
    head = "".join(
        f"Received: from mail{hop}.customer.test (mail{hop}.customer.test [192.0.2.{hop}]) by mx.company.test "
        f"with ESMTPS id {pick.randbytes(6).hex()}; Sun, 22 Nov 2026 00:00:00 +0000\r\n"
        for hop in range(3)
    )
    head += (
        f"DKIM-Signature: v=1; a=rsa-sha256; d=customer.test; s=m; b={pick.randbytes(128).hex()}\r\n"
        f"From: {words.text(2).title()} <c{number}@customer.test>\r\nTo: support@company.test\r\n"
        f"Subject: {words.text(5).capitalize()}\r\nMessage-ID: <{pick.randbytes(16).hex()}@customer.test>\r\n"
        "Date: Sun, 22 Nov 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    )
    plain = "\r\n\r\n".join(said)
    if number % 2:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n".encode()
    page = "".join(f'<p class="MsoNormal" style="{STYLE}"><span lang="EN">{line}</span></p>' for line in said)
    return PARTS.format(head=head, plain=plain, style=STYLE, page=page).encode()


def fill(conversations: int) -> int:
    """Take so many mails in and answer each. Returns the bytes of the mails."""
    staff()
    words, by, at, sent = Words(3), Actor("agent", colleague().pk, door="web"), datetime.now(UTC), 0
    for first in range(0, conversations, BATCH):
        raws = [mail(number, words) for number in range(first, min(first + BATCH, conversations))]
        sent += sum(map(len, raws))
        keep([letter(raw, door="smtp", arrived_at=at, mailbox="support@company.test") for raw in raws])
        while intake.take_some(at):
            pass
        at += timedelta(minutes=10)
        _answer(raws, words, by, at)
        _vacuum()
    return sent


def _vacuum() -> None:
    """What autovacuum would have done by now, had these mails come over weeks: it looks once a minute, or is off."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(OUTWORN)
            for (table,) in cursor.fetchall():
                cursor.execute(f'VACUUM "{table}"')


def _answer(raws: list[bytes], words: Words, by: Actor, at: datetime) -> None:
    newest = Conversation.objects.order_by("-id").select_related("department")[: len(raws)]
    with together():
        for conversation in newest:
            text = words.text(random.randint(20, 120))
            html = f"<div>{text}</div>" if conversation.pk % 2 else ""
            answer = actions.reply(conversation, text, to=["c@customer.test"], html=html, by=by, at=at)
            left(answer, by=Actor("pitcrew", "outbox", door="email"), at=at + timedelta(seconds=16))


def sizes() -> dict[str, int]:
    """Bytes of every table and index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(
                "SELECT relname, CASE relkind WHEN 'r' THEN pg_table_size(c.oid) ELSE pg_relation_size(c.oid) END"
                " FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
            )
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name")
        return dict(cursor.fetchall())


def run(conversations: int) -> None:
    """Fill, weigh, tell."""
    before, sent = sizes(), fill(conversations)
    intake._reader.stop()
    grown = {name: size - before.get(name, 0) for name, size in sizes().items()}
    scale, raw = 10_000 / conversations / MB, sum(size for name, size in grown.items() if name.startswith(RAW))
    files = sum(path.stat().st_size for path in Path(settings.DATA).rglob("*") if path.parent.name == "files")
    texts = sum(len(words.text) for words in Message.objects.values_list("words", flat=True).iterator())
    arrived = Arrival.objects.filter(message__isnull=False).count()
    kept = RawMail.objects.count()
    total = sum(grown.values()) - raw + files
    say(
        "disk of 10,000 conversations beyond raw mail",
        total * scale,
        "MB",
        most=MOST,
        floor=texts * scale,
        mails=f"{arrived}/{kept}",
        sent_MB=sent * scale,
        kept_MB=raw * scale,
    )
    for name, size in sorted(grown.items(), key=lambda pair: -pair[1])[:18]:
        print(f"{'':12s}{name:60s}{size * scale:8.2f} MB {size / conversations:8.0f} bytes each")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--conversations", type=int, default=10_000)
    call_command("migrate", verbosity=0)
    if Conversation.everything.exists():
        raise SystemExit("There are conversations here. Run it as: PITCREW_DATA=$(mktemp -d) python -m bench.disk")
    run(options.parse_args().conversations)
