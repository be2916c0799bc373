"""The web server, as Pitcrew runs it."""

import signal
import socket

from django.conf import settings
from uvicorn.config import Config
from uvicorn.server import Server

from pitcrew.cli.loading import load


def serve(taken: socket.socket) -> None:
    """Answer on this socket until SIGTERM or SIGINT; open streams get three seconds to end."""
    config = Config(
        load("pitcrew.asgi").application,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_graceful_shutdown=3,
    )
    for number in (signal.SIGTERM, signal.SIGINT):  # the server raises them once more when it has stopped
        signal.signal(number, lambda *_: None)
    Server(config).run(sockets=[taken])
