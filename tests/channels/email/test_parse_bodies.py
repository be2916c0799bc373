"""The words and the files of a mail."""

import base64
import binascii
import pickle
import struct

import pytest

from pitcrew.channels.email.parse import Inbound, parse
from pitcrew.channels.email.parse.html_text import readable
from pitcrew.channels.email.parse.names import safe_name


def mail(kind: str, *parts: str, head: str = "") -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    return f'From: a@b.example\r\n{head}Content-Type: {kind}; boundary="b"\r\n\r\n{body}'.encode()


def part(kind: str, body: str, head: str = "") -> str:
    return f"Content-Type: {kind}\r\n{head}\r\n{body}"


PLAIN, PAGE = part("text/plain", "plain words"), part("text/html", "<p>rich words</p>")
PICTURE = part("image/png; name=a.png", "YWJj", "Content-Transfer-Encoding: base64\r\nContent-ID: <pic@x>\r\n")


B64 = "Content-Transfer-Encoding: base64\r\n"


def files(inbound: Inbound) -> list[tuple[str, bytes]]:
    return [(file.name, file.content) for file in inbound.attachments]


def test_alternatives_are_one_text_and_one_page():
    inbound = parse(mail("multipart/alternative", PLAIN, PAGE))
    assert (inbound.text, inbound.html) == ("plain words", "<p>rich words</p>")


def test_a_page_alone_is_readable_as_text():
    assert parse(mail("multipart/alternative", PAGE)).text == "rich words"


def test_words_around_a_page_are_in_both_forms():
    inbound = parse(mail("multipart/mixed", PLAIN, PAGE, part("text/plain", "a footer <b>")))
    assert inbound.text == "plain words\nrich words\na footer <b>"
    assert "plain words" in inbound.html and "rich words" in inbound.html and "a footer &lt;b&gt;" in inbound.html


def test_a_picture_of_the_page_is_inline_and_known_by_its_id():
    inbound = parse(mail("multipart/related", part("text/html", '<img src="cid:pic@x">'), PICTURE))
    (picture,) = inbound.attachments
    assert (picture.name, picture.content, picture.content_id, picture.inline) == ("a.png", b"abc", "pic@x", True)


def test_a_text_with_a_file_name_is_a_file():
    note = part("text/plain; name=notes.txt", "notes")
    inbound = parse(mail("multipart/mixed", PLAIN, note))
    assert (inbound.text, files(inbound)) == ("plain words", [("notes.txt", b"notes")])


def test_a_mail_whose_only_text_has_a_name_is_read_all_the_same():
    inbound = parse(mail("multipart/mixed", part("text/plain; name=mail.txt", "hello"), PICTURE))
    assert (inbound.text, [file.name for file in inbound.attachments]) == ("hello", ["mail.txt", "a.png"])


def test_a_mail_in_a_mail_is_a_file_named_after_its_subject():
    inner = part("message/rfc822", "Subject: Broken =?utf-8?Q?l=C3=A4mp?=\r\n\r\ninner")
    inbound = parse(mail("multipart/mixed", PLAIN, inner))
    (file,) = inbound.attachments
    assert (file.name, file.content_type) == ("Broken lämp.eml", "message/rfc822")
    assert b"inner" in file.content and "inner" not in inbound.text


def test_a_mail_that_holds_only_a_mail_is_a_forward_of_it():
    inner = part("message/rfc822", "From: Ann <ann@c.example>\r\nSubject: Lamp\r\n\r\nIt is broken.")
    inbound = parse(mail("multipart/mixed", inner))
    assert inbound.text == "It is broken."
    assert inbound.forwarded and inbound.forwarded.sender
    assert (inbound.forwarded.sender.email, inbound.forwarded.subject) == ("ann@c.example", "Lamp")


def test_a_mail_in_base64_is_opened_too():
    inner = base64.b64encode(b"Subject: deep\r\n\r\ninner").decode()
    inbound = parse(mail("multipart/mixed", PLAIN, part("message/rfc822", inner, B64)))
    assert files(inbound) == [("deep.eml", b"Subject: deep\r\n\r\ninner")]


