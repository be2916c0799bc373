"""One installation with two colleagues signed in, for all tests of a module."""

import os
from types import SimpleNamespace

import pytest

from tests.whole.house import House, Outside, colleague, database, page_of, send_by, set_up

# SQLite is a file, it does not go away; a full disk is test_bad_input.py.
collect_ignore = [] if os.environ.get("DATABASE_URL", "").startswith("postgres") else ["test_database_gone.py"]


@pytest.fixture(scope="module")
def outside():
    server = Outside()
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "data"
    with database(folder) as where:
        one = House(folder, **where)
        yield one
        one.stop()


@pytest.fixture(scope="module")
def desks(house, outside, browser):
    """Ana has set Pitcrew up and let Ben in; both have a browser of their own."""
    ana = page_of(browser, house)
    set_up(ana, house)
    send_by(ana, outside.port)
    ben = colleague(ana, browser, house)
    yield SimpleNamespace(ana=ana, ben=ben)
    for page in (ana, ben):
        page.context.close()


@pytest.fixture
def ana(desks):
    return desks.ana


@pytest.fixture
def ben(desks):
    return desks.ben
