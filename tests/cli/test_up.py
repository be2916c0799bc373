"""`pitcrew up`: one process tree that starts, mends itself and stops."""

import os
import re
import signal

import pytest

from tests.cli.conftest import answers, children, is_alive, until
from tests.ports import free_port


@pytest.fixture
def up(pitcrew):
    """Everything, running; knows its ports."""
    port, smtp = free_port(), free_port()
    running = pitcrew("up", "--port", str(port), "--smtp-port", str(smtp))
    running.port, running.smtp = port, smtp
    until(lambda: answers(port), "the first page")
    return running


def test_one_command_on_an_empty_folder_answers_with_a_page_and_a_link(up):
    assert answers(up.port) < 500
    assert f"http://127.0.0.1:{up.port}/start/" in up.said


def test_ctrl_c_stops_every_process(up):
    family = children(up.process.pid)
    assert family
    assert up.stop(signal.SIGINT) == 0
    assert not [pid for pid in family if is_alive(pid)]
    assert "Traceback" not in up.said


def test_a_part_that_dies_is_started_again_and_said(up):
    first = children(up.process.pid)
    os.kill(first[-1], signal.SIGKILL)
    until(lambda: first[-1] not in (now := children(up.process.pid)) and len(now) == len(first), "a new child")
    assert until(lambda: answers(up.port), "the first page again")
    assert re.search(r"screens stopped \(signal 9\)\. Starting it again", up.said)
    assert up.stop() == 0


def test_children_follow_a_parent_that_was_killed(up):
    family = children(up.process.pid)
    up.process.kill()
    until(lambda: not any(is_alive(pid) for pid in family), "the children to end")


def test_a_second_start_on_the_same_folder_needs_no_preparing(up, pitcrew):
    assert "Preparing the database" in up.said
    up.stop()
    port = free_port()
    again = pitcrew("up", "--port", str(port), "--smtp-port", str(free_port()))
    until(lambda: answers(port), "the first page")
    assert "Preparing" not in again.said
    assert again.stop() == 0
