"""Mailboxes are named, changed, stopped, started and removed; every one of it is told by the log and taken back."""

import pytest

from pitcrew.channels.email.mailboxes import change_mailbox, name_mailbox, remove_mailbox, start, stop
from pitcrew.channels.email.models import Mailbox
from pitcrew.history.models import Event
from pitcrew.people.refusals import Refused
from tests.verify import verify

FETCHED = {
    "name": "Support",
    "fetch_host": "imap.company.test",
    "fetch_port": 143,
    "fetch_security": "starttls",
    "fetch_user": "support",
    "fetch_login": "xoauth2",
    "fetch_secret": "deep-secret",
    "fetch_folder": "Post",
    "send_host": "smtp.company.test",
    "send_port": 25,
    "send_security": "none",
    "send_user": "support",
    "send_secret": "deeper-secret",
}


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


@pytest.fixture
def mailbox(cast, how):
    return name_mailbox("support@company.test", cast.front, **how)


def test_naming_one_is_told_and_taken_back(cast, how):
    named = verify(lambda: name_mailbox(" Support@Company.test ", cast.front, **FETCHED, **how))
    assert named.address == "support@company.test"


def test_changing_one_is_told_and_taken_back(cast, mailbox, how):
    verify(lambda: change_mailbox(mailbox, address="help@company.test", department=cast.accounting, **FETCHED, **how))


def test_stopping_starting_and_removing_are_told_and_taken_back(mailbox, how):
    verify(lambda: stop(mailbox, "535 5.7.8\r\n no", **how))
    assert Mailbox.objects.get().stopped_why == "535 5.7.8 no"
    verify(lambda: start(mailbox, **how))
    verify(lambda: remove_mailbox(mailbox, **how))


def test_a_changed_mailbox_counts_as_working_until_it_is_tried(mailbox, how):
    stop(mailbox, "535 no", **how)
    change_mailbox(mailbox, fetch_host="imap.company.test", **how)
    assert Mailbox.objects.get().stopped_at is None


def test_the_log_never_learns_a_password(mailbox, how):
    change_mailbox(mailbox, **FETCHED, **how)
    assert Mailbox.objects.get().fetch_secret == "deep-secret"
    assert not [e for e in Event.objects.all() if "secret" in str(e.changes)]


@pytest.mark.parametrize("address", ["", "nobody", "a b@c.test", "a@b.test\nBcc: c@d.test", "<a@b.test>", "a@b@"])
def test_what_is_no_address_is_refused(address, cast, mailbox, how):
    with pytest.raises(Refused, match="no e-mail address"):
        name_mailbox(address, cast.front, **how)
    with pytest.raises(Refused, match="no e-mail address"):
        change_mailbox(mailbox, address=address, **how)


def test_an_address_has_one_mailbox(cast, mailbox, how):
    other = name_mailbox("billing@company.test", cast.accounting, **how)
    with pytest.raises(Refused, match="is a mailbox already"):
        name_mailbox("SUPPORT@company.test", cast.front, **how)
    with pytest.raises(Refused, match="is a mailbox already"):
        change_mailbox(other, address="support@company.test", **how)
    change_mailbox(mailbox, address="support@company.test", name="Support", **how)
