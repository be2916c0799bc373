"""Threading as the product does it, on a database of its own: in by the intake, out by an answer."""

import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="pitcrew-threads-"))
os.environ.pop("DATABASE_URL", None)
os.environ["PITCREW_DATA"] = str(FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from pitcrew.channels.email.arriving import keep, letter  # noqa: E402
from pitcrew.channels.email.intake import take_some  # noqa: E402
from pitcrew.channels.email.models import Arrival  # noqa: E402
from pitcrew.channels.email.queries import may_answer_automatically  # noqa: E402
from pitcrew.channels.email.threading import message_id, reply_address, subject_line  # noqa: E402
from pitcrew.conversations import actions as conversations  # noqa: E402
from pitcrew.conversations.models import Conversation, Direction  # noqa: E402
from pitcrew.history.actors import pitcrew  # noqa: E402

DOMAIN = "helpdesk.example"
BY = pitcrew("evals")


def _prepared() -> Path:
    """A database with the tables and nothing else, made once."""
    call_command("migrate", verbosity=0)
    _let_go()
    return Path(shutil.copy(connection.settings_dict["NAME"], FOLDER / "empty"))


def _let_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


EMPTY = _prepared()


class Threads:
    """A company without a conversation yet. `last` tells of the mail that was taken last."""

    def __init__(self) -> None:
        connection.close()
        for old in FOLDER.glob("pitcrew.sqlite3*"):
            old.unlink()
        shutil.copy(EMPTY, connection.settings_dict["NAME"])
        self.last: dict = {}

    def ingest(self, raw: bytes) -> int:
        """Take one mail in; gives the id of the conversation it is in now."""
        at = timezone.now()
        kept = keep([letter(raw, door="smtp", arrived_at=at)])[0]
        take_some(at)
        arrival = Arrival.objects.select_related("message").get(pk=kept.arrival)
        if arrival.message is None:
            raise RuntimeError(arrival.quarantined_why or "the mail still waits")
        self.last = {
            "duplicate": not kept.is_new,
            "may_autoreply": may_answer_automatically(arrival.message, at=at),
            "warning": arrival.message.warning,
        }
        return arrival.message.conversation_id

    def reply(self, conversation: int) -> dict:
        """Answer a conversation; gives the identifiers that the answer carries."""
        found = Conversation.objects.get(pk=conversation)
        last = found.messages.filter(direction=Direction.IN).order_by("-id").first()
        to = last.address if last else ""
        message = conversations.reply(found, "Thank you, we look into it.", to=[to], by=BY, at=timezone.now())
        return {
            "message_id": message_id(message, DOMAIN),
            "subject": subject_line(found),
            "reply_to": reply_address(found, to, DOMAIN),
        }
