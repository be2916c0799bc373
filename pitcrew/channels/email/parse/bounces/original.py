"""Which of our messages came back: the ids in the returned mail."""

import re
from html import unescape

from pitcrew.channels.email.parse.bounces.leaves import Leaves
from pitcrew.channels.email.parse.bounces.notice import Notice

MESSAGE_ID = re.compile(
    r"^[ \t>*"
    r"|]{0,12}(?:original[- ])?message-id[ \t]{0,4}:\s{0,4}<?([^<>\s]{3,998}?)>?[ \t\r]*$",
    re.I | re.M,
)
MAX_IDS = 20


def returned_ids(mail: Leaves, notice: Notice) -> list[str]:
    """Message-IDs of the mail a bounce returns, without angle brackets, those of whole parts first.

    Looks in message/rfc822 and text/rfc822-headers parts (RFC 3464 s. 2), then in quoted text and reports.
    """
    found: dict[str, None] = {}
    for said in (*mail.originals, notice.rest, notice.text, *mail.reports, *mail.texts):
        for value in MESSAGE_ID.findall(said[:200_000]):
            value = unescape(value).strip("<>")
            if "@" in value:
                found.setdefault(value)
    return list(found)[:MAX_IDS]
