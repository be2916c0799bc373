"""Whether what was written is still there, whole: the database and the files. Safe while everything runs."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection

from pitcrew.cli.database import missing
from pitcrew.cli.findings import Finding
from pitcrew.conversations.files import files
from pitcrew.conversations.models import Attachment

BACKUP = "Stop Pitcrew, keep a copy of the data folder as it is, and go back to your last backup."
TOLD = 3  # of many damages, so many are named


def database() -> Finding:
    """Every page of a SQLite file is sound, and every row that another names is there."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return Finding("database", f"{connection.display_name} answers.")
    path = Path(settings.DATABASES["default"]["NAME"])
    if not path.exists():
        return Finding("database", "there is none yet; the first start makes it.")
    damages = _damages(path)
    if damages:
        return Finding("database", "; ".join(damages[:TOLD]) + ".", BACKUP)
    return Finding("database", f"whole ({path.stat().st_size / 1e6:.1f} MB).")


def _damages(path: Path) -> list[str]:
    """Read without Django's start-up statements, which a busy database would let wait."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as reading:
            found = [row[0] for row in reading.execute("PRAGMA quick_check(10)") if row[0] != "ok"]
            orphans = reading.execute("PRAGMA foreign_key_check").fetchmany(10)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + [f"row {row} of {table} names a row of {parent} that is gone" for table, row, parent, _ in orphans]


def tables() -> Finding:
    """The tables are those this version needs. Raises Fault when they are of a newer one."""
    lacking = missing()
    if lacking:
        return Finding("tables", f"{len(lacking)} changes are to be made.", "Start Pitcrew once: it makes them.")
    return Finding("tables", "as this version needs them.")


def kept_files() -> Finding:
    """Every file that came with a message is there, in its full size."""
    if Attachment._meta.db_table not in connection.introspection.table_names():
        return Finding("files", "none yet.")
    store, damages, many = files(), [], 0
    rows = Attachment.objects.exclude(name="").order_by().values_list("content_hash", "size", "name").distinct()
    for content_hash, size, name in rows.iterator(2000):
        many += 1
        try:
            if store.size(content_hash) != size:
                damages.append(f"{name} has another size than it had")
        except (OSError, ValueError):
            damages.append(f"{name} ({content_hash[:12]}) is gone")
    if damages:
        more = f" and {len(damages) - TOLD} more" if len(damages) > TOLD else ""
        return Finding("files", "; ".join(damages[:TOLD]) + more + ".", "Restore the folder `files` from a backup.")
    return Finding("files", f"{many} kept, all there.")


WHOLE = [("database", database), ("files", kept_files)]
