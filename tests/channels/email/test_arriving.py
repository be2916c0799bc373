"""A mail is kept before anybody is told so, and once."""

import threading
from concurrent.futures import wait

import pytest
from django.db import OperationalError

from pitcrew.channels.email import arriving
from pitcrew.channels.email.arriving import Keeper, Unkept, keep, letter
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.channels.email.quarantine import raw
from tests.channels.email.mails import mail


@pytest.fixture
def made(at):
    return lambda content, **how: letter(content, door="smtp", arrived_at=at, **how)


def test_the_bytes_are_kept_as_they_came(made, db):
    content = mail("Grüße\0 \udcff".encode("utf-8", "surrogatepass").decode("latin-1"))
    kept = keep([made(content)])[0]
    assert raw(Arrival.objects.get(pk=kept.arrival)) == content


def test_the_same_mail_twice_is_held_once(made, db):
    first, second = keep([made(mail())]) + keep([made(mail())])
    assert (first.is_new, second.is_new) == (True, False)
    assert first.arrival == second.arrival
    assert RawMail.objects.count() == 1


def test_the_same_mail_twice_in_one_commit_is_held_once(made, db):
    first, second = keep([made(mail()), made(mail())])
    assert (first.is_new, second.is_new) == (True, False)
    assert Arrival.objects.count() == 1


def test_a_mail_that_took_another_way_is_the_same_mail(made, db):
    trace = b"Return-Path: <a@b.test>\r\nReceived: from x by y;\r\n\tMon, 2 Mar 2026 10:00:00 +0000\r\n"
    keep([made(mail())])
    assert not keep([made(trace + mail())])[0].is_new


def test_the_same_id_with_other_content_is_kept_too_and_flagged(made, db):
    keep([made(mail()), made(mail("Other words"))])
    keep([made(mail("Third words"))])
    assert list(Arrival.objects.order_by("id").values_list("is_namesake", flat=True)) == [False, True, True]


def test_the_same_mail_to_another_mailbox_is_another_arrival(made, db):
    keep([made(mail(), mailbox="support@company.test"), made(mail(), mailbox="sales@company.test")])
    assert Arrival.objects.filter(is_namesake=False).count() == 2


def test_mails_without_an_id_are_told_apart_by_content(made, db):
    keep([made(mail("One", mail_id="")), made(mail("Two", mail_id="")), made(mail("One", mail_id=""))])
    assert Arrival.objects.filter(mail_id="", is_namesake=False).count() == 2


def test_the_id_is_found_however_it_is_written(made):
    assert made(b"MESSAGE-Id:\r\n <a@b>\r\n\r\nx").mail_id == "a@b"
    assert made(b"Subject: x\nMessage-ID: a@b\n\nMessage-ID: <no@body>").mail_id == "a@b"
    assert made(b"Subject: x\r\n\r\nMessage-ID: <no@body>").mail_id == ""
    assert len(made(b"Message-ID: <" + b"x" * 70_000 + b">\r\n\r\n").mail_id) == 500


def test_a_mail_without_a_body_or_without_anything_is_kept(made, db):
    assert len(keep([made(b""), made(b"\r\n"), made(b"no headers at all")])) == 3


@pytest.mark.django_db(transaction=True)
def test_many_mails_that_wait_share_one_commit(made, monkeypatch):
    commits, held = [], threading.Event()

    def counting(letters):
        held.wait(5)
        commits.append(len(letters))
        return keep(letters)

    monkeypatch.setattr(arriving, "keep", counting)
    keeper = Keeper()
    promises = [keeper.keep(made(mail(mail_id=f"{n}@customer.test"))) for n in range(30)]
    held.set()
    wait(promises, 20)
    keeper.stop()
    assert Arrival.objects.count() == 30
    assert len(commits) <= 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", ["database is locked", "database or disk is full", "server closed the connection"])
def test_a_database_that_fails_breaks_the_promise_and_is_asked_anew(made, monkeypatch, words):
    answers = [OperationalError(words)]

    def failing_once(letters):
        if answers:
            raise answers.pop()
        return keep(letters)

    monkeypatch.setattr(arriving, "keep", failing_once)
    keeper = Keeper()
    with pytest.raises(Unkept, match=words):
        keeper.keep(made(mail())).result(20)
    assert keeper.keep(made(mail())).result(20).is_new
    keeper.stop()


@pytest.mark.django_db(transaction=True)
def test_one_mail_that_cannot_be_kept_does_not_hold_up_the_others(made, monkeypatch):
    bad = made(mail(mail_id="bad@customer.test"))
    held = threading.Event()

    def refusing(letters):
        held.wait(5)
        if bad in letters:
            raise ValueError("this one is refused")
        return keep(letters)

    monkeypatch.setattr(arriving, "keep", refusing)
    keeper = Keeper()
    promises = [keeper.keep(one) for one in (made(mail(mail_id="a@c.test")), bad, made(mail(mail_id="b@c.test")))]
    held.set()
    assert [p.exception(20) is None for p in promises] == [True, False, True]
    keeper.stop()
