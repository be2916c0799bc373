"""The rules of the house that a machine can check. A rule that is broken says what to do."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from importlinter.cli import lint_imports

from pitcrew.cli.arguments import parser
from pitcrew.history.kinds import KINDS
from tests.documents import addresses, commands, views

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "pitcrew"
ROOMS = ("history", "people", "conversations", "promises", "relays", "problems", "guides", "knowledge", "community")
ROOMS += ("insights", "reports")
PLAIN = ("kit", "intelligence")
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time", "localdate"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|oklab|lab|lch|color-mix|hwb)\(")
COLOUR_IN_A_PAGE = re.compile(r"\b(?:style|fill|stroke|color|bgcolor)=\"[^\"]*(?:" + COLOUR.pattern + ")")
MARKED_SAFE = {"pitcrew/web/jinja.py", "pitcrew/web/words.py"}  # the one place where text becomes markup
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def sources(folder: str = "") -> dict[str, ast.Module]:
    """Every Python file of the house by its path, parsed."""
    found = sorted((HOUSE / folder).rglob("*.py")) if (HOUSE / folder).exists() else []
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in found if "migrations" not in path.parts
    }


def rooms() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        yield from sources(room).items()


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def name_of(node: ast.AST) -> str:
    """A dotted name as it is written: ``timezone.now``."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def operations() -> list[tuple[str, str]]:
    """Every function that wears @operation, as (file, name)."""
    return [
        (path, function.name)
        for path, tree in sources().items()
        for function in functions(tree)
        if "operation" in {name_of(d) for d in function.decorator_list}
    ]


def none(found: Iterator[str] | list[str], rule: str) -> None:
    found = sorted(found)
    assert not found, f"{rule}\n  " + "\n  ".join(found)


def everywhere(look: Callable[[str, ast.Module], Iterator[str]], where=None) -> list[str]:
    return [hit for path, tree in (where or sources().items()) for hit in look(path, tree)]


# Size


def test_functions_are_short():
    found = everywhere(
        lambda path, tree: (f"{path} {f.name}: {lines(f)} lines" for f in functions(tree) if lines(f) > 40)
    )
    none(found, "A function has at most 40 lines. Give a part of it a name of its own.")


def test_files_are_short():
    found = [f"{path}: {n}" for path in sources() if (n := len((ROOT / path).read_text().splitlines())) > 400]
    none(found, "A file has at most 400 lines. Make it a folder of the same name, one file per family of verbs.")


def test_views_are_thin():
    found = [f"{path} {f.name}: {lines(f)} lines" for path, f in views() if lines(f) > 15]
    none(found, "A view has at most 15 lines: who and when, one call into a room, an answer.")


def test_templates_are_short():
    found = [p for p in HOUSE.rglob("templates/**/*") if p.is_file() and len(p.read_text().splitlines()) > 120]
    none([str(p) for p in found], "A template has at most 120 lines. Move a part of it into a file of its own.")


# The log


def test_only_history_saves_rows_of_the_log():
    """What is called on a plain model manager elsewhere saves rows that no event tells."""
    logged = {m.__name__ for m in apps.get_models() if hasattr(m, "logged_fields")}
    verbs = "create bulk_create bulk_update get_or_create update_or_create update"

    def look(path: str, tree: ast.Module) -> Iterator[str]:
        for call in calls(tree):
            name = name_of(call.func)
            first, _, verb = name.rpartition(".")
            if verb in verbs.split() and first.split(".")[0] in logged:
                yield f"{path}:{call.lineno} {name}"
            if name in ("models.Model.save", "models.QuerySet"):
                yield from _around_the_log(path, call)

    outside = [(p, t) for p, t in sources().items() if not p.startswith("pitcrew/history/")]
    none(everywhere(look, outside), "Only history saves rows of the log. Use history.writing.")


def _around_the_log(path: str, call: ast.Call) -> Iterator[str]:
    """A bare query may read; Staff may save what no event tells (its password)."""
    if name_of(call.func) == "models.Model.save" and path != "pitcrew/people/models.py":
        yield f"{path}:{call.lineno} models.Model.save"


