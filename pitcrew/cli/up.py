"""`pitcrew up`: everything in one process tree."""

from argparse import Namespace
from collections.abc import Iterator

from django.utils import timezone

from pitcrew.cli import web
from pitcrew.cli.address import remember, remember_mail, shown
from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.loading import load
from pitcrew.cli.sign_in_link import path_for
from pitcrew.cli.sockets import listen, must_be_free
from pitcrew.cli.threads import Work, run_together
from pitcrew.cli.tree import Tree


def run(options: Namespace) -> None:
    taken = listen(options.host, options.port, "--port")
    must_be_free(options.smtp_host, options.smtp_port, "--smtp-port")
    bring_up_to_date(print)
    remember(options)
    remember_mail(options)
    _greet(options)
    Tree(
        {
            "Mail, worker and clock": lambda: run_together(_behind_the_screens(options)),
            "The screens": lambda: web.serve(taken),
        }
    ).stand()


def _behind_the_screens(options: Namespace) -> Iterator[tuple[str, Work]]:
    """Loaded in this child alone: the screens never need it, and need not wait for it."""
    yield from load("pitcrew.cli.mail").works(options)
    yield from load("pitcrew.cli.worker").works()


def _greet(options: Namespace) -> None:
    here = shown(options)
    print(f"Pitcrew answers at  {here}")
    print(f"Sign in once with   {here}{path_for('', timezone.now())}")
    print(f"Mail is taken on    {options.smtp_host}:{options.smtp_port}")
    print("Stop with Ctrl-C.", flush=True)
