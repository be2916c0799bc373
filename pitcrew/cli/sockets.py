"""Ports: taken before anything else starts, so that a port somebody else has is one clear sentence."""

import errno
import socket
import time

from pitcrew.cli.faults import Fault

PATIENCE = 2.0  # seconds: a part that was killed a moment ago may not have let go yet


def listen(host: str, port: int, option: str) -> socket.socket:
    """A listening socket. Raises Fault when the port is taken or may not be used."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _bound(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise Fault(_told(host, port, option, error)) from error
        time.sleep(0.05)


def must_be_free(host: str, port: int, option: str) -> None:
    """Raises Fault unless somebody could listen there now."""
    listen(host, port, option).close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(512)
    except OSError:
        taken.close()
        raise
    return taken


def _told(host: str, port: int, option: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program. Choose another with {option} N."
    if error.errno == errno.EACCES:
        return f"port {port} needs special rights. Choose one above 1023 with {option} N."
    return f"{host}:{port} cannot be listened on: {error.strerror}. Choose another with {option} N."
