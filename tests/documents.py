"""Makes the documents that list what the code has: events, commands, screens. Run: python -m tests.documents"""

import ast
import os
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.urls import URLPattern, get_resolver

from pitcrew.cli.arguments import parser
from pitcrew.history.kinds import KINDS

ROOT = Path(__file__).parents[1]


def views() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every view: a public function of web/views that takes a request."""
    for path in sorted((ROOT / "pitcrew/web/views").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            takes = isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args][:1] == ["request"]
            if takes and not node.name.startswith("_"):
                yield str(path.relative_to(ROOT)), node


def addresses() -> Iterator[tuple[str, str, str]]:
    """Every address of our own screens: path, the view's name, and the rule who may open it."""
    yield from _addresses(get_resolver().url_patterns, "/")


def _addresses(patterns, before: str) -> Iterator[tuple[str, str, str]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from _addresses(pattern.url_patterns, path)
        elif pattern.callback.__module__.startswith("pitcrew."):
            view = pattern.callback
            yield path, f"{view.__module__.removeprefix('pitcrew.web.')}.{view.__name__}", getattr(view, "rule", "")


def commands(whole: ArgumentParser) -> dict[str, ArgumentParser]:
    """The commands of `pitcrew` by name."""
    return next(a for a in whole._actions if isinstance(a, _SubParsersAction)).choices


def events() -> str:
    lines = ["# Events", "", "Every change is an event of one of these kinds. The log keeps its before and after.", ""]
    lines += ["Made from the code by `python -m tests.documents`; a test compares.", ""]
    lines += ["| Kind | Told as | Can be taken back |", "|---|---|---|"]
    for kind in sorted(KINDS.values(), key=lambda kind: kind.name):
        lines.append(f"| `{kind.name}` | {kind.sentence} | {'yes' if kind.undoable else 'no'} |")
    return "\n".join(lines) + "\n"


def commands_told() -> str:
    lines = ["# Commands", "", "Made from the code by `python -m tests.documents`; a test compares.", ""]
    for name, command in commands(parser()).items():
        lines += [f"## `pitcrew {name}`", "", command.description or "", ""]
        told = [a for a in command._actions if a.dest != "help"]
        lines += [f"- `{' '.join([*a.option_strings[-1:], a.metavar or a.dest])}`: {a.help}" for a in told]
        lines.append("")
    return "\n".join(lines)


def screens() -> str:
    lines = ["# Screens", "", "Every address, and who may open it.", ""]
    lines += ["Made from the code by `python -m tests.documents`; a test compares.", ""]
    lines += ["| Address | View | Who |", "|---|---|---|"]
    lines += [f"| `{path}` | `{view}` | {rule} |" for path, view, rule in sorted(addresses())]
    return "\n".join(lines) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {"events": events, "commands": commands_told, "screens": screens}


def write() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    for name, make in DOCUMENTS.items():
        (ROOT / f"docs/{name}.md").write_text(make())


if __name__ == "__main__":
    write()
