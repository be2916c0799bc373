"""S/MIME mail that is signed but not encrypted, with the words inside the signature (RFC 8551, RFC 5652)."""

KINDS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
SEQUENCE, CONTEXT = 0x30, 0xA0
OCTETS, OCTETS_IN_PIECES, END = 0x04, 0x24, b"\0\0"
MAX_PIECES = 200_000
MAX_NESTING = 20


class NotSigned(ValueError):
    """The bytes are no signed content, or not whole."""


def signed_content(octets: bytes) -> bytes | None:
    """The mail inside an opaque signature; None if it is encrypted, something else, or broken.

    The signature is not checked. Reads the BER encoding of CMS SignedData from its beginning, each byte once.
    """
    try:
        at, _ = _enter(octets, 0, SEQUENCE)
        at = _expect(octets, at, SIGNED)
        at, _ = _enter(octets, at, CONTEXT)
        at, _ = _enter(octets, at, SEQUENCE)
        at = _skip(octets, at)
        at = _skip(octets, at)
        at, _ = _enter(octets, at, SEQUENCE)
        at = _expect(octets, at, DATA)
        at, _ = _enter(octets, at, CONTEXT)
        return _octets(octets, at)
    except (NotSigned, IndexError):
        return None


def _head(octets: bytes, at: int) -> tuple[int, int, int | None]:
    """Tag, start of the contents and their length; None for a length told by an end mark."""
    tag, first = octets[at], octets[at + 1]
    if first < 0x80:
        return tag, at + 2, first
    if first == 0x80:
        return tag, at + 2, None
    size = first & 0x7F
    if size > 4:
        raise NotSigned
    return tag, at + 2 + size, int.from_bytes(octets[at + 2 : at + 2 + size], "big")


def _enter(octets: bytes, at: int, wanted: int) -> tuple[int, int | None]:
    tag, start, length = _head(octets, at)
    if tag != wanted:
        raise NotSigned
    return start, length


def _expect(octets: bytes, at: int, name: bytes) -> int:
    if octets[at : at + len(name)] != name:
        raise NotSigned
    return at + len(name)


def _skip(octets: bytes, at: int, nesting: int = 0) -> int:
    _, start, length = _head(octets, at)
    if length is not None:
        return start + length
    if nesting > MAX_NESTING:
        raise NotSigned
    while octets[start : start + 2] != END:
        start = _skip(octets, start, nesting + 1)
    return start + 2


def _octets(octets: bytes, at: int) -> bytes:
    """An octet string, in one piece or in many."""
    tag, start, length = _head(octets, at)
    if tag == OCTETS and length is not None:
        return octets[start : start + length]
    if tag != OCTETS_IN_PIECES:
        raise NotSigned
    end = len(octets) if length is None else start + length
    pieces: list[bytes] = []
    while start < end and octets[start : start + 2] != END and len(pieces) < MAX_PIECES:
        tag, inner, size = _head(octets, start)
        if tag != OCTETS or size is None:
            raise NotSigned
        pieces.append(octets[inner : inner + size])
        start = inner + size
    return b"".join(pieces)