def test_a_row_of_the_log_cannot_be_saved_by_hand():
    for model in (m for m in apps.get_models() if hasattr(m, "logged_fields")):
        for act in (
            lambda m: m().save(),
            lambda m: m().delete(),
            lambda m: m.objects.all().update(retired_at=None),
            lambda m: m.objects.all().delete(),
            lambda m: m.objects.bulk_create([m()]),
            lambda m: m.everything.bulk_update([m()], ["retired_at"]),
        ):
            with pytest.raises(TypeError, match="history.writing"):
                act(model)


def test_links_are_rows():
    ours = [m for m in apps.get_models() if m.__module__.startswith("pitcrew.")]
    found = [f"{m.__name__}.{f.name}" for m in ours for f in m._meta.local_many_to_many]
    none(found, "No many-to-many fields: what they hold, no event tells. Make the link a row.")


def test_actions_wear_operation():
    """Also what a sweep of the clock calls takes who and when; its name ends with _due."""

    def look(path: str, tree: ast.Module) -> Iterator[str]:
        for function in (node for node in tree.body if isinstance(node, Function)):
            worn = {name_of(d) for d in function.decorator_list}
            takes = {a.arg for a in function.args.kwonlyargs}
            if worn & {"operation"} or function.name.endswith("_due"):
                if not {"by", "at"} <= takes:
                    yield f"{path} {function.name} does not take by and at by keyword"
            elif {"by", "at"} <= takes:
                yield f"{path} {function.name} acts without @operation"

    files = [(p, t) for p, t in rooms() if "/actions" in p]
    none(everywhere(look, files), "An action wears @operation and takes `by` and `at` by keyword.")


def test_every_operation_is_verified():
    """`verify(lambda: actions.close(...))` somewhere in the tests, for each."""
    verified: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for call in calls(ast.parse(path.read_text())):
            proof = name_of(call.func).rpartition(".")[2]
            if proof in ("verify", "one_operation"):
                verified.update(name_of(inner.func).rpartition(".")[2] for inner in calls(call))
    found = [f"{path} {name}" for path, name in operations() if name not in verified]
    none(found, "Every operation has a test that puts it under `verify`.")


