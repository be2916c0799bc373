"""Mails that carry one hostile string wherever a mail can carry one."""

import base64
import re
from urllib.parse import quote


def word(text: str) -> str:
    """A header's text as encoded words (RFC 2047), so that every sign arrives."""
    pieces = [text[n : n + 10] for n in range(0, len(text), 10)] or [""]
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece.encode()).decode()}?=" for piece in pieces)


def carrier(text: str, *, number: int = 0, html: str = "", token: str = "") -> bytes:
    """``text`` as subject, sender's name, plain body, HTML body (or ``html``) and name of an attached file."""
    return "\r\n".join(
        [
            f"From: {word(text[:150])} <customer{number}@customer.test>",
            "To: support@company.test",
            f"Subject: {word(text[:300])}",
            f"Message-ID: <carrier-{number}@customer.test>",
            "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="outer"',
            "",
            "--outer",
            'Content-Type: multipart/alternative; boundary="inner"',
            "",
            *_part("text/plain", f"{token} {text}" if token else text),
            *_part("text/html", html or text),
            "--inner--",
            "",
            "--outer",
            "Content-Type: application/octet-stream",
            f"Content-Disposition: attachment; filename*=utf-8''{quote(text[:120], safe='')}",
            "Content-Transfer-Encoding: base64",
            "",
            base64.b64encode(f"file {number}".encode()).decode(),
            "--outer--",
            "",
        ]
    ).encode()


def _part(kind: str, text: str) -> list[str]:
    body = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return ["--inner", f"Content-Type: {kind}; charset=utf-8", "Content-Transfer-Encoding: base64", "", body]


_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def lines(text: str) -> str:
    """A text as we keep one of several lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
