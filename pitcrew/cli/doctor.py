"""`pitcrew doctor`: looks at every part and says the mend; exit code 0 when nothing is to be mended."""

from argparse import Namespace

from pitcrew.cli.findings import examine
from pitcrew.cli.loading import load
from pitcrew.cli.wholeness import WHOLE, tables


def run(options: Namespace) -> int:
    checks = WHOLE if options.quick else [*WHOLE, ("tables", tables), *load("pitcrew.cli.liveliness").ALIVE]
    code = 0
    for finding in examine(checks):
        print(finding, flush=True)
        code = 1 if finding.mend else code
    return code
