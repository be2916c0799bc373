"""Mail intake, durable, from SMTP to visible and searchable: <= 4 ms CPU, >= 230 mails a second with one worker.

`python -m bench.intake` sends mails to a listener and intake started as `pitcrew mail`, as fast as they are taken, and
waits until the last one is stored. CPU is that of all processes of Pitcrew, and of PostgreSQL where that is used.
Floor: reading the same mail with plain `email` (compat32), and one durable commit of its bytes into SQLite.
"""

import argparse
import email
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")
os.environ.setdefault("PITCREW_DATA", tempfile.mkdtemp(prefix="pitcrew-bench-"))

from bench.measure import median, say

CLIENTS = 4  # connections that send at once
HZ = os.sysconf("SC_CLK_TCK")
WORDS = ["parcel", "invoice", "thanks", "waiting", "address", "delivery", "please", "order", "number", "week", "broken"]


def mails(count: int, run: str) -> list[bytes]:
    """Ordinary mails: text and HTML of a few KB, one in ten with a file, half of them answers to an earlier one."""
    pick = random.Random(7)
    customers: list[int] = []
    return [_mail(n, run, pick, customers) for n in range(count)]


def _mail(n: int, run: str, pick: random.Random, customers: list[int]) -> bytes:
    lines = [" ".join(pick.choices(WORDS, k=12)) for _ in range(30)]
    answers = pick.randrange(n) if n and n % 2 else -1
    thread = f"In-Reply-To: <{answers}@{run}.test>\r\nReferences: <{answers}@{run}.test>\r\n" if answers >= 0 else ""
    customer = customers[answers] if answers >= 0 else n % 200
    customers.append(customer)
    text = "\r\n".join(lines)
    html = "<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
    both = _parts("alternative", [("text/plain; charset=utf-8", text), ("text/html; charset=utf-8", html)])
    file = ('application/pdf; name="bill.pdf"', "JVBERi0xLjQK" * 50)
    kind, body = both if n % 10 else _parts("mixed", [both, file])
    return (
        f"From: Customer {customer} <c{customer}@{run}.test>\r\nTo: support@company.test\r\n"
        f"Subject: About order {n}\r\nMessage-ID: <{n}@{run}.test>\r\n{thread}"
        f"Date: Sun, 22 Nov 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
    ).encode()


def _parts(name: str, parts: list[tuple[str, str]]) -> tuple[str, str]:
    """A multipart of these: its Content-Type and its body."""
    body = "".join(f"--{name}\r\nContent-Type: {kind}\r\n\r\n{words}\r\n" for kind, words in parts)
    return f'multipart/{name}; boundary="{name}"', f"{body}--{name}--"


def floor(some: list[bytes], folder: Path) -> float:
    """Milliseconds of CPU to read one mail with the standard library and to commit its bytes, alone and durably."""
    base = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, bytes BLOB)")
    times = []
    for raw in some:
        start = time.process_time()
        message = email.message_from_bytes(raw)
        for part in message.walk():
            part.get_payload(decode=True)
        base.execute("INSERT INTO raw (bytes) VALUES (?)", [raw])
        times.append((time.process_time() - start) * 1000)
    return median(times)