def test_a_broken_transfer_encoding_loses_no_words():
    assert parse(mail("multipart/mixed", part("text/plain", "these are words and no code", B64))).text == (
        "these are words and no code"
    )
    assert parse(mail("multipart/mixed", part("text/plain", "aGVsbG8", B64))).text == "hello"
    assert parse(mail("multipart/mixed", part("text/plain", "aGVs*bG8=\r\nIHlvdQ==", B64))).text == "hello you"
    quoted = part("text/plain", "caf=e9 =zz =", "Content-Transfer-Encoding: quoted-printable\r\n")
    assert parse(mail("multipart/mixed", quoted)).text == "café =zz "


def test_a_list_footer_below_base64_does_not_spoil_the_file():
    code = "YWJj\r\n\r\n_______\r\nthe list of lamps\r\n"
    inbound = parse(mail("multipart/mixed", part("image/png; name=a.png", code, B64)))
    assert files(inbound) == [("a.png", b"abc")]


def test_flowed_lines_flow_and_quotes_stay():
    flowed = part("text/plain; format=flowed", "one \r\ntwo\r\n> a \r\n> b\r\n From here\r\n-- \r\nAnn")
    assert parse(mail("multipart/mixed", flowed)).text == "one two\n> a \n> b\nFrom here\n-- \nAnn"


def test_uuencoded_files_are_taken_out_of_the_text():
    coded = binascii.b2a_uu(b"hello world").decode().strip("\n")
    inbound = parse(f"\r\nbefore\r\nbegin 644 ../a b.txt\r\n{coded}\r\n`\r\nend\r\nafter".encode())
    assert inbound.text == "before\nafter"
    assert files(inbound) == [("a b.txt", b"hello world")]


def test_begin_in_a_sentence_begins_no_file():
    text = "\nbegin 644 reasons to stay\nWe like it here, and so on.\n"
    assert parse(text.encode()).text.strip() == text.strip()


def test_yenc_files_are_taken_out_of_the_text():
    coded = bytes((byte + 42) & 255 for byte in b"hello").replace(b"=", b"=}")
    raw = b"\r\nbefore\r\n=ybegin line=128 size=5 name=a.bin\r\n" + coded + b"\r\n=yend size=5\r\nafter"
    inbound = parse(raw)
    assert (inbound.text, files(inbound)) == ("before\nafter", [("a.bin", b"hello")])


def test_an_invitation_alone_is_told_in_words():
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20260302T100000\r\n"
        "SUMMARY:Lamp\\, repaired\r\n  today\r\nORGANIZER:mailto:ann@b.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    inbound = parse(mail("multipart/mixed", part("text/calendar; method=REQUEST", calendar)))
    assert inbound.text == "Invitation\nLamp, repaired today\n2026-03-02 10:00\nOrganizer: ann@b.example"
    assert inbound.attachments[0].name == "invitation.ics"


def attribute(level: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, kind, 0, len(value)) + value + b"\0\0"


def properties(*found: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(found))
    for kind, number, value in found:
        out += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out


def winmail() -> bytes:
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(1, 0x9007, struct.pack("<II", 1251, 0))
        + attribute(1, 0x9003, properties((0x1E, 0x1000, "Привет".encode("cp1251")), (0x102, 0x1013, b"<p>hi</p>")))
        + attribute(2, 0x9002, b"\0" * 14)
        + attribute(2, 0x8010, b"REPORT~1.TXT\0")
        + attribute(2, 0x800F, b"contents")
        + attribute(2, 0x9005, properties((0x1F, 0x3707, "Отчёт.txt".encode("utf-16-le"))))
    )


def test_winmail_dat_is_opened():
    code = base64.encodebytes(winmail()).decode().replace("\n", "\r\n")
    tnef = part("application/ms-tnef; name=winmail.dat", code, "Content-Transfer-Encoding: base64\r\n")
    inbound = parse(mail("multipart/mixed", tnef))
    assert (inbound.text, inbound.html) == ("Привет", "<p>hi</p>")
    assert files(inbound) == [("Отчёт.txt", b"contents")]


