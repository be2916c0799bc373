"""From bytes to parts: what senders break is mended, what breaks a limit is refused with a sentence."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pitcrew.channels.email.parse import Inbound, Unreadable, limits, parse
from pitcrew.channels.email.parse.message import read

PARTS = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n"
)


def shape(part) -> object:
    kind = part.get_content_type()
    return [kind, [shape(child) for child in part.children]] if part.children else kind


def both(inbound: Inbound) -> tuple[str, list[tuple[str, bytes]]]:
    return inbound.text.strip(), [(file.name, file.content) for file in inbound.attachments]


WHOLE = ("hello", [("a.png", b"abc")])


@pytest.mark.parametrize(
    "raw",
    [
        PARTS,
        PARTS.replace(b"\r\n", b"\n"),
        PARTS.replace(b"\r\n", b"\r"),
        PARTS.replace(b"\r\n", b"\r\r\n"),
        b"\r\n\r\n" + PARTS,
        b" " * 200 + b"\r\n" + PARTS,
        b"\xef\xbb\xbf" + PARTS,
        b"From ann@shop.example Mon Mar  2 10:00:00 2026\r\n" + PARTS,
        b">From ann@shop.example Mon Mar  2 10:00:00 2026\r\n" + PARTS,
        PARTS.replace(b"--b--\r\n", b""),
        PARTS.replace(b"--b--\r\n", b"--b--\r\nepilogue\r\n--b\r\n\r\nghost\r\n"),
        PARTS.replace(b'boundary="b"', b"boundary=b"),
        PARTS.replace(b'; boundary="b"', b""),
        PARTS.replace(b'boundary="b"', b'boundary="other"'),
        PARTS.replace(b"mixed;", b"mixed"),
        PARTS.replace(b"\r\n\r\n--b\r\n", b"\r\n\r\nThis is a mail in parts.\r\n--b\r\n", 1),
        PARTS.replace(b"--b\r\nContent-Type: image", b"--b  \r\nContent-Type: image"),
        PARTS.replace(b"\r\n\r\n--b\r\n", b"\r\n--b\r\n", 1),
        PARTS.replace(b": base64", b": BASE64 (yes)").replace(b" (yes)", b""),
    ],
)
def test_the_parts_are_found_however_the_mail_was_mangled(raw):
    assert both(parse(raw)) == WHOLE


def test_a_boundary_that_begins_like_another_divides_nothing():
    raw = PARTS.replace(b"hello", b"hello\r\n--bb\r\n--b x\r\n")
    assert parse(raw).text == "hello\n--bb\n--b x\n"


def test_a_part_keeps_every_byte_between_its_lines():
    raw = PARTS.replace(b"base64\r\n\r\nYWJj", b"binary\r\n\r\n\r\n\x00\r\x01\n\r\n")
    assert parse(raw).attachments[0].content == b"\r\n\x00\r\x01\n\r\n".removesuffix(b"\r\n") + b"\r\n"


def test_headers_without_an_empty_line_behind_them_end_at_the_text():
    inbound = parse(b"From: a@b.example\r\nSubject: Hi\r\nhello there\r\n\r\nbye")
    assert (inbound.subject, inbound.text) == ("Hi", "hello there\n\nbye")
    assert inbound.oddities == ["the empty line between headers and text was missing"]


def test_a_fold_that_lost_its_blank_is_joined_again():
    inbound = parse(b"Subject: a very long\r\nsubject line\r\nFrom: a@b.example\r\n\r\nhello")
    assert (inbound.subject, inbound.sender.email, inbound.text) == ("a very long subject line", "a@b.example", "hello")


def test_a_stray_line_among_headers_hides_neither_the_sender_nor_itself():
    inbound = parse(b"Subject: Hi\r\nsee here: now\r\nFrom: a@b.example\r\n\r\nhello")
    assert inbound.sender.email == "a@b.example"
    assert "see here: now" in inbound.text and "hello" in inbound.text


def test_a_line_of_spaces_ends_the_headers():
    assert parse(b"Subject: Hi\r\n \r\nhello").text == "hello"


def test_a_mail_without_headers_is_all_text():
    assert parse(b"just words\nand more").text == "just words\nand more"


def test_an_empty_mail_is_an_empty_mail():
    assert parse(b"") == Inbound()


def test_nested_mails_keep_their_tree():
    raw = b"Content-Type: message/rfc822\r\n\r\n\r\nSubject: in\r\n" + PARTS
    message, _ = read(raw)
    assert shape(message) == ["message/rfc822", [["multipart/mixed", ["text/plain", "image/png"]]]]
    assert message.children[0].get("SUBJECT") == "in"


def test_a_digest_holds_mails():
    raw = b"Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: one\r\n\r\nfirst\r\n--d--"
    message, _ = read(raw)
    assert shape(message) == ["multipart/digest", [["message/rfc822", ["text/plain"]]]]


def test_a_delivery_report_falls_into_its_blocks():
    raw = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n"
        b"Final-Recipient: rfc822; x@y.example\r\n stray words\r\nnot a field\r\nStatus: 5.1.1\r\n"
    )
    message, _ = read(raw)
    assert [block.keys() for block in message.children][0] == ["Reporting-MTA"]
    assert message.children[-1]["status"] == "5.1.1"


def nested(depth: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return head + b"\r\nhello\r\n"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (nested(1000), "nests its parts more than 50 deep"),
        (b"Content-Type: message/rfc822\r\n\r\n" * 1000, "nests its parts more than 50 deep"),
        (PARTS.replace(b"--b--", b"--b\r\n\r\nx\r\n" * 2000), "more than 1,000 parts"),
        (b"X-A: b\r\n" * 10_000 + b"\r\nhello", "more than 5,000 headers"),
        (b"X-A: " + b"b" * 3_000_000 + b"\r\n\r\nhello", "more than 5,000 headers or 2,097,152 bytes"),
        (b"x" * (limits.MAX_BYTES + 1), "at most 67,108,864 are read"),
    ],
)
def test_a_mail_past_a_limit_is_refused_with_a_sentence(raw, sentence):
    with pytest.raises(Unreadable, match=sentence):
        parse(raw)


def test_a_deep_but_human_mail_is_read():
    assert parse(nested(20)).text.strip() == "hello"


@pytest.mark.parametrize(
    "raw",
    [
        b"Reply-To: " + b"<" * 60_000 + b"\r\n\r\n",
        b"Reply-To: " + b"(" * 60_000 + b"\r\n\r\n",
        b"Reply-To: " + b'"\\' * 30_000 + b"\r\n\r\n",
        b"Reply-To: <@" + b",@" * 30_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?Q?" * 6_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?B?w6TDt?= " * 3_500 + b"\r\n\r\n",
        b"Content-Type: text/plain" + b';\r\n a="\\"' * 20_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain" + b"; name*1=%41" * 20_000 + b"\r\n\r\nx",
        b'Content-Type: multipart/mixed; boundary="' + b"Z" * 500_000 + b'"\r\n\r\n' + b"--Z\r\n" * 500,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A=" * 200_000,
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 200_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<![if" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 300_000,
        b"Content-Type: text/html\r\n\r\n" + b"<head>" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b'<p a="' * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 50_000 + b"x",
        b"\r\n" + b"begin 644 a\nM" * 20_000,
        b"\r\n" + b"=ybegin name=a\n" * 20_000,
        b"\r\n" + b"\n" * 300_000 + b"x",
        b"\r\n\r\n" + b"> " * 50_000,
        b"\r\n\r\n" + b"On " * 60_000,
    ],
)
def test_hostile_mail_is_read_to_the_end(raw):
    assert isinstance(parse(raw), Inbound)


FRAGMENTS = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" ", b"\t", b"\0", b"\xff\xfe", b"\x1b$B", b"=?utf-8?B?", b"?=", b'"',
        b"(", b"--b", b"--b--", b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: text/html; charset=utf-16\r\n", b"Content-Type: application/ms-tnef\r\n",
        b"\x78\x9f\x3e\x22", b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uue\r\n",
        b"Content-Disposition: attachment; filename*0*=x''%ff\r\n", b"begin 644 a\n", b"<p>", b"</p>", b"&#0;",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS | st.binary(max_size=30), max_size=40).map(b"".join))
@example(b"Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-")
@example(b"Content-Type: text/plain; name*0*=utf-16''%ff\r\n\r\nx")
def test_any_bytes_are_a_mail_or_refused_with_a_sentence(raw):
    try:
        inbound = parse(raw)
    except Unreadable as refusal:
        assert str(refusal)
        return
    everything = [inbound.text, inbound.html, inbound.subject, inbound.message_id, inbound.sender.name]
    everything += [file.name for file in inbound.attachments]
    for text in everything:
        text.encode()
    for file in inbound.attachments:
        assert file.name and not set(file.name) & set("/\\\r\n") and not file.name.startswith(".")
