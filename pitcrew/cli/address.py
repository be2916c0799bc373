"""Where Pitcrew answers: kept in the data folder, for the commands that print links or look whether it lives."""

from argparse import Namespace
from pathlib import Path

from django.conf import settings

from pitcrew.cli.arguments import HOST, PORT, SMTP_PORT

EVERYWHERE = ("0.0.0.0", "::", "")


def shown(options: Namespace) -> str:
    """The address people open: PITCREW_URL, or where this process listens."""
    host = _reachable(options.host)
    return settings.BASE_URL.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{options.port}"


def remember(options: Namespace) -> None:
    """Keep where the screens answer."""
    _file("address").write_text(shown(options) + "\n")


def remember_mail(options: Namespace) -> None:
    """Keep where the mail listener answers."""
    _file("mail-address").write_text(f"{_reachable(options.smtp_host)} {options.smtp_port}\n")


def remembered() -> str:
    """The address of the last start, or where one would be."""
    if settings.BASE_URL:
        return settings.BASE_URL.rstrip("/")
    try:
        return _file("address").read_text().strip()
    except OSError:
        return f"http://{HOST}:{PORT}"


def mail_remembered() -> tuple[str, int]:
    """The mail listener's host and port of the last start, or where they would be."""
    try:
        host, port = _file("mail-address").read_text().split()
        return host, int(port)
    except (OSError, ValueError):
        return HOST, SMTP_PORT


def _reachable(host: str) -> str:
    return HOST if host in EVERYWHERE else host


def _file(name: str) -> Path:
    return Path(settings.DATA, name)
