"""How a mail leaves: by the mailbox's own SMTP server, or by the mail settings of the installation."""

import smtplib
import socket
import ssl
from typing import Any

from django.core.mail import get_connection

from pitcrew.channels.email.composing import Outgoing
from pitcrew.channels.email.models import Mailbox

PATIENCE = 30  # seconds until a server that says nothing counts as gone


class NotYet(Exception):
    """The mail could not leave now; a later try may succeed. The text says what the server said."""


class Never(Exception):
    """The mail will not be taken however often we ask. The text says what the server said."""


def send(outgoing: Outgoing) -> dict[str, str]:
    """Hand a mail over. Returns the recipients that were refused while others were taken, with the server's words.

    Raises NotYet or Never.
    """
    if outgoing.mailbox.send_host:
        return _by_smtp(outgoing)
    try:
        get_connection().send_messages([outgoing.mail])
    except Exception as failure:  # every provider's library has errors of its own
        raise NotYet(str(failure) or type(failure).__name__) from failure
    return {}


def _by_smtp(outgoing: Outgoing) -> dict[str, str]:
    mailbox = outgoing.mailbox
    try:
        with _connect(mailbox) as server:
            _sign_in(server, mailbox)
            refused = _hand_over(server, outgoing)
    except smtplib.SMTPRecipientsRefused as refusal:
        raise _failure(min(c for c, _ in refusal.recipients.values()), _words(refusal.recipients)) from refusal
    except smtplib.SMTPAuthenticationError as refusal:
        raise NotYet(f"{mailbox.send_host} refused our password: {_said(refusal)}") from refusal
    except smtplib.SMTPResponseException as refusal:
        raise _failure(refusal.smtp_code, _said(refusal)) from refusal
    except (OSError, smtplib.SMTPException) as failure:
        raise NotYet(f"{mailbox.send_host} could not be reached: {_why(failure)}") from failure
    return {address: f"{code} {_text(said)}" for address, (code, said) in refused.items()}


def knock(mailbox: Mailbox, *, patience: float = PATIENCE) -> str:
    """Sign in at its SMTP server and go again. Returns the server's greeting; raises NotYet with its words."""
    try:
        with _connect(mailbox, patience) as server:
            _sign_in(server, mailbox)
            code, said = server.noop()
    except smtplib.SMTPAuthenticationError as refusal:
        raise NotYet(f"{mailbox.send_host} refused our password: {_said(refusal)}") from refusal
    except smtplib.SMTPResponseException as refusal:
        raise NotYet(f"{mailbox.send_host} said: {_said(refusal)}") from refusal
    except (OSError, smtplib.SMTPException) as failure:
        raise NotYet(f"{mailbox.send_host} could not be reached: {_why(failure)}") from failure
    return f"{code} {_text(said)}"


def _connect(mailbox: Mailbox, patience: float = PATIENCE) -> smtplib.SMTP:
    where: dict[str, Any] = {"host": mailbox.send_host, "port": mailbox.send_port, "timeout": patience}
    if mailbox.send_security == "tls":
        return smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
    server = smtplib.SMTP(**where, local_hostname=socket.getfqdn() or None)
    if mailbox.send_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _sign_in(server: smtplib.SMTP, mailbox: Mailbox) -> None:
    if mailbox.send_user:
        server.login(mailbox.send_user, mailbox.send_secret)


def _hand_over(server: smtplib.SMTP, outgoing: Outgoing) -> dict[str, tuple[int, bytes]]:
    """Ask to be told of failures only, and to get the headers back, so that a bounce finds its message (RFC 3461)."""
    server.ehlo_or_helo_if_needed()
    can_tell = server.has_extn("dsn")
    return server.sendmail(
        outgoing.envelope_from,
        outgoing.envelope_to,
        outgoing.mail.message().as_bytes(linesep="\r\n"),
        mail_options=["RET=HDRS"] if can_tell else [],
        rcpt_options=["NOTIFY=FAILURE,DELAY"] if can_tell else [],
    )


def _failure(code: int, words: str) -> Exception:
    """A 5xx is for ever, everything else may pass (RFC 5321 s. 4.2.1)."""
    return Never(words) if 500 <= code <= 599 else NotYet(words)


def _why(failure: OSError) -> str:
    """Why there is no connection, without the number that only programs read."""
    return failure.strerror or str(failure) or type(failure).__name__


def _said(refusal: smtplib.SMTPResponseException) -> str:
    return f"{refusal.smtp_code} {_text(refusal.smtp_error)}"


def _words(recipients: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {code} {_text(said)}" for address, (code, said) in recipients.items())


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]
