"""Readers of the log: everything, in order, once, whatever happens in between."""

import threading

import pytest
from django.db import connection, transaction

from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation
from pitcrew.history import followers
from pitcrew.history.actors import Actor
from pitcrew.history.followers import Following, tell_followers
from pitcrew.history.models import Event, Follower, SetAside
from pitcrew.people import actions as people
from pitcrew.people.models import Department

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """Follows departments being opened and remembers what it was told."""

    def __init__(self):
        self.heard: list[str] = []
        self.deaf_to: set[str] = set()

    def __call__(self, event, at):
        name = event.changes["name"][1]
        if name in self.deaf_to:
            raise ValueError(name)
        self.heard.append(name)


@pytest.fixture
def listener(monkeypatch):
    heard = Listener()
    monkeypatch.setattr(followers, "FOLLOWINGS", {"t": Following("t", ("department.opened",), heard)})
    return heard


def open_departments(names, at):
    for name in names:
        people.open_department(name, by=Actor("pitcrew", "setup"), at=at)


def test_everything_is_told_once_and_in_order(listener, at, monkeypatch):
    monkeypatch.setattr(followers, "BATCH", 3)
    names = [f"D{n}" for n in range(8)]
    open_departments(names, at)
    assert tell_followers(at) == 8
    assert tell_followers(at) == 0
    assert listener.heard == names


def test_what_cannot_be_digested_is_set_aside_and_nothing_else(listener, at):
    names = [f"D{n}" for n in range(6)]
    open_departments(names, at)
    listener.deaf_to = {"D3"}
    for _ in range(5):
        tell_followers(at)
    assert listener.heard[-2:] == ["D4", "D5"]
    assert set(listener.heard) == {"D0", "D1", "D2", "D4", "D5"}
    assert SetAside.objects.get().event.changes["name"][1] == "D3"
    assert Follower.objects.get().failures == 0


def test_without_news_nothing_is_written(listener, at, django_assert_max_num_queries):
    open_departments(["D"], at)
    tell_followers(at)
    with django_assert_max_num_queries(3):
        tell_followers(at)


def test_a_follower_may_act(cast, at, monkeypatch):
    def reopen(event, at):
        conversation = Conversation.objects.get(pk=event.about)
        actions.reopen(conversation, by=Actor("pitcrew", "test"), at=at)

    monkeypatch.setattr(followers, "FOLLOWINGS", {"t": Following("t", ("conversation.closed",), reopen)})
    actions.close(cast.conversation, by=cast.by, at=at)
    tell_followers(at)
    assert Conversation.objects.get().state == "open"
    assert Event.objects.filter(kind="conversation.reopened").count() == 1


def in_thread(work):
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_many_who_write_at_once_are_all_heard(listener, at):
    """Writers hold their transactions open for different times, so that ids are committed out of order."""
    done = threading.Event()

    def write(who):
        for n in range(6):
            with transaction.atomic():
                open_departments([f"{who}{n}"], at)
                done.wait(0.002 * ((who * 7 + n) % 5))

    def listen():
        while not done.is_set():
            tell_followers(at)

    ear = in_thread(listen)
    writers = [in_thread(lambda who=who: write(who)) for who in range(4)]
    for writer in writers:
        writer.join()
    done.set()
    ear.join()
    tell_followers(at)
    assert sorted(listener.heard) == sorted(Department.objects.values_list("name", flat=True))
    assert len(listener.heard) == 24


def test_an_event_is_not_told_past_an_older_transaction_that_is_still_open(listener, at):
    """PostgreSQL gives the slow one the smaller id; it must not be passed over. SQLite has one writer at a time."""
    if connection.vendor != "postgresql":
        open_departments(["slow", "quick"], at)
        tell_followers(at)
        assert listener.heard == ["slow", "quick"]
        return
    began, finish = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            open_departments(["slow"], at)
            began.set()
            finish.wait(10)

    slow = in_thread(slowly)
    began.wait(10)
    open_departments(["quick"], at)
    tell_followers(at)
    assert listener.heard == []
    finish.set()
    slow.join()
    tell_followers(at)
    assert listener.heard == ["slow", "quick"]
