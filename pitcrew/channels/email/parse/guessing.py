"""Which charset bytes are in when nobody says so, by the letters people write most."""

JAPANESE = "iso2022_jp_ext"
SAMPLE = 8_000
ESCAPES = {b"$@": "kanji", b"$B": "kanji", b"(B": "", b"(J": "", b"(I": "kana", b"$(D": "more kanji"}
FOREIGN = bytes(range(128, 256))
LETTERS = bytes([*range(65, 91), *range(97, 123)])


def likely(octets: bytes) -> str:
    """UTF-8 with a few broken letters stays UTF-8; mostly foreign letters are read as what they fit best."""
    sample = octets[:SAMPLE]
    shown = sample.decode("utf-8", "replace")
    broken = shown.count("\ufffd")
    if sum(1 for letter in shown if letter > "\x7f" and letter != "\ufffd") > broken:
        return "utf-8"
    foreign = sample.translate(None, bytes(range(128)))
    latin = len(sample) - len(sample.translate(None, LETTERS))
    if len(foreign) < 8 or len(foreign) < latin // 3:
        return "cp1252"
    return _eastern(sample) or _cyrillic(foreign) or "cp1252"


def _eastern(sample: bytes) -> str:
    """Chinese, Japanese or Korean: the codec whose text is mostly letters that are common there."""
    best, best_share = "", 0.6
    for codec in ("cp932", "euc_jp", "cp949", "gb18030", "big5"):
        text = sample.decode(codec, "replace")
        letters = [letter for letter in text if letter > "\x7f"]
        share = sum(_weight(letter, codec) for letter in letters) / max(1, len(letters))
        if share > best_share:
            best, best_share = codec, share
    return best


def _weight(letter: str, codec: str) -> float:
    if codec in ("cp932", "euc_jp") and "\u3041" <= letter <= "\u30ff":
        return 1.4
    if codec == "cp949":
        return 1.0 if "\uac00" <= letter <= "\ud7a3" else 0.0
    if "\uff61" <= letter <= "\uff9f" or letter == "\ufffd":
        return -1.0
    if "\u4e00" <= letter <= "\u9fff":
        return 0.9 if _is_common(letter, codec) else 0.2
    return 0.8 if "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uff60" else 0.0


def _is_common(letter: str, codec: str) -> bool:
    """The first level of the national sets holds the characters of daily use."""
    try:
        lead = letter.encode({"gb18030": "gb2312", "cp932": "euc_jp"}.get(codec, codec))[0]
    except UnicodeError:
        return False
    return (0xB0 <= lead <= 0xD7) if codec == "gb18030" else lead < (0xC9 if codec == "big5" else 0xD0)


def _cyrillic(foreign: bytes) -> str:
    """Small letters are most of a text: they lie high in windows-1251 and low in KOI8-R."""
    low = sum(1 for letter in foreign if 0xC0 <= letter <= 0xDF)
    high = sum(1 for letter in foreign if letter >= 0xE0)
    if (low + high) < 0.85 * len(foreign):
        return ""
    return "cp1251" if high >= low else "koi8-r"


def japanese(octets: bytes) -> str:
    """ISO-2022-JP as phones and Windows write it: with the letters of code page 932 (WHATWG Encoding, 12.2)."""
    first, *rest = octets.split(b"\x1b")
    out = [first.decode("ascii", "replace")]
    for piece in rest:
        escape = piece[:3] if piece[:2] == b"$(" else piece[:2]
        kind, run = ESCAPES.get(escape), piece[len(escape) :]
        if kind == "kanji":
            out.append(_shifted(run).decode("cp932", "replace"))
        elif kind == "kana":
            out.append(bytes(byte | 0x80 if byte > 32 else byte for byte in run).decode("cp932", "replace"))
        elif kind == "more kanji":
            out.append(_extended(run).decode("euc_jp", "replace"))
        else:
            out.append((run if kind == "" else piece).decode("ascii", "replace"))
    return "".join(out)


def _shifted(run: bytes) -> bytes:
    """JIS pairs as Shift JIS; a line break inside ends the kanji, as readers do (RFC 1468)."""
    out, at, end = bytearray(), 0, len(run)
    while at < end:
        high = run[at]
        low = run[at + 1] if at + 1 < end else 0
        if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):
            out.append(high)
            at += 1
            continue
        out.append(((high - 0x21) >> 1) + (0x81 if high < 0x5F else 0xC1))
        out.append(low + ((0x1F if low < 0x60 else 0x20) if high & 1 else 0x7E))
        at += 2
    return bytes(out)


def _extended(run: bytes) -> bytes:
    out = bytearray()
    for at in range(0, len(run) - 1, 2):
        out += b"\x8f" + bytes((run[at] | 0x80, run[at + 1] | 0x80))
    return bytes(out)