def test_every_kind_of_event_is_recorded_by_somebody():
    def look(path: str, tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and name_of(node.value.func)
            if made == "define" and len(re.findall(rf"\b{node.targets[0].id}\b", text)) < 2:
                yield f"{path} {node.targets[0].id}"

    text = "\n".join((ROOT / path).read_text() for path in sources())
    none(everywhere(look), "A kind of event that nobody records is a promise nobody keeps. Remove it.")


# Deaf to HTTP and to the clock


def test_rooms_do_not_know_http():
    banned = ("django.http", "django.shortcuts", "django.urls", "django.template", "django.contrib.messages")
    found = [f"{path}: {name}" for path, tree in rooms() for name in imports(tree) if name.startswith(banned)]
    none(found, "Rooms are deaf to HTTP. The door makes one call into the room and shows the answer.")


def test_rooms_never_read_the_clock():
    plain = [(p, t) for part in PLAIN for p, t in sources(part).items()]

    def look(path: str, tree: ast.Module) -> Iterator[str]:
        return (f"{path}:{c.lineno} {name_of(c.func)}" for c in calls(tree) if name_of(c.func) in CLOCKS)

    none(everywhere(look, [*rooms(), *plain]), "Rooms never read the clock. Take `at` as an argument.")


def test_kit_and_intelligence_are_plain_python():
    plain = [(p, t) for part in PLAIN for p, t in sources(part).items()]
    found = [
        f"{p}: {n}" for p, t in plain for n in imports(t) if n.split(".")[0] == "django" or n.startswith("pitcrew.")
    ]
    found = [f for f in found if not re.search(r": pitcrew\.(kit|intelligence)\b", f)]
    none(found, "kit and intelligence import neither Django nor a room.")


# Floors


def test_imports_point_down_and_every_room_has_a_floor(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_nothing_is_imported_inside_a_function():
    def look(path: str, tree: ast.Module) -> Iterator[str]:
        for function in functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{path}:{node.lineno} in {function.name}"

    none(everywhere(look), "No import inside a function: it hides a knot. Move what is shared one floor down.")


def test_names_say_what_a_thing_does():
    """Methods are left out: aiosmtpd and Django name some of theirs."""
    banned = re.compile(r"(?i)^(utils?|helpers?|managers?|services?)\.py$|^_?(handle|process)_")
    found = [path for path in sources() if banned.search(Path(path).name)]
    found += everywhere(
        lambda path, tree: (f"{path} {f.name}" for f in tree.body if isinstance(f, Function) and banned.search(f.name))
    )
    none(found, "A name says what the thing does, in the words of the domain.")


# Doors


def test_text_becomes_markup_in_one_place():
    marks = re.compile(r"mark_safe|\bMarkup\b|SafeString|SafeText")
    found = [p for p in sources() if marks.search((ROOT / p).read_text()) and p not in MARKED_SAFE]
    pages = [p for p in HOUSE.rglob("templates/**/*") if p.is_file()]
    found += [str(p) for p in pages if re.search(r"\|\s*safe\b|autoescape\s+(false|off)", p.read_text())]
    none(found, f"Text becomes markup only in {', '.join(sorted(MARKED_SAFE))}.")


def test_colours_live_in_the_tokens_file():
    sheets = [p for p in HOUSE.rglob("static/css/**/*.css") if p.name != "tokens.css"]
    found = [*_colours(sheets, COLOUR), *_colours(list(HOUSE.rglob("templates/**/*.html")), COLOUR_IN_A_PAGE)]
    none(found, "A colour is said once, in tokens.css, for light and for dark.")


def _colours(paths: list[Path], colour: re.Pattern) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if colour.search(line):
                yield f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"


def test_every_address_has_a_rule_who_may_open_it():
    found = [f"{path} -> {name}" for path, name, rule in addresses() if not rule]
    none(found, "Every view wears a rule of web/rules.py that says who may open it.")


# What is written down


def test_every_setting_is_written_down():
    read = {"DATABASE_URL"}  # dj-database-url reads it
    for path in [HOUSE / "settings.py", *HOUSE.rglob("cli/*.py")]:
        read.update(re.findall(r"[\"'](PITCREW_[A-Z_]+)[\"']", path.read_text()))
    text = (ROOT / "docs/settings.md").read_text()
    written = set(re.findall(r"^\| `((?:PITCREW|DATABASE)_\w+)`", text, re.MULTILINE))
    none(read - written, "A setting that docs/settings.md does not tell:")
    none(written - read, "docs/settings.md tells of a setting that nothing reads:")


@pytest.mark.parametrize("name", ["events", "commands", "screens"])
def test_the_documents_tell_what_there_is(name):
    written = (ROOT / f"docs/{name}.md").read_text()
    made = import_module("tests.documents").DOCUMENTS[name]()
    assert written == made, f"docs/{name}.md is not what the code says. Run: python -m tests.documents"


def test_every_command_can_be_loaded():
    for name in commands(parser()):
        module = import_module(f"pitcrew.cli.{name.replace('-', '_')}")
        assert inspect.isfunction(module.run), f"pitcrew {name} has no run()"


def test_every_room_is_found_in_where_things_live():
    text = (ROOT / "docs/where-things-live.md").read_text()
    found = [p.name for p in HOUSE.iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    none([name for name in found if f"`{name}/`" not in text], "docs/where-things-live.md does not tell of:")


def test_every_room_says_in_one_sentence_what_lives_there():
    found = [p for p, tree in sources().items() if p.endswith("__init__.py") and p.count("/") == 2]
    none([p for p in found if not ast.get_docstring(sources()[p])], "An __init__.py says what lives in its room.")


def test_sentences_of_events_fill_in_what_there_is():
    fields = {
        n
        for m in apps.get_models()
        if hasattr(m, "logged_fields")
        for f in m.logged_fields()
        for n in (f.name, f.attname)
    }
    found = [
        f"{kind.name}: {{{gap}}}"
        for kind in KINDS.values()
        for gap in re.findall(r"\{(\w+)\}", kind.sentence)
        if gap not in fields | {"actor"}
    ]
    none(found, "A sentence may fill in {actor} and fields of rows.")


def test_migrations_can_be_taken_back():
    def look(migration) -> Iterator[str]:
        for operation in migration.operations:
            if not operation.reversible:
                yield f"{migration.app_label} {migration.name}: {operation.describe()}"

    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("pitcrew.")}
    graph = MigrationLoader(None).disk_migrations
    found = [hit for (label, _), migration in graph.items() if label in ours for hit in look(migration)]
    none(found, "A migration has a way back.")
