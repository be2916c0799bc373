"""One part of a mail: a compat32 message whose look-ups are quick and cannot be made slow."""

from collections.abc import Callable, Iterator
from email._policybase import Compat32
from email.message import Message

from .charsets import decode
from .parameters import parameters
from .transfer import undone


class ReadableHeaders(Compat32):
    """compat32, but a header with raw 8-bit letters is read as text instead of becoming an object."""

    def header_fetch_parse(self, name, value):
        return value


POLICY = ReadableHeaders()


class Part(Message):
    """A mail or a part of one; asks like `email.message.Message` (compat32), header values are plain text.

    `children` are the parts directly inside; `octets` is the body of a leaf as it travelled;
    `hint` names a charset seen elsewhere in the mail.
    """

    def __init__(self) -> None:
        super().__init__(policy=POLICY)
        self.octets = b""
        self.children: list[Part] = []
        self._values: dict[str, list[str]] = {}
        self._parameters: dict[str, tuple[str, dict[str, str]]] = {}
        self._decoded: bytes | None = None
        self.hint: Callable[[], str] = str

    def fill(self, headers: list[tuple[str, str]]) -> None:
        """Take these headers; nothing is checked again."""
        self._headers = headers
        values: dict[str, list[str]] = {}
        for name, value in headers:
            values.setdefault(name.lower(), []).append(value)
        self._values = values

    def get(self, name, failobj=None):
        found = self._values.get(name.lower())
        return found[0] if found else failobj

    def __getitem__(self, name):
        return self.get(name)

    def __contains__(self, name):
        return name.lower() in self._values

    def get_all(self, name, failobj=None):
        found = self._values.get(name.lower())
        return list(found) if found else failobj

    def values_of(self, name: str) -> list[str]:
        """All values of a header, top first; an empty list if there is none."""
        return self._values.get(name, [])

    def with_parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """A header's value and its parameters."""
        if name not in self._parameters:
            self._parameters[name] = parameters(self.get(name, ""))
        return self._parameters[name]

    def get_content_type(self) -> str:
        main, _ = self.with_parameters("content-type")
        if main.count("/") == 1 and main[0] != "/":
            return main
        return _guessed_type(main) if main else self.get_default_type()

    def get_param(self, param, failobj=None, header="content-type", unquote=True):
        return self.with_parameters(header.lower())[1].get(param.lower(), failobj)

    def get_params(self, failobj=None, header="content-type", unquote=True):
        if header not in self:
            return failobj
        main, pairs = self.with_parameters(header.lower())
        return [(main, ""), *pairs.items()]

    def get_boundary(self, failobj=None):
        return self.get_param("boundary", failobj)

    def get_content_charset(self, failobj=None):
        return self.get_param("charset", failobj)

    def get_content_disposition(self) -> str | None:
        return self.with_parameters("content-disposition")[0] or None

    def get_filename(self, failobj=None):
        return self.get_param("filename", None, "content-disposition") or self.get_param("name", failobj)

    def get_payload(self, i=None, decode=False):
        if self.children:
            return None if decode else (self.children if i is None else self.children[i])
        return self.content() if decode else self.octets.decode("ascii", "surrogateescape")

    def content(self) -> bytes:
        """The body of a leaf with its transfer encoding undone."""
        if self._decoded is None:
            encoding = _first_word(self.get("content-transfer-encoding", ""))
            self._decoded = undone(self.octets, encoding)
        return self._decoded

    def replace(self, content: bytes) -> None:
        """Put other content in place of a leaf's."""
        self._decoded = content

    def text(self, oddities: list[str] | None = None) -> str:
        """The body of a leaf as words."""
        return self.words(self.get_content_charset("") or "", oddities)

    def words(self, label: str, oddities: list[str] | None = None) -> str:
        """The body of a leaf, read in this charset if that holds."""
        content = self.content()
        return decode(content, label, oddities, "" if content.isascii() else self.hint())

    def is_multipart(self) -> bool:
        return bool(self.children)

    def walk(self) -> Iterator["Part"]:  # type: ignore[override]
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


def _first_word(value: str) -> str:
    words = value.replace(";", " ").split(None, 1)
    return words[0].strip("\"'").lower() if words else ""


def _guessed_type(main: str) -> str:
    """A type without its second half: `text` is plain text, `multipart` is mixed, else unknown bytes."""
    return {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(
        main.strip("/"), "text/plain" if "/" not in main else "application/octet-stream"
    )
