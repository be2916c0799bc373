"""`pitcrew mail`: the SMTP listener, the fetching, and the intake that makes conversations of what arrived."""

from argparse import Namespace
from collections.abc import Iterator

from pitcrew.channels.email import listener
from pitcrew.cli.address import remember_mail
from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.loading import load
from pitcrew.cli.sockets import must_be_free
from pitcrew.cli.threads import Work, run_together


def run(options: Namespace) -> None:
    must_be_free(options.smtp_host, options.smtp_port, "--smtp-port")
    bring_up_to_date(print)
    remember_mail(options)
    print(f"Mail is taken on {options.smtp_host}:{options.smtp_port}", flush=True)
    run_together(works(options))


def works(options: Namespace) -> Iterator[tuple[str, Work]]:
    """The threads that take mail in. The listener comes first: mail is safe before the rest is even loaded."""
    yield "mail listener", lambda stop: listener.serve(options.smtp_host, options.smtp_port, stop=stop)
    yield "mail intake", load("pitcrew.channels.email.intake").run
    yield "mail fetching", load("pitcrew.channels.email.fetching").run