@pytest.mark.parametrize("cut", [4, 6, 12, 30, 60, 100, 140, 170])
def test_a_winmail_dat_cut_short_is_a_file_or_opened_as_far_as_it_goes(cut):
    code = base64.b64encode(winmail()[:cut]).decode()
    tnef = part("application/ms-tnef; name=winmail.dat", code, "Content-Transfer-Encoding: base64\r\n")
    inbound = parse(mail("multipart/mixed", tnef))
    assert inbound.attachments or inbound.text


def tlv(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return bytes((tag, 0x82)) + len(body).to_bytes(2, "big") + body


def signed(entity: bytes) -> bytes:
    octets = tlv(0x24, tlv(0x04, entity[:10]), tlv(0x04, entity[10:]))
    inner = tlv(0x30, bytes.fromhex("06092a864886f70d010701"), tlv(0xA0, octets))
    return tlv(
        0x30,
        bytes.fromhex("06092a864886f70d010702"),
        b"\xa0\x80" + tlv(0x30, b"\x02\x01\x01", b"\x31\x80\x30\x00\0\0", inner) + b"\0\0",
    )


def test_the_words_inside_an_opaque_signature_are_read():
    code = base64.encodebytes(signed(PAGE.encode())).decode()
    head = f"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n{B64}\r\n"
    inbound = parse((head + code).encode())
    assert inbound.text == "rich words"
    assert [file.name for file in inbound.attachments] == ["smime.p7m"]


@pytest.mark.parametrize("cut", range(0, 80, 3))
def test_a_broken_signature_is_a_file(cut):
    code = base64.b64encode(signed(PAGE.encode())[:cut] + b"x").decode()
    inbound = parse(f"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n{B64}\r\n{code}".encode())
    assert [file.name for file in inbound.attachments] == ["smime.p7m"]


@pytest.mark.parametrize(
    ("shown", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\lamp.png", "lamp.png"),
        ("/", "attachment"),
        ("..", "attachment"),
        (".htaccess", "htaccess"),
        ("bill 12/2026.pdf", "bill 12_2026.pdf"),
        ("a\r\nX-Evil: 1.txt", "a X-Evil: 1.txt"),
        ("a\0b.txt", "a b.txt"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("why? <b>.txt", "why? <b>.txt"),
        ("a" * 5000 + ".txt", "a" * 220 + ".txt"),
        ("Größe 1.pdf", "Größe 1.pdf"),
    ],
)
def test_names_of_files_are_never_paths_and_never_lie(shown, safe):
    assert safe_name(shown) == safe


def test_a_file_without_a_name_is_named_after_its_kind():
    assert safe_name("", "application/pdf") == "document.pdf"
    assert parse(b"Content-Type: application/pdf\r\n\r\nx").attachments[0].name == "document.pdf"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a  \n b&nbsp;&amp;&lt;", "a b &<"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ("<style>p{}</style><script>x<y</script><title>t</title>a<!-- no -->b", "ab"),
        ("a<!-- never closed", "a never closed"),
        ("a<style>never closed", "a"),
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ('<img alt="a lamp" src=x>', "a lamp"),
        ('<a title="1 > 0" href=x>a</a>', "a"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!--[if mso]>x<![endif]-->a", "a"),
        ("<![if !mso]>a<![endif]>", "a"),
        ("<p", ""),
    ],
)
def test_pages_are_readable_as_text(page, text):
    assert readable(page) == text


def test_a_reading_can_be_handed_to_another_process():
    inbound = parse(mail("multipart/mixed", PLAIN, PICTURE))
    assert pickle.loads(pickle.dumps(inbound)) == inbound


def test_the_reply_stands_beside_the_full_text():
    inbound = parse(
        b"Subject: Re: x\r\n\r\nIt came.\r\n\r\nOn Mon, Mar 2, 2026 at 9:00 AM A <a@b.example> wrote:\r\n> eh?\r\n"
    )
    assert inbound.reply == "It came."
    assert "eh?" in inbound.text and inbound.quoted


def test_thanks_with_a_file_is_more_than_thanks():
    assert parse(b"\r\nThank you!").is_only_thanks
    assert not parse(
        mail("multipart/mixed", part("text/plain", "Thank you!"), PICTURE.replace("Content-ID: <pic@x>\r\n", ""))
    ).is_only_thanks
