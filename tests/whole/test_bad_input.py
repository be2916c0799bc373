"""A full disk, a mail beyond all measure: the sender is told, nothing is lost, and the next mail goes on."""

import os
import shlex
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, children, until
from tests.ports import free_port
from tests.whole.house import MAILBOX, MARTIN, letter

ROOM = 24  # MB of disk


@pytest.fixture
def small_disk(tmp_path):
    """`pitcrew mail` whose data folder is a small disk of its own; gives its port and the folder."""
    folder, port = tmp_path / "data", free_port()
    folder.mkdir()
    pitcrew = shlex.join([*COMMAND, "mail", "--data", str(folder), "--smtp-port", str(port)])
    mount = f"mount -t tmpfs -o size={ROOM}m none {shlex.quote(str(folder))} && exec {pitcrew}"
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    process = subprocess.Popen([*alone, "sh", "-c", mount], env=clean())
    until(lambda: greets(port), "the greeting")
    yield port, folder, process.pid
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture
def listener(tmp_path):
    """`pitcrew mail` on a new folder."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "mail", "--data", str(tmp_path / "data"), "--smtp-port", str(port)], env=clean()
    )
    until(lambda: greets(port), "the greeting")
    yield port, process.pid
    process.terminate()
    assert process.wait(30) == 0


def test_on_a_full_disk_the_sender_is_asked_to_try_again_and_then_it_is_taken(small_disk):
    port, folder, pid = small_disk
    seen = Path(f"/proc/{pid}/root{folder}")
    assert hand_over(port, letter("Before", "There is room.").as_bytes())[0] == 250
    fill(seen / "filler")
    refused, words = hand_over(port, letter("While", "x" * 200_000).as_bytes())
    assert 400 <= refused < 500, words
    (seen / "filler").unlink()
    again = letter("After", "There is room again.")
    until(lambda: hand_over(port, again.as_bytes())[0] == 250, "the listener to take mail again")
    until(lambda: len(stored(folder, pid)) == 2, "both mails to be stored")


def test_a_mail_of_200_mb_is_refused_without_being_held_and_the_next_is_taken(listener):
    port, pid = listener
    code, words = hand_over(port, letter("Huge", "").as_bytes() + (b"x" * 998 + b"\r\n") * 200_000)
    assert code == 552, words
    assert hand_over(port, letter("Ordinary", "Small.").as_bytes())[0] == 250
    assert sum(map(peak, [pid, *children(pid)])) < 300


def test_half_a_file_and_no_mailbox_at_all_are_said_at_the_terminal(tmp_path):
    half, none = tmp_path / "half.mbox", tmp_path / "picture.png"
    one = b"From martin@customer.test Mon Mar  2 09:00:00 2026\n" + letter("Whole", "All of it.").as_bytes()
    cut = b'From x Mon Mar  2 09:00:00 2026\nSubject: Cut\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nhalf'
    half.write_bytes(one + b"\n" + cut)
    none.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    taken = bring_in(half, tmp_path)
    assert taken.returncode == 0
    assert "1 mails imported" in taken.stdout
    assert "The file ends in the middle of the mail" in taken.stderr
    refused = bring_in(none, tmp_path)
    assert refused.returncode == 1
    assert "picture.png" in refused.stderr
    assert "Traceback" not in taken.stderr + refused.stderr


def clean() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PITCREW_", "DJANGO_", "DATABASE_"))
    }


def greets(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=20).quit()
    except OSError:
        return False
    return True


def hand_over(port: int, raw: bytes) -> tuple[int, bytes]:
    """What the listener answers at the end of a mail."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
        server.ehlo("mx.customer.test")
        server.mail(MARTIN)
        code, words = server.rcpt(MAILBOX)
        return server.data(raw) if code == 250 else (code, words)


def fill(path: Path) -> None:
    """Leave no room on the disk."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return


def stored(folder: Path, pid: int) -> list[str]:
    """What is stored, as seen from where that process lives."""
    there = ["nsenter", "--mount", f"--target={pid}", *([] if os.geteuid() == 0 else ["--user"])]
    command = [*there, *COMMAND, "list-messages", "--data", str(folder)]
    return subprocess.run(command, env=clean(), capture_output=True, text=True, check=True).stdout.splitlines()


def bring_in(path: Path, folder: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, *COMMAND[1:], "import-mail", str(path), "--data", str(folder / "data")]
    return subprocess.run(command, env=clean(), capture_output=True, text=True, timeout=60, check=False)


def peak(pid: int) -> float:
    """The most memory that a process ever held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000
