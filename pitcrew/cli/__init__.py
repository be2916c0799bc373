"""The `pitcrew` command: it finds out what is asked, then fetches only the code that answers."""

import gc
import logging
import os
import sys
from argparse import Namespace
from pathlib import Path
from traceback import extract_tb

import django
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError

from pitcrew.cli.arguments import parser
from pitcrew.cli.faults import Fault
from pitcrew.cli.loading import load


def main(words: list[str] | None = None) -> None:
    """Do what the command line asks; a fault is a sentence on stderr and exit code 1."""
    options = parser().parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    for chatty in ("axes", "django_tasks", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        _set_up(options)
        command = load(f"pitcrew.cli.{options.command.replace('-', '_')}")
        sys.exit(command.run(options) or 0)
    except Fault as fault:
        sys.exit(f"pitcrew: {fault}")
    except DatabaseError as error:
        sys.exit(f"pitcrew: the database does not answer as it should: {_first_line(error)} Try: pitcrew doctor")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _set_up(options: Namespace) -> None:
    if options.data:
        os.environ["PITCREW_DATA"] = options.data
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")
    _open_data_folder(Path(os.environ.get("PITCREW_DATA", "data")).resolve())
    gc.disable()  # until the command is loaded
    try:
        django.setup()
    except OSError as error:
        raise Fault(f"the data folder cannot be used: {error}. Mend it, or name another with --data DIR.") from error
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise Fault(_about_settings(error)) from error


def _open_data_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Fault(
            f"the data folder {folder} cannot be made: {error.strerror}. Name another with --data DIR."
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Fault(f"the data folder {folder} cannot be written. Give it to this user, or name another with --data.")


def _about_settings(error: Exception) -> str:
    if any("dj_database_url" in frame.filename for frame in extract_tb(error.__traceback__)):
        return (
            "DATABASE_URL is not an address of a database. Write it as postgres://USER:PASSWORD@HOST:5432/NAME, "
            "or leave it out to keep everything in the data folder."
        )
    return f"a setting is wrong: {_first_line(error)} The settings are explained in docs/settings.md."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".") + "."
