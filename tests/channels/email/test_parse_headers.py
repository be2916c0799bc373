"""What headers say, however they were written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pitcrew.channels.email.parse import parse
from pitcrew.channels.email.parse.addresses import addresses
from pitcrew.channels.email.parse.encoded_words import decoded
from pitcrew.channels.email.parse.parameters import parameters


def people(value: str) -> list[tuple[str, str]]:
    return [(person.name, person.email) for person in addresses(value)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ann Lee <Ann@Shop.example>", [("Ann Lee", "ann@shop.example")]),
        ("ann@shop.example (Ann Lee)", [("Ann Lee", "ann@shop.example")]),
        ('"Lee, Ann" <a@b.example>, c@d.example', [("Lee, Ann", "a@b.example"), ("", "c@d.example")]),
        ("Lee, Ann <a@b.example>", [("Lee, Ann", "a@b.example")]),
        ("=?utf-8?Q?Lee=2C_Ann?= <a@b.example>", [("Lee, Ann", "a@b.example")]),
        ("=?utf-8?Q?Lee,_Ann?= <a@b.example>", [("Lee, Ann", "a@b.example")]),
        ("Crew: a@b.example, C <c@d.example>;", [("", "a@b.example"), ("C", "c@d.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("<@relay.example,@hub.example:a@b.example>", [("", "a@b.example")]),
        ("a(home)@b.example (the (nested) one)", [("home the nested one", "a@b.example")]),
        ("a @ b . example", [("", "a@b.example")]),
        ('"never closed <a@b.example>, c@d.example', [("never closed", "a@b.example"), ("", "c@d.example")]),
        ("<a@b.example", [("", "a@b.example")]),
        ("mailto:a@b.example", [("", "a@b.example")]),
        ('"x@y.example" <a@b.example>', [("x@y.example", "a@b.example")]),
        ("", []),
        (",,;<>", []),
    ],
)
def test_an_address_list_is_read_as_it_was_meant(written, read):
    assert people(written) == read


def test_a_list_of_too_many_addresses_keeps_the_first_and_says_so():
    everybody = b", ".join(b"a%d@b.example" % number for number in range(5000))
    inbound = parse(b"Cc: " + everybody + b"\r\n\r\nhello")
    assert len(inbound.cc) == 1000
    assert any("only the first are kept" in sentence for sentence in inbound.oddities)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?B?w6TDtsO8?=", "äöü"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "ä"),
        ("=?utf-8?B?w6TDt?= =?utf-8?B?sO8?=", "äöü"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?b?=\r\n =?utf-8?q?c?=", "bc"),
        ("=?iso-8859-1?q?=e4?= =?utf-8?q?=c3=a4?=", "ää"),
        ("=?utf-8?Q?with spaces in it?=", "with spaces in it"),
        ("=?utf-8?Q?what??=", "what?"),
        ("=?utf-8?Q?cut_of", "cut of"),
        ("=?iso-8859-1?Q?Gr\xf6\xdfe?=", "Größe"),
        ("=?no-such-set?Q?=E4?=", "ä"),
        ("=?utf-8*en?Q?tag?=", "tag"),
        ("=?utf-8?B?nnAD7rEjXRs=?=", "=?utf-8?B?nnAD7rEjXRs=?="),
        ("price =? and ?= end", "price =? and ?= end"),
    ],
)
def test_encoded_words_are_read_whole_split_and_broken(written, read):
    assert decoded(written) == read


@pytest.mark.parametrize(
    ("written", "name", "read"),
    [
        ('attachment; filename="a b.txt"', "filename", "a b.txt"),
        ("attachment; filename=a b.txt", "filename", "a b.txt"),
        ("attachment; filename*=utf-8''%e2%82%ac.txt", "filename", "€.txt"),
        ("attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac; filename*2=.txt", "filename", "€.txt"),
        ("attachment; filename*1=b; filename*0=a", "filename", "ab"),
        ('attachment; filename="=?utf-8?Q?=E2=82=AC?=.txt"', "filename", "€.txt"),
        (r'attachment; filename="say \"hi\".txt"', "filename", 'say "hi".txt'),
        ('attachment; filename="never closed.txt', "filename", "never closed.txt"),
        ("text/plain; charset = utf-8 ; x=y", "charset", "utf-8"),
        ("multipart/mixed; boundary=a=b", "boundary", "a=b"),
    ],
)
def test_parameters_are_read_in_every_way_they_are_written(written, name, read):
    assert parameters(written)[1][name] == read


def test_ids_lose_brackets_folds_and_nothing_else():
    inbound = parse(
        b"Message-ID:\r\n <one@\r\n\ta.example>\r\nIn-Reply-To: two@a.example\r\n"
        b"References: <x@a.example>\r\n\t<y@a.example><x@a.example>\r\n\r\nhello"
    )
    assert inbound.message_id == "one@a.example"
    assert inbound.in_reply_to == ["two@a.example"]
    assert inbound.references == ["x@a.example", "y@a.example", "x@a.example"]


def test_a_long_chain_of_references_keeps_the_first_and_the_latest():
    chain = b" ".join(b"<%d@a.example>" % number for number in range(2000))
    references = parse(b"References: " + chain + b"\r\n\r\nhello").references
    assert (len(references), references[0], references[-1]) == (500, "0@a.example", "1999@a.example")


def test_raw_letters_in_headers_are_read_in_the_charset_the_mail_names():
    raw = "Subject: Заказ\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\nЗаказ".encode("koi8-r")
    assert parse(raw).subject == "Заказ"
    assert parse("Subject: Größe\r\n\r\n".encode()).subject == "Größe"
    assert parse("Subject: Größe\r\n\r\n".encode("latin-1")).subject == "Größe"


def test_the_sender_is_from_else_sender_else_the_envelope():
    assert parse(b"From: a@b.example\r\nSender: c@d.example\r\n\r\n").sender.email == "a@b.example"
    assert parse(b"From: nobody:;\r\nSender: c@d.example\r\n\r\n").sender.email == "c@d.example"
    assert parse(b"Return-Path: <e@f.example>\r\n\r\n").sender.email == "e@f.example"
    assert parse(b"Subject: x\r\n\r\n").sender.email == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"Mon, 2 Mar 2026 10:00:00 +0100", datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))),
        (b"2 Mar 2026 10:00:00 -0000", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (b"Sun, 99 Foo 999999999 00:00:00 +0000", None),
        (b"yesterday", None),
        (b"9" * 5000, None),
    ],
)
def test_a_date_is_read_or_missing_but_never_wrong(written, read):
    assert parse(b"Date: " + written + b"\r\n\r\n").date == read


def test_where_the_mail_was_delivered_and_what_our_server_checked_is_kept():
    inbound = parse(
        b"Delivered-To: help@b.example\r\nX-Original-To: <Shop@b.example>\r\n"
        b"Authentication-Results: mx.b.example; dkim=pass\r\nAuthentication-Results: other; none\r\n\r\nhello"
    )
    assert inbound.delivered_to == ["help@b.example", "shop@b.example"]
    assert inbound.authentication == ["mx.b.example; dkim=pass", "other; none"]


def test_control_signs_never_reach_the_subject():
    assert parse(b"Subject: =?utf-8?Q?a=0D=0ABcc:_x=00=07b?=\r\n\r\n").subject == "a Bcc: xb"


@pytest.mark.parametrize(
    ("head", "sender", "doubt"),
    [
        (b"From: a@b.example\r\nFrom : c@d.example", "a@b.example", "2 From headers"),
        (b"From: a@b.example, c@d.example", "a@b.example", "2 senders"),
        (b"From: YUBiLmV4YW1wbGU=, <c@d.example>", "c@d.example", "2 senders"),
        (b'From: "boss@b.example" <c@d.example>', "c@d.example", "looks like an address, boss@b.example"),
    ],
)
def test_a_sender_who_may_not_be_the_one_shown_is_doubted(head, sender, doubt):
    inbound = parse(head + b"\r\n\r\nhello")
    assert inbound.sender.email == sender
    assert any(doubt in sentence for sentence in inbound.oddities)


def test_an_ordinary_sender_is_not_doubted():
    assert parse(b'From: "a@b.example" <a@b.example>\r\n\r\nhello').oddities == []


def test_names_and_subjects_keep_their_letters_as_they_are():
    odd = "\u202eabc\u00a0\u3000x\ufeff\U0001f469\u200d\U0001f4bb"
    inbound = parse(f"From: {odd}y <a@b.example>\r\nSubject: {odd}y\r\n\r\n".encode())
    assert (inbound.subject, inbound.sender.name) == (odd + "y", odd + "y")
