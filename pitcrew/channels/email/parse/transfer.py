"""Content-Transfer-Encoding undone, however badly it was done (RFC 2045 section 6; uuencode; yEnc)."""

import binascii
import re

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
NOT_BASE64 = bytes(set(range(256)) - set(ALPHABET))
URL_SAFE = bytes.maketrans(b"-_", b"+/")
UU_BEGIN = re.compile(rb"^begin (?:[0-7]{3,4}) ([^\r\n]{1,255})\r?\n", re.M)
BETWEEN_WORDS = re.compile(rb"[^\s=] {1,2}[^\s=]")
UU_NAMES = ("x-uuencode", "uuencode", "x-uue", "uue")
MOST_PIECES = 1_000


def undone(octets: bytes, encoding: str) -> bytes:
    """The content as it was before it was wrapped for travel; unknown wrappings stay as they are."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return base64(octets)
    if encoding == "quoted-printable":
        return quoted_printable(octets)
    if encoding in UU_NAMES:
        return uuencoded(octets)
    return octets


def base64(octets: bytes) -> bytes:
    """Base64 without the foreign signs, the lost padding and the text somebody put behind it."""
    octets = _without_footer(octets)
    if _is_plain(octets):
        return octets
    if b"-" in octets or b"_" in octets:
        octets = octets.translate(URL_SAFE)
    end = octets.find(b"=")
    if end < 0 or not octets[end : end + 1000].strip(b"=\r\n \t"):
        # As it should be: nothing but white space to leave out, which costs no copy of a large file.
        try:
            return binascii.a2b_base64(octets)
        except binascii.Error:
            pass
    clean = octets.translate(None, NOT_BASE64)
    padding = clean.find(b"=")
    if 0 <= padding < len(clean.rstrip(b"=")):
        pieces = [piece for piece in clean.split(b"=") if piece]
        if len(pieces) <= MOST_PIECES:
            return b"".join(_quads(piece) for piece in pieces)
    return _quads(clean.replace(b"=", b""))


def _is_plain(octets: bytes) -> bool:
    """Whether somebody said base64 and sent text: words have spaces between them, base64 has none."""
    head = octets[:4000]
    return b" " in head.strip() and len(BETWEEN_WORDS.findall(head)) > len(head) // 40


def _quads(letters: bytes) -> bytes:
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _without_footer(octets: bytes) -> bytes:
    """Mailing lists add plain text below base64; it starts behind an empty line and has spaces in it."""
    start = len(octets) - len(octets.lstrip())
    gap = octets.find(b"\n\n", start)
    crlf_gap = octets.find(b"\r\n\r\n", start)
    gap = min((at for at in (gap, crlf_gap) if at >= 0), default=-1)
    if gap >= 0 and b" " in octets[gap:].strip():
        return octets[:gap]
    return octets


def quoted_printable(octets: bytes) -> bytes:
    """Quoted-printable; signs that are no code stay as they stand."""
    return binascii.a2b_qp(octets)


def uuencoded(octets: bytes) -> bytes:
    """The first file in a uuencoded text; the text itself if there is none."""
    begin = UU_BEGIN.search(octets)
    if not begin:
        return octets
    end = octets.find(b"\nend", begin.end() - 1)
    return uu_lines(octets[begin.end() : end + 1 if end >= 0 else len(octets)])


def uu_lines(octets: bytes) -> bytes:
    """Decoded uuencode lines; a broken line is read as far as its length sign says, or left out."""
    out = []
    for line in octets.splitlines():
        if not line or line in (b"`", b"end"):
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            out.append(_short_uu(line))
    return b"".join(out)


def _short_uu(line: bytes) -> bytes:
    needed = (((line[0] - 32) & 63) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[:needed])
    except binascii.Error:
        return b""