class Company:
    """`pitcrew mail`, once or several times, on a data folder or a PostgreSQL database of its own."""

    def __init__(self, postgres: str, workers: int):
        self.folder = Path(tempfile.mkdtemp(prefix="pitcrew-bench-"))
        self.environment = {**os.environ, "PITCREW_DATA": str(self.folder)}
        self.postgres = postgres
        if postgres:
            self.environment["DATABASE_URL"] = _fresh(postgres)
        self.ports = [_free_port() for _ in range(workers)]
        self.processes: list[subprocess.Popen] = []

    def start(self) -> None:
        for port in self.ports:
            command = [
                sys.executable,
                "-c",
                "from pitcrew.cli import main; main()",
                "mail",
                "--data",
                str(self.folder),
                "--smtp-port",
                str(port),
            ]
            log = (self.folder / f"{port}.log").open("w")
            self.processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
            _wait_for(port)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait(20)
        if hasattr(self, "_counter"):
            self._counter.kill()
            self._counter.wait()
        if self.postgres:
            name = urlsplit(self.environment["DATABASE_URL"]).path[1:]
            subprocess.run(["psql", "-q", self.postgres, "-c", f"DROP DATABASE {name} WITH (FORCE)"], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu(self) -> float:
        """Seconds of CPU used so far by Pitcrew, and by PostgreSQL."""
        mine = sum(_cpu(pid) for process in self.processes for pid in _family(process.pid))
        return mine + (_cpu_of_postgres(self.environment["DATABASE_URL"]) if self.postgres else 0.0)

    def stored(self) -> int:
        code = (
            "import django; django.setup();"
            "from pitcrew.conversations.models import Message; from django.db import connection;"
            "import sys\nfor _ in sys.stdin: print(Message.objects.count(), flush=True)"
        )
        if not hasattr(self, "_counter"):
            environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "pitcrew.settings"}
            pipe = subprocess.PIPE
            self._counter = subprocess.Popen([sys.executable, "-c", code], env=environment, stdin=pipe, stdout=pipe)
        assert self._counter.stdin and self._counter.stdout
        self._counter.stdin.write(b"\n")
        self._counter.stdin.flush()
        return int(self._counter.stdout.readline())


def _fresh(url: str) -> str:
    """A new database beside the one named."""
    name = f"bench_intake_{os.getpid()}_{time.monotonic_ns() % 10_000}"
    subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {name}"], check=True)
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The listener did not come up.")


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    """Of a process, and of its children that have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / HZ if fields else 0.0


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found


def _cpu_of_postgres(url: str) -> float:
    """Of the server processes that work for this database; each names it in its title."""
    name, spent = urlsplit(url).path[1:], 0.0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f" {name} " in path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"):
                spent += _cpu(int(path.parent.name))
    return spent


def send(port: int, some: list[bytes]) -> None:
    """One connection that sends these mails, one after the other, with little work of its own."""
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        answers = line.makefile("rb")
        answers.readline()
        line.sendall(b"HELO mx.customer.test\r\n")
        answers.readline()
        for raw in some:
            line.sendall(b"MAIL FROM:<c@customer.test>\r\n")
            answers.readline()
            line.sendall(b"RCPT TO:<support@company.test>\r\n")
            answers.readline()
            line.sendall(b"DATA\r\n")
            answers.readline()
            line.sendall(raw + b".\r\n")
            answer = answers.readline()
            if not answer.startswith(b"250"):
                raise SystemExit(f"The mail was not taken: {answer!r}")


def run(count: int, workers: int, postgres: str, name: str) -> None:
    company = Company(postgres, workers)
    company.start()
    try:
        _warm(company)
        some = mails(count, "bench")
        ground = floor(some[:200], company.folder)
        before, started, cpu = company.stored(), time.perf_counter(), company.cpu()
        _send_all(company, some)
        taken = time.perf_counter() - started
        while company.stored() < before + count:
            time.sleep(0.02)
        whole = time.perf_counter() - started
        spent = (company.cpu() - cpu) * 1000 / count
        say(f"intake, {name}: CPU of one mail", spent, "ms", most=4, floor=ground)
        say(
            f"intake, {name}: time of one mail",
            whole * 1000 / count,
            "ms",
            most=1000 / 230,
            at_smtp=taken / count * 1000,
        )
    finally:
        company.stop()


def _warm(company: Company) -> None:
    for port in company.ports:
        send(port, mails(20, f"warm{port}"))
    while company.stored() < 20 * len(company.ports):
        time.sleep(0.05)


def _send_all(company: Company, some: list[bytes]) -> None:
    ports = [company.ports[n % len(company.ports)] for n in range(CLIENTS)]
    senders = [threading.Thread(target=send, args=[port, some[n::CLIENTS]]) for n, port in enumerate(ports)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=2_000)
    options = asked.parse_args()
    for workers in (1, 2):
        run(options.mails, workers, os.environ.get("DATABASE_URL", ""), f"{workers} worker{'s' * (workers > 1)}")


if __name__ == "__main__":
    main()
