"""The database goes away and comes back: the sender is asked to try again, the screens say so, all by itself."""

import urllib.error
import urllib.request

import psycopg
import pytest

from tests.cli.conftest import until
from tests.whole.house import House, database, letter
from tests.whole.test_bad_input import hand_over


@pytest.fixture
def house(tmp_path):
    with database(tmp_path) as where:
        one = House(tmp_path / "data", **where)
        yield one
        one.stop()


@pytest.fixture
def shut(house):
    """Close the house's database to everybody, and open it again."""
    url = house.environment["DATABASE_URL"]
    server, _, name = url.rpartition("/")

    def shut_or_open(is_open: bool) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {is_open}")
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    yield shut_or_open
    shut_or_open(True)


def test_a_database_that_is_gone_means_try_later_and_everything_comes_back_by_itself(house, shut):
    assert hand_over(house.smtp, letter("Before", "All is well.").as_bytes())[0] == 250
    shut(False)
    refused, words = hand_over(house.smtp, letter("While", "Nobody is there.").as_bytes())
    assert 400 <= refused < 500, words
    assert "cannot reach its database" in said(house), house.running.said
    shut(True)
    mail = letter("After", "It is back.").as_bytes()
    until(lambda: hand_over(house.smtp, mail)[0] == 250, "the listener to take mail again")
    until(lambda: "Welcome to Pitcrew" in said(house), "the screens to answer again")
    until(lambda: stored(house) == 2, "both mails to be conversations")


def stored(house) -> int:
    with psycopg.connect(house.environment["DATABASE_URL"]) as connection:
        return connection.execute("SELECT count(*) FROM conversations_message").fetchone()[0]


def said(house) -> str:
    """What the first page says."""
    try:
        return urllib.request.urlopen(house.link, timeout=30).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()
