"""`pitcrew web`: the screens."""

import socket
from argparse import Namespace

from pitcrew.cli.address import remember, shown
from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.loading import load
from pitcrew.cli.sockets import listen


def run(options: Namespace) -> None:
    taken = listen(options.host, options.port, "--port")
    bring_up_to_date(print)
    remember(options)
    print(f"Pitcrew answers at {shown(options)}", flush=True)
    serve(taken)


def serve(taken: socket.socket) -> None:
    """Answer on this socket until SIGTERM or SIGINT. The server is imported here: the other parts never need it."""
    load("pitcrew.cli.server").serve(taken)
