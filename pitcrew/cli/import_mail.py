"""`pitcrew import-mail PATH`: old mail becomes conversations; nothing is ever sent to anyone."""

import sys
from argparse import Namespace

from django.utils import timezone
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from pitcrew.channels.email.importing import Report, import_path
from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.faults import Fault
from pitcrew.history.actors import Actor
from pitcrew.people.refusals import Refused

COLUMNS = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
TOLD = 20  # problems told one by one


def run(options: Namespace) -> None:
    bring_up_to_date(print)
    at = timezone.now()
    by = Actor("import", f"{at:%Y%m%d-%H%M%S}", door="cli")
    try:
        with Progress(*COLUMNS, transient=True) as bar:
            task = bar.add_task("Importing")

            def show(report: Report) -> None:
                said = f"{report.taken + report.known:,} mails"
                bar.update(task, description=said, completed=report.position, total=report.size or None)

            report = import_path(options.path, by=by, at=at, progress=show)
    except Refused as refused:
        raise Fault(str(refused)) from refused
    _tell(report)


def _tell(report: Report) -> None:
    print(f"{report.taken:,} mails imported, {report.known:,} were here already.")
    for problem in report.problems[:TOLD]:
        print(problem, file=sys.stderr)
    if len(report.problems) > TOLD:
        print(f"{len(report.problems) - TOLD} more could not be taken.", file=sys.stderr)
