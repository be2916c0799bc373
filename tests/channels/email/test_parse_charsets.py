"""Bytes to words when the charset is unknown, missing, broken or a lie."""

import pytest

from pitcrew.channels.email.parse import parse
from pitcrew.channels.email.parse.charsets import codec_for, decode

RUSSIAN = "Добрый день, счёт оплачен полностью, благодарим вас за заказ."
JAPANESE = "こんにちは。ご注文の商品がまだ届きません。よろしくお願いします。"
CHINESE = "您好，我的订单还没有收到，请帮我查询一下，谢谢。"
KOREAN = "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다."


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“Größe” – 5 €"),
        ("gb2312", "gb18030", "镕 您好"),
        ("ks_c_5601-1987", "cp949", KOREAN),
        ("windows-31j", "cp932", "①② 注文"),
        ("x-sjis", "cp932", JAPANESE),
        ("unicode-1-1-utf-7", "utf-7", "Größe"),
        ("windows-874", "cp874", "สวัสดี"),
        ("CP-1251", "cp1251", RUSSIAN),
        ("'koi8-r'", "koi8-r", RUSSIAN),
        ("utf-16", "utf-16", "Größe"),
    ],
)
def test_labels_mean_what_senders_mean_by_them(label, codec, text):
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("utf-8", RUSSIAN),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("gb18030", CHINESE),
        ("cp949", KOREAN),
        ("cp1252", "Die Größe paßt nicht, das Geld hätte ich gern zurück."),
        ("utf-16", "Größe"),
    ],
)
@pytest.mark.parametrize("label", ["", "x-nobody-knows-this", "unknown-8bit"])
def test_a_charset_nobody_named_is_guessed_from_the_letters(codec, text, label):
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "koi8-r", "gb2312", "us-ascii"])
def test_utf8_under_another_name_is_read_as_utf8(label):
    assert decode(RUSSIAN.encode(), label) == RUSSIAN


def test_a_lie_is_told_in_a_sentence():
    oddities: list[str] = []
    decode(RUSSIAN.encode(), "iso-8859-1", oddities)
    decode(b"\xe4", "x-foo", oddities)
    assert oddities == [
        "charset iso-8859-1 does not fit, read as utf-8",
        "unknown charset x-foo, read as windows-1252",
    ]


def test_western_text_named_utf8_is_still_read():
    assert decode("Größe".encode("latin-1"), "utf-8") == "Größe"


def test_utf8_with_one_broken_letter_stays_utf8():
    assert decode(RUSSIAN.encode() + b"\xd0", "utf-8") == RUSSIAN + "\ufffd"


def test_japanese_of_phones_keeps_the_letters_only_windows_knows():
    assert decode(b"\x1b$B\x2d\x21\x24\x22y_\x1b(B ok", "iso-2022-jp") == "①あ﨏 ok"


@pytest.mark.parametrize(
    "label",
    ["idna", "punycode", "unicode_escape", "rot13", "base64", "../../etc/passwd", "a" * 9999, "undefined"],
)
def test_codecs_that_are_no_charsets_are_unknown(label):
    assert codec_for(label) is None


def test_text_without_a_charset_is_read_like_the_rest_of_the_mail():
    head = b"Subject: =?iso-8859-9?Q?=DE=FEk?=\r\nContent-Type: text/plain\r\n\r\n"
    assert parse(head + "bulunmaktadır şimdi".encode("iso-8859-9")).text == "bulunmaktadır şimdi"


def test_html_names_its_charset_itself_if_the_headers_do_not():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Да</p>'
    assert parse(b"Content-Type: text/html\r\n\r\n" + page.encode("cp1251")).text == "Да"
