"""A root cause at the front desk: three customers whose cards did not arrive."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.followers import tell_followers
from pitcrew.problems import actions, followers  # noqa: F401  (they listen from their import on)

LETTERS = (
    ("lena", "Card missing", "My new card has not arrived, the envelope lacked the flat number."),
    ("tom", "Where is my card", "I never got the card. The postman says the flat number is not on it."),
    ("nora", "Karte", "Meine neue Karte ist nicht angekommen, auf dem Umschlag fehlte die Wohnungsnummer."),
)


@pytest.fixture
def write(cast):
    """A customer writes: ``write("lena", "Card", "It has not come", at=...)``; returns the message."""

    def receive(name: str, subject: str, text: str, *, at, **more):
        letter = Incoming(
            channel="email", address=f"{name}@customer.test", name=name.title(), subject=subject, text=text, **more
        )
        return conversations.receive(letter, by=cast.by, at=at)

    return receive


@pytest.fixture
def touched(write, at):
    """The conversations of three customers who have the same trouble."""
    return [write(name, subject, text, at=at).conversation for name, subject, text in LETTERS]


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


@pytest.fixture
def problem(cast, touched, how):
    ids = [conversation.pk for conversation in touched]
    words = "The printer leaves out the flat number."
    return actions.find("Printed cards lack the flat number", words, cast.front, conversations=ids, **how)


@pytest.fixture
def proof():
    return actions.Proof("release", "Print service 4.2", "https://releases.company.test/4.2")


@pytest.fixture
def watched(problem, proof, how):
    actions.own(problem, problem.found_by, **how)
    actions.claim_fix(problem, proof, watch_for=14, **how)
    return problem


@pytest.fixture
def tell(at, transactional_db):
    """Let the followers read what is new, at a moment: what is not committed they never read."""
    return lambda days=0: tell_followers(at + timedelta(days=days))
