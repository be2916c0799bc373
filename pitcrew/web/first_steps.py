"""What an empty queue teaches as long as no mail has ever come."""

from dataclasses import dataclass

from pitcrew.channels.email.models import Mailbox
from pitcrew.conversations.models import Conversation
from pitcrew.web.listening import mail_port


@dataclass(frozen=True)
class Lesson:
    """``address`` is the mailbox that takes the mail; empty while any address does."""

    port: int
    address: str

    @property
    def command(self) -> str:
        """Words to type into a terminal of the machine Pitcrew runs on."""
        to = self.address or "support@example.org"
        lines = [
            "printf '%s\\n' \\",
            " 'From: you@example.org' \\",
            " 'Subject: Hello' '' 'It works' |",
            "curl -T - \\",
            " --mail-from you@example.org \\",
            f" --mail-rcpt {to} \\",
            f" smtp://127.0.0.1:{self.port}",
        ]
        return "\n".join(lines)


def lesson() -> Lesson | None:
    """The lesson of a new installation; None as soon as there has been a conversation."""
    if Conversation.everything.exists():
        return None
    return Lesson(mail_port(), Mailbox.objects.order_by("pk").values_list("address", flat=True).first() or "")
