"""`pitcrew list-messages`: what is stored, one line per message, for a check from outside."""

import sys
from argparse import Namespace

from pitcrew.channels.email.listing import lines
from pitcrew.cli.database import bring_up_to_date


def run(options: Namespace) -> None:
    bring_up_to_date(lambda said: print(said, file=sys.stderr))
    for line in lines():
        print(line)
