"""The database's tables, brought to where this version of Pitcrew needs them."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from pitcrew.cli.faults import Fault

ADVISORY_LOCK = 8420_2525
Names = set[tuple[str, str]]


def bring_up_to_date(say: Callable[[str], None]) -> None:
    """Run what is missing of the migrations; one starting part does it, the others wait.

    Raises Fault when the database is newer than the code, or does not answer. Leaves no connection open, and no
    trace in this process: a child does the work, so that the parent of a process tree stays small.
    """
    if apps.is_installed("procrastinate.contrib.django") and connection.vendor != "postgresql":
        raise Fault("PITCREW_JOBS=procrastinate needs PostgreSQL. Set DATABASE_URL, or leave PITCREW_JOBS out.")
    try:
        if not missing():
            return
        say("Preparing the database ...")
        if _in_child(_migrate) != 0:
            raise Fault("the database could not be prepared; the lines above say why.")
    except OperationalError as error:
        raise Fault(_does_not_answer(error)) from error
    finally:
        connection.close()


def missing() -> Names:
    """The migrations this code has and the database does not (a name is an app's label and a file's).

    Compares names only, without importing a single migration: this runs at every start.
    Raises Fault when the database knows one of ours that the code does not.
    """
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("pitcrew.")}
    here, there = _on_disk(), _applied()
    newer = sorted(name for name in there - here if name[0] in ours)
    if newer:
        label, name = newer[-1]
        raise Fault(
            f"this database belongs to a newer Pitcrew (it has {label}.{name}). "
            "Start that version, or go back to a backup of the data folder."
        )
    return here - there


def _on_disk() -> Names:
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in Path(app.path, "migrations").glob("[!_]*.py")
    }


def _applied() -> Names:
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def _migrate() -> None:
    with _alone():
        if missing():
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else migrates meanwhile: a lock in the data folder, on PostgreSQL one in the database too."""
    with open(settings.DATA / "migrating.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        yield


def _in_child(work: Callable[[], None]) -> int:
    connection.close()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            connection.close()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _does_not_answer(error: Exception) -> str:
    words = (str(error).strip().splitlines() or ["it gave no reason"])[0].rstrip(".")
    if connection.vendor == "sqlite":
        return f"the database file {settings.DATABASES['default']['NAME']} cannot be opened: {words}."
    return f"the database does not answer: {words}. Start it, or correct DATABASE_URL."
