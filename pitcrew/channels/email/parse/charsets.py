"""Bytes to words: the charset a mail names, corrected where it is unknown, wrong or a lie."""

import codecs
import re
from functools import lru_cache

from .guessing import JAPANESE, japanese, likely

# What senders mean by these labels; after the WHATWG Encoding Standard, section 4.2.
MEANT = {
    "": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-8-mac": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "visual": "iso8859-8",
    "logical": "iso8859-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": JAPANESE,
    "iso-2022-jp-1": JAPANESE,
    "iso-2022-jp-2": "iso2022_jp_2",
    "cp50220": JAPANESE,
    "cp50221": JAPANESE,
    "x-euc-jp": "euc_jp",
    "big5": "cp950",
    "big-5": "cp950",
    "x-x-big5": "cp950",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "x-user-defined": "cp1252",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
}
# Codecs of Python that are no charsets of mail: they rewrite text, or cost more than linear time.
NOT_FOR_MAIL = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
ASCII_INSIDE = {"", "us-ascii", "ascii", "utf-8", "utf8", "iso-8859-1", "windows-1252"}
UNNAMED = {"unknown", "unknown-8bit", "x-unknown", "default", "none", "binary", "8bit", "7bit", "x-default"}
LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}\Z")
CODEPAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ms|ibm|x-cp)[-_]?(\d{3,5})\Z")
FALLBACKS = {"cp950": ("big5hkscs",), "euc_jp": ("euc_jis_2004",)}
WESTERN = {"cp1252", "iso8859-15", "mac_roman"}
SINGLE = ("cp125", "cp874", "iso8859", "koi8", "mac")
NOT_ASCII = bytes(range(128, 256))
HIDDEN_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")


@lru_cache(maxsize=512)
def codec_for(label: str) -> str | None:
    """Name of the Python codec a charset label stands for; None if nobody knows it."""
    label = label.strip().strip("\"'").lower().replace(" ", "")
    label = label.partition("*")[0]
    if label in UNNAMED:
        return "utf-8"
    if label in MEANT:
        return MEANT[label]
    if not LABEL.match(label):
        return None
    page = CODEPAGE.match(label)
    for name in (label, *([f"cp{page[1]}"] if page else ())):
        try:
            found = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if found._is_text_encoding and found.name.replace("-", "_") not in NOT_FOR_MAIL:
            return MEANT.get(found.name, found.name)
    return None


def decode(octets: bytes, label: str = "", oddities: list[str] | None = None, hint: str = "") -> str:
    """The words in these bytes, as the label says if it is true, else as they most likely were meant.

    Args: octets; label: charset as this part names it; oddities: takes a sentence if the label did not hold;
    hint: a charset named elsewhere in the same mail, for bytes that name none.
    """
    if octets.isascii() and b"\x1b" not in octets and label.lower() in ASCII_INSIDE:
        return octets.decode("ascii")
    if octets[:3] == b"\xef\xbb\xbf":
        octets, label = octets[3:], "utf-8"
    codec = codec_for(label)
    if codec and not _lies(octets, codec):
        text = strictly(octets, codec)
        if text is not None:
            return text
    guess = guessed(octets, codec or "", codec_for(hint) if hint else None)
    if oddities is not None and not (guess == "utf-8" and codec == "utf-8"):
        oddities.append(_sentence(label[:40], codec, guess))
    return japanese(octets) if guess == JAPANESE else octets.decode(guess, "replace")


def _sentence(label: str, codec: str | None, guess: str) -> str:
    guess = guess.replace("cp125", "windows-125").replace(JAPANESE, "iso-2022-jp")
    if not label:
        return f"no charset named, read as {guess}"
    if codec is None:
        return f"unknown charset {label}, read as {guess}"
    return f"charset {label} does not fit, read as {guess}"


def _lies(octets: bytes, codec: str) -> bool:
    """Whether bytes are UTF-8 or ISO-2022-JP under another name; other charsets hardly ever look like those."""
    if codec == JAPANESE:
        return False
    if codec in ("utf-8", "cp1252") and b"\x1b" in octets:
        return HIDDEN_ESCAPE.search(octets) is not None
    if codec == "utf-8" or octets.isascii():
        return False
    high = len(octets) - len(octets.translate(None, NOT_ASCII))
    needed = 2 if codec in WESTERN else 4 if codec.startswith(SINGLE) else 9
    return high >= needed and not codec.startswith("utf") and strictly(octets, "utf-8") is not None


def strictly(octets: bytes, codec: str) -> str | None:
    """The text if every byte is one of this codec, else None."""
    for name in (codec, *FALLBACKS.get(codec, ())):
        try:
            return octets.decode(name)
        except (UnicodeError, ValueError):
            continue
    return None


def guessed(octets: bytes, named: str = "", hinted: str | None = None) -> str:
    """The codec bytes were most likely written in, named or not."""
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if HIDDEN_ESCAPE.search(octets) and octets.isascii():
        return JAPANESE
    if strictly(octets, "utf-8") is not None:
        return "utf-8"
    for name in (named, hinted):
        if name and name not in ("utf-8", "utf-7", "ascii", JAPANESE) and (named or strictly(octets, name) is not None):
            return name
    return likely(octets)
