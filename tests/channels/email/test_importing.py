"""Old mail is taken over, once, and nobody hears of it."""

import pytest
from django.core import mail as outgoing

from pitcrew.channels.email import importing
from pitcrew.channels.email.boxes import box
from pitcrew.channels.email.importing import import_path
from pitcrew.channels.email.models import Arrival
from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.people.refusals import Refused
from tests.channels.email.mails import mail

BY = Actor("import", 3, door="command")


def old(n: int, text: str = "", **how) -> bytes:
    date = f"Tue, {n % 27 + 1} Mar 2020 10:00:00 +0100"
    return mail(text or f"Old words {n}", mail_id=f"{n}@c.test", subject=f"Old {n}", date=date, **how)


def mbox(*mails: bytes) -> bytes:
    lines = []
    for one in mails:
        quoted = one.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        lines.append(b"From lena@customer.test Tue Mar  3 10:00:00 2020\n" + quoted + b"\n")
    return b"".join(lines)


@pytest.fixture
def take_over(db, at):
    return lambda path, **how: import_path(path, by=BY, at=at, **how)


def test_an_mbox_becomes_conversations_with_their_own_dates(take_over, tmp_path):
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(*(old(n) for n in range(7))))
    report = take_over(path)
    assert (report.taken, report.known, report.problems) == (7, 0, [])
    assert {m.at.year for m in Message.objects.all()} == {2020}
    assert Operation.objects.filter(actor="import:3").count() == 7


def test_importing_twice_is_importing_once(take_over, tmp_path):
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(*(old(n) for n in range(5))))
    take_over(path)
    report = take_over(path)
    assert (report.taken, report.known) == (0, 5)
    assert Message.objects.count() == 5


def test_an_import_that_was_stopped_goes_on(take_over, tmp_path, monkeypatch):
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(*(old(n) for n in range(9))))
    monkeypatch.setattr(importing, "TOGETHER", 2)

    def stop(report):
        if report.taken == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_over(path, progress=stop)
    report = take_over(path)
    assert (report.taken, report.known) == (5, 4)
    assert Message.objects.count() == 9


def test_half_an_mbox_keeps_what_is_whole_and_says_what_is_not(take_over, tmp_path):
    whole = mbox(*(old(n) for n in range(3)))
    path = tmp_path / "old.mbox"
    path.write_bytes(whole[:-30])
    report = take_over(path)
    assert report.taken == 2
    assert "ends in the middle of the mail" in report.problems[0]
    path.write_bytes(whole)
    assert take_over(path).taken == 1


def test_a_multipart_cut_at_the_end_of_a_line_is_not_whole(tmp_path):
    head = {"content_type": "multipart/mixed; boundary=XX"}
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(old(1), old(2, "--XX\r\n\r\nfirst part", **head)))
    assert [bool(found.problem) for found in box(path).mails()] == [False, True]
    path.write_bytes(mbox(old(1), old(2, "--XX\r\n\r\nfirst part\r\n--XX--", **head)))
    assert [bool(found.problem) for found in box(path).mails()] == [False, False]


def test_lines_that_begin_with_from_come_back(tmp_path):
    path = tmp_path / "old.mbox"
    text = "Dear all\r\n\r\nFrom here on\r\n>From there\r\n"
    path.write_bytes(mbox(old(1, text), old(2)))
    first, second = box(path).mails()
    assert b"\nFrom here on\n" in first.raw
    assert b"Old words 2" in second.raw


def test_a_maildir_with_folders_inside(take_over, tmp_path):
    for n, folder in enumerate(("cur", "new", ".Sent/cur")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{n}.host:2,S").write_bytes(old(n))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "half").write_bytes(b"From: x")
    assert take_over(tmp_path).taken == 3


def test_a_folder_of_eml_files_leaves_out_what_is_no_mail(take_over, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.eml").write_bytes(old(1))
    (tmp_path / "sub" / "b.EML").write_bytes(old(2))
    (tmp_path / "c.eml").write_bytes(b"\x89PNG\r\n\x1a\n")
    report = take_over(tmp_path)
    assert report.taken == 2
    assert "does not look like a mail" in report.problems[0]


def test_one_eml_file(take_over, tmp_path):
    (tmp_path / "a.eml").write_bytes(old(1))
    assert take_over(tmp_path / "a.eml").taken == 1


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"", b"just words\n", b"PK\x03\x04"])
def test_what_is_no_mailbox_is_said(take_over, tmp_path, content):
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    with pytest.raises(Refused, match="is not a mailbox file"):
        take_over(path)


def test_what_is_not_there_is_said(take_over, tmp_path):
    with pytest.raises(Refused, match="There is no"):
        take_over(tmp_path / "nothing")
    with pytest.raises(Refused, match="neither a Maildir"):
        take_over(tmp_path)


def test_what_came_by_smtp_is_not_imported_again(kept, take_over, tmp_path):
    kept(b"Received: from a by b; Tue, 3 Mar 2020 10:00:00 +0100\r\n" + old(1))
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(old(1), old(2)))
    report = take_over(path)
    assert (report.taken, report.known) == (1, 1)


def test_old_mail_goes_to_the_mailbox_it_was_written_to(take_over, mailbox, tmp_path):
    (tmp_path / "a.eml").write_bytes(old(1, to="Support <support@company.test>"))
    take_over(tmp_path)
    assert Arrival.objects.get().mailbox == "support@company.test"


def test_threads_come_over_whole_and_nothing_is_sent(take_over, tmp_path):
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(old(1), old(2, in_reply_to="<1@c.test>"), old(3, in_reply_to="<2@c.test>")))
    take_over(path)
    assert Conversation.objects.count() == 1
    assert not Message.objects.filter(direction=Direction.OUT).exists()
    assert not outgoing.outbox


def test_a_mail_too_large_is_left_out_and_said(take_over, tmp_path, monkeypatch):
    monkeypatch.setattr("pitcrew.channels.email.boxes.LARGEST", 10_000)
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(old(1), old(2, "x" * 20_000), old(3)))
    report = take_over(path)
    assert report.taken == 2
    assert "larger than" in report.problems[0]


def test_progress_is_told_in_bytes(take_over, tmp_path):
    path = tmp_path / "old.mbox"
    path.write_bytes(mbox(*(old(n) for n in range(5))))
    told = []
    take_over(path, progress=lambda report: told.append((report.position, report.size)))
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
