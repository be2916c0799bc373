"""The parts alone, and what they leave in the data folder."""

import smtplib

import pytest

from tests.cli.conftest import answers, until
from tests.ports import free_port

LETTER = (
    "From: Ana <ana@customer.test>\r\nTo: help@company.test\r\nSubject: Keys\r\n"
    "Message-ID: <keys@customer.test>\r\n\r\nWhere are the keys?\r\n"
)


def send(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.sendmail("ana@customer.test", "help@company.test", LETTER)


def takes_mail(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("words", [("mail", "--smtp-port"), ("up", "--smtp-port")])
def test_mail_that_was_taken_is_listed_once_even_after_a_kill(pitcrew, words):
    command, option = words
    port = free_port()
    first = pitcrew(command, option, str(port), *(["--port", str(free_port())] if command == "up" else []))
    until(lambda: takes_mail(port), "the mail listener")
    send(port)
    send(port)
    first.process.kill()
    first.process.wait()
    again = pitcrew(command, option, str(port), *(["--port", str(free_port())] if command == "up" else []))
    until(lambda: takes_mail(port), "the mail listener again")

    def listed() -> list[str]:
        one = pitcrew("list-messages")
        assert one.ended() == 0
        return [line for line in one.said.splitlines() if line.startswith("<keys@customer.test>")]

    until(listed, "the mail to be listed")
    assert len(listed()) == 1
    assert again.stop() == 0


def test_the_screens_alone_answer_and_stop(pitcrew):
    port = free_port()
    web = pitcrew("web", "--port", str(port))
    until(lambda: answers(port), "the first page")
    assert web.stop() == 0
    assert "Traceback" not in web.said


def test_the_worker_alone_runs_the_clock_and_stops(pitcrew):
    worker = pitcrew("worker")
    until(lambda: "well  clock" in finished(pitcrew("doctor")), "the clock to run")
    assert worker.stop() == 0
    assert "well  clock" not in finished(pitcrew("doctor")), "it lets go of the clock at once"


def finished(one) -> str:
    one.ended()
    return one.said


def test_two_parts_may_start_on_an_empty_folder_at_the_same_moment(pitcrew):
    ports = free_port(), free_port()
    both = [pitcrew("mail", "--smtp-port", str(port)) for port in ports]
    for port in ports:
        until(lambda port=port: takes_mail(port), "both listeners")
    assert [one.stop() for one in both] == [0, 0]
    assert not [one.said for one in both if "Traceback" in one.said]


def test_a_sign_in_link_leads_to_where_pitcrew_was_last_started(pitcrew):
    port = free_port()
    web = pitcrew("web", "--port", str(port))
    until(lambda: answers(port), "the first page")
    web.stop()
    assert finished(pitcrew("sign-in-link")).startswith(f"http://127.0.0.1:{port}/start/")
    assert finished(pitcrew("sign-in-link", PITCREW_URL="https://desk.company.test/")).startswith(
        "https://desk.company.test/start/"
    )
