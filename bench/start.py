"""Cold start to the first page, and the memory of all of `pitcrew up` when it idles.

Wanted: the first page within 1 s of the command (a data folder that exists), and <= 130 MiB: the sum of PSS over the
process tree, after some mail has been taken in and the first pages were read. Floor: a Python that only imports Django.

    python -m bench.start [--runs 5] [--idle 15]
"""

import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path

COMMAND = [sys.executable, "-c", "from pitcrew.cli import main; main()"]
FLOOR = [sys.executable, "-c", "import django.db.models, django.template, django.urls"]
FIRST_PAGE, MEMORY = 1.0, 130.0  # seconds, MiB
PAGES = ["/", "/accounts/login/"]
MAILS = 20
LETTER = (
    "From: Ana <ana{0}@customer.test>\r\nTo: help@company.test\r\nSubject: A question\r\n"
    "Message-ID: <{0}@bench.test>\r\n\r\nWhere is it?\r\n"
)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Up:
    """`pitcrew up` on a data folder."""

    def __init__(self, folder: str):
        self.port, self.smtp = free_port(), free_port()
        words = ["up", "--data", folder, "--port", str(self.port), "--smtp-port", str(self.smtp)]
        self.began = time.perf_counter()
        self.process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def page(self, path: str) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20).read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path} answers with {error.code}.") from error
        except OSError:
            return False
        return True

    def first_page(self) -> float:
        """Seconds from the command to the first page, the page after a redirect included."""
        while not self.page("/"):
            if self.process.poll() is not None or time.perf_counter() - self.began > 60:
                raise SystemExit("pitcrew up did not answer.")
            time.sleep(0.005)
        return time.perf_counter() - self.began

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = [Path(f"/proc/{pid}/task/{t}/children").read_text().split() for t in os.listdir(f"/proc/{pid}/task")]
    every = {int(child) for some in [children, *threads] for child in some}
    return [pid, *(one for child in sorted(every) for one in family(child))]


def screens(pid: int) -> int:
    """The child that answers pages: it is forked last."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[-1])


def cpu(pid: int) -> float:
    """CPU seconds that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss(pid: int) -> float:
    """The process's share of memory in MiB: what is its own, and its part of what is shared (proc(5))."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def starts(folder: str, runs: int) -> tuple[float, float]:
    """Medians of that many starts, each stopped again: seconds to the first page, and CPU on the way to it.

    On the way are the parent and the screens; mail, worker and clock start beside them.
    """
    seconds, spent = [], []
    for _ in range(runs):
        with closing(Up(folder)) as up:
            seconds.append(up.first_page())
            spent.append(cpu(up.process.pid) + cpu(screens(up.process.pid)))
    return statistics.median(seconds), statistics.median(spent)


def floors(runs: int) -> list[float]:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(FLOOR, check=True)
        seconds.append(time.perf_counter() - began)
    return seconds


def idle(folder: str, seconds: float) -> list[float]:
    """MiB of every process, after pages were read and mail came in, and nothing happened for a while."""
    with closing(Up(folder)) as up:
        up.first_page()
        for path in PAGES * 5:
            up.page(path)
        for number in range(MAILS):
            with smtplib.SMTP("127.0.0.1", up.smtp, timeout=20) as server:
                server.sendmail("ana@customer.test", "help@company.test", LETTER.format(number))
        time.sleep(seconds)
        return [pss(pid) for pid in family(up.process.pid)]


def main() -> None:
    options = ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--idle", type=float, default=15.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="pitcrew-bench-") as folder:
        fresh, _ = starts(folder, 1)
        first, spent = starts(folder, chosen.runs)
        floor = statistics.median(floors(chosen.runs))
        shares = idle(folder, chosen.idle)
    print(f"first page, new folder      {fresh:6.2f} s")
    ratio = f"wanted {FIRST_PAGE:.2f}   floor {floor:.2f}   x{first / floor:.1f}"
    print(f"first page                  {first:6.2f} s   {ratio}")
    print(f"CPU on the way to it        {spent:6.2f} s")
    each = " + ".join(f"{share:.0f}" for share in shares)
    print(f"idle memory (PSS)           {sum(shares):6.1f} MiB wanted {MEMORY:.0f}   {each}")
    sys.exit(first > FIRST_PAGE or sum(shares) > MEMORY)


if __name__ == "__main__":
    main()
