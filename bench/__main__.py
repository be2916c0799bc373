"""Everything that is measured, one after the other, and one table at the end.

`python -m bench` on small sizes, in a few minutes; `--full` on the sizes that docs/benchmarks.md speaks of. With
DATABASE_URL on PostgreSQL, otherwise on SQLite. The databases are made for the purpose and kept in `--data` (on the
server of DATABASE_URL: as pitcrew_bench_...), so that a second run fills nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.table import table

SMALL, FULL = (1_000, 5_000), (10_000, 250_000)


def main() -> None:
    """Fill what is missing, run every bench, print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true")
    options.add_argument("--data", type=Path, default=Path("data/bench"))
    asked = options.parse_args()
    sizes = FULL if asked.full else SMALL
    results = asked.data.absolute() / "results.jsonl"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    failed = [name for name, how in plan(sizes, asked) if not run(name, how, results)]
    lines = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    print("\n" + table(lines))
    if failed:
        raise SystemExit(f"These failed, or missed what is wanted: {', '.join(failed)}. What they said stands above.")


def plan(sizes: tuple[int, int], asked: argparse.Namespace):
    """Each bench with the environment and the arguments it runs with."""
    small, large = sizes
    for size in sizes:
        place = database(asked.data, str(size))
        yield "company", (place, "--conversations", str(size))
        yield "pages", (place,)
        yield "progress", (place,)
    yield "search", (database(asked.data, str(large)),)
    yield "acts", (database(asked.data, str(large)),)
    for size in sizes:
        yield "relays", (database(asked.data, str(size)),)
        yield "links", (database(asked.data, str(size)),)
    yield "problems", (database(asked.data, str(small)),)
    yield "promises", (database(asked.data, str(small)),)
    yield "disk", (database(asked.data, "disk", empty=True), "--conversations", str(small))
    yield "parse", ({},)
    yield "intake", ({},)
    yield "start", ({},)


def run(name: str, how: tuple, results: Path) -> bool:
    """Run one bench to its end and let it say what it says."""
    environment, *arguments = how
    environment = os.environ | environment | {"PITCREW_BENCH_RESULTS": str(results)}
    ended = subprocess.run([sys.executable, "-m", f"bench.{name}", *arguments], env=environment, check=False)
    return ended.returncode == 0


def database(folder: Path, name: str, *, empty: bool = False) -> dict[str, str]:
    """The environment of a database of its own; an empty one when that is asked for."""
    place = folder.absolute() / name
    if empty:
        shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    found = {"PITCREW_DATA": str(place)}
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        found["DATABASE_URL"] = on_server(url, f"pitcrew_bench_{name}", empty)
    return found


def on_server(url: str, name: str, empty: bool) -> str:
    """The address of a database on the same server, made when it is not there."""
    drop = [f"DROP DATABASE IF EXISTS {name}"] if empty else []
    for statement in (*drop, f"CREATE DATABASE {name}"):
        subprocess.run(["psql", "-q", url, "-c", statement], check=False, capture_output=True)
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


if __name__ == "__main__":
    main()
