"""Ports for the servers that tests start: below the ports that the system hands out, and never one of a neighbour's."""

import itertools
import os
import socket

FIRST, EACH = 21_000, 1_500  # ports for each of up to seven processes that test at the same time

_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 7
_numbers = (FIRST + _process * EACH + place % EACH for place in itertools.count(os.getpid() * 7))


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on, another one each time."""
    for number in _numbers:
        try:
            socket.create_server(("127.0.0.1", number)).close()
        except OSError:
            continue
        return number
    raise AssertionError("unreachable")
