"""What can be asked of the `pitcrew` command.

Plain argparse: it is imported in 2 ms, and every start of every part pays for it.
"""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable

PORT = 8420
SMTP_PORT = 2525
HOST = "127.0.0.1"


def parser() -> ArgumentParser:
    """The commands and their options, each with the sentence `pitcrew --help` tells."""
    whole = ArgumentParser(prog="pitcrew", description="Customer service for the whole company.")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add = _adder(commands)
    up = add("up", "Start everything: the screens, the mail listener, the worker and the clock.")
    _web(up)
    _smtp(up)
    _web(add("web", "Start the screens alone."))
    _smtp(add("mail", "Start the mail listener and the intake alone."))
    add("worker", "Start the worker and the clock alone.")
    link = add("sign-in-link", "Print a link that signs somebody in once, within 15 minutes.")
    link.add_argument("email", nargs="?", default="", help="whom; the first administrator unless told")
    doctor = add("doctor", "Look at every part and say what to mend.")
    doctor.add_argument("--quick", action="store_true", help="only whether database and files are whole")
    add("list-messages", "Print one line per mail that is stored or in quarantine.")
    incoming = add("import-mail", "Take over old mail: an mbox file, a Maildir or a folder of .eml files.")
    incoming.add_argument("path", help="the mbox file or the folder")
    return whole


def _adder(commands: _SubParsersAction) -> Callable[[str, str], ArgumentParser]:
    def add(name: str, sentence: str) -> ArgumentParser:
        command = commands.add_parser(name, help=sentence, description=sentence)
        command.add_argument("--data", metavar="DIR", help="the data folder (PITCREW_DATA, or ./data)")
        return command

    return add


def _web(command: ArgumentParser) -> None:
    command.add_argument("--host", default=HOST, help=f"the address to answer on ({HOST})")
    command.add_argument("--port", type=_port, default=PORT, help=f"the port of the screens ({PORT})")


def _smtp(command: ArgumentParser) -> None:
    command.add_argument("--smtp-host", default=HOST, help=f"the address to take mail on ({HOST})")
    command.add_argument("--smtp-port", type=_port, default=SMTP_PORT, help=f"the port to take mail on ({SMTP_PORT})")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port
