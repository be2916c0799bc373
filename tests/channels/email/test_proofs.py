"""The long proofs of intake: nothing lost after 250, nothing twice, whatever is killed. Run by `make prove`."""

import os
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.ports import free_port

pytestmark = pytest.mark.prove
PITCREW = [sys.executable, "-c", "from pitcrew.cli import main; main()"]
HARNESS = Path(__file__).parents[4] / "shared" / "faults"


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PITCREW_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "pitcrew.settings"}


def start(folder: Path, port: int) -> subprocess.Popen:
    command = [*PITCREW, "mail", "--data", str(folder), "--smtp-port", str(port)]
    log = (folder / "mail.log").open("a")
    process = subprocess.Popen(command, env=environment(folder), stdout=log, stderr=log, start_new_session=True)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the listener did not come up")


def kill(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def listed(folder: Path) -> Counter:
    command = [*PITCREW, "list-messages", "--data", str(folder)]
    told = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True).stdout
    return Counter(re.findall(r"<(proof-\d+@customer\.test)>", told))


def send(port: int, number: int) -> bool:
    raw = f"From: c{number}@customer.test\r\nMessage-ID: <proof-{number}@customer.test>\r\n\r\nMail {number}\r\n"
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
            return smtp.sendmail("c@customer.test", ["support@company.test"], raw) == {}
    except (OSError, smtplib.SMTPException):
        return False


def test_nothing_is_lost_or_doubled_when_intake_is_killed_again_and_again(tmp_path):
    port, pick, acknowledged = free_port(), random.Random(1), []
    process, over = start(tmp_path, port), threading.Event()

    def deliver(numbers: range) -> None:
        for number in numbers:
            while not send(port, number):
                time.sleep(0.05)
            acknowledged.append(number)
            if number % 7 == 0:
                send(port, number)
            time.sleep(0.1)

    senders = [threading.Thread(target=deliver, args=[range(n, 300, 4)]) for n in range(4)]
    for sender in senders:
        sender.start()
    kills = 0
    while any(sender.is_alive() for sender in senders):
        over.wait(pick.uniform(0.2, 1.0))
        kill(process)
        kills += 1
        process = start(tmp_path, port)
    time.sleep(3)
    found = listed(tmp_path)
    kill(process)
    assert kills >= 5
    assert len(acknowledged) == 300
    assert set(found) == {f"proof-{n}@customer.test" for n in range(300)}
    assert max(found.values()) == 1


def test_two_listeners_that_get_the_same_mail_at_once_hold_it_once(tmp_path):
    ports = [free_port(), free_port()]
    processes = [start(tmp_path, port) for port in ports]
    for number in range(60):
        both = [threading.Thread(target=send, args=[port, number]) for port in ports * 2]
        for one in both:
            one.start()
        for one in both:
            one.join()
    time.sleep(3)
    found = listed(tmp_path)
    for process in processes:
        kill(process)
    assert (len(found), max(found.values())) == (60, 1)


@pytest.fixture
def harness() -> Path:
    assert HARNESS.is_dir(), f"The fault harness is not at {HARNESS}. Put it there, or leave this proof out."
    return HARNESS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_crash_harness_finds_nothing(tmp_path, harness, seed):
    port, pitcrew = free_port(), f"{Path(sys.executable).parent}/pitcrew"
    command = [sys.executable, str(harness / "crash_ingest.py")]
    command += ["--start", f"{pitcrew} mail --data {tmp_path} --smtp-port {port}", "--smtp", f"127.0.0.1:{port}"]
    command += ["--list", f"{pitcrew} list-messages --data {tmp_path}"]
    command += ["--fsck", f"{pitcrew} doctor --quick --data {tmp_path}"]
    command += ["--mails", "300", "--kills", "12", "--kill-max", "0.8", "--pace", "0.25", "--seed", str(seed)]
    ran = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_250_comes_after_the_disk_has_the_mail(tmp_path, harness):
    port, pitcrew = free_port(), f"{Path(sys.executable).parent}/pitcrew"
    command = [sys.executable, str(harness / "fsync_before_250.py"), "--smtp", f"127.0.0.1:{port}"]
    command += ["--start", f"{pitcrew} mail --data {tmp_path} --smtp-port {port}"]
    ran = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
