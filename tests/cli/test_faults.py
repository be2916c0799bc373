"""What is wrong outside of Pitcrew is one sentence, never a traceback."""

import os
import socket
import sqlite3

import pytest

from tests.ports import free_port


@pytest.fixture
def fault(pitcrew):
    """What a command says that must fail."""

    def run(*words: str, **options) -> str:
        one = pitcrew(*words, **options)
        assert one.ended() == 1, one.said
        assert "Traceback" not in one.said
        return one.said

    return run


def test_a_port_that_is_taken(fault):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = fault("up", "--port", port, "--smtp-port", str(free_port()))
        assert f"port {port} is taken by another program. Choose another with --port N." in said
        said = fault("up", "--port", str(free_port()), "--smtp-port", port)
        assert f"port {port} is taken by another program. Choose another with --smtp-port N." in said


def test_an_address_that_is_not_ours(fault):
    assert "cannot be listened on" in fault("web", "--host", "192.0.2.1", "--port", str(free_port()))


def test_a_data_folder_that_cannot_be_made(fault, tmp_path):
    (tmp_path / "file").write_text("")
    said = fault("sign-in-link", folder=tmp_path / "file" / "data")
    assert "cannot be made" in said and "--data" in said


def test_a_data_folder_that_cannot_be_written(fault, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "secret-key").mkdir()  # for root too, who may write everywhere
    said = fault("sign-in-link")
    assert "data folder" in said and "--data" in said


def test_a_database_of_a_newer_version(fault, pitcrew, tmp_path):
    assert pitcrew("sign-in-link").ended() == 0
    with sqlite3.connect(tmp_path / "data" / "pitcrew.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('conversations', '9999_later', '2030-01-01')"
        )
    said = fault("up", "--port", str(free_port()), "--smtp-port", str(free_port()))
    assert "belongs to a newer Pitcrew (it has conversations.9999_later)" in said


@pytest.mark.parametrize("url", ["nonsense", "mysterious://here/there", "postgres://user@host:port/x"])
def test_a_wrong_database_url(fault, url):
    assert "DATABASE_URL is not an address of a database" in fault("sign-in-link", DATABASE_URL=url)


def test_a_database_that_does_not_answer(fault):
    url = f"postgres://postgres@127.0.0.1:{free_port()}/postgres"
    said = fault("sign-in-link", DATABASE_URL=url)
    assert "the database does not answer" in said and "correct DATABASE_URL" in said


def test_a_database_file_that_is_none(fault, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pitcrew.sqlite3").write_bytes(os.urandom(5000))
    assert "database" in fault("sign-in-link")


def test_a_setting_that_is_no_number(fault):
    assert "PITCREW_WEB_THREADS is a whole number, not many" in fault("sign-in-link", PITCREW_WEB_THREADS="many")


def test_somebody_who_is_not_on_the_staff(fault, pitcrew):
    link = pitcrew("sign-in-link", "ada@company.test")
    assert link.ended() == 0 and "/start/" in link.said


def test_old_mail_that_is_not_there(fault):
    assert "There is no /no/such/place" in fault("import-mail", "/no/such/place")


def test_a_queue_that_needs_another_database(fault):
    assert "PITCREW_JOBS=procrastinate needs PostgreSQL" in fault("sign-in-link", PITCREW_JOBS="procrastinate")


def test_a_queue_that_does_not_exist(fault):
    assert "PITCREW_JOBS is embedded or procrastinate" in fault("sign-in-link", PITCREW_JOBS="rabbits")
