"""Words as a search engine should see them: the same on every database."""

import re
import unicodedata
from collections.abc import Iterator

# Scripts written without spaces: every sign is a word of its own, so that a part of a sentence can be found.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


_PLAIN = re.compile("[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words of a text in order, without case and accents."""
    return _PLAIN.findall(text.lower()) if text.isascii() else _WORD.findall(folded(text))


def folded(text: str) -> str:
    """A text without case and accents: Köln, KÖLN and Koln are one (Unicode TR15, TR21)."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def places(text: str) -> Iterator[re.Match[str]]:
    """Where the words of a text stand, in order."""
    return _WORD.finditer(text)
