"""The words and the files of a mail: which part is the text, which the HTML, which an attachment."""

import html
import re
from dataclasses import dataclass

from . import calendars, smime, tnef
from .enclosed import without_uuencoded, without_yenc
from .flowed import unfolded
from .headers import in_one_line
from .html_text import readable
from .inbound import Attachment
from .message import read
from .names import safe_name
from .part import Part

META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,10}=\s{0,10}[\"']?([\w.:-]{1,40})", re.I)
ENRICHED = re.compile(r"<(?:param>[^<]{0,200}</param|/?[a-zA-Z-]{1,40})>", re.I)
PLAIN = ("text/plain", "text/enriched", "text/richtext")
MAX_WRAPPINGS = 3
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


@dataclass(slots=True)
class Words:
    """Words of a mail in one or both forms, in the order in which they stand in it."""

    text: str | None = None
    html: str | None = None

    def as_text(self) -> str:
        """In plain form."""
        return readable(self.html or "") if self.text is None else self.text

    def as_html(self) -> str:
        """In HTML."""
        if self.html is not None:
            return self.html
        return f'<div style="white-space: pre-wrap">{html.escape(self.text or "")}</div>' if self.text else ""


class Bodies:
    """Goes through the parts of a mail once and sorts them into words and files."""

    def __init__(self, oddities: list[str]) -> None:
        self.attachments: list[Attachment] = []
        self.messages: list[Part] = []
        self.calendars: list[str] = []
        self.oddities = oddities
        self.unwrapped = 0
        self.named_texts: list[Part] = []

    def words(self, part: Part, parent: Part | None = None) -> Words | None:
        """The words of a part and all parts in it; its files go to `attachments`."""
        kind = part.get_content_type()
        if part.children and kind.startswith("multipart/"):
            found = [words for inner in part.children if (words := self.words(inner, part))]
            return _one_of(found) if kind == "multipart/alternative" else joined(found)
        if self._is_read_in_place(part, kind, parent):
            return self._leaf(part, kind)
        if kind in TNEF or part.get_filename("").lower() == "winmail.dat":
            opened = tnef.opened(part.content())
            if opened:
                return self._from_outlook(opened)
        self.attach(part, kind, parent)
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            self.named_texts.append(part)
        return self._from_signature(part) if kind in smime.KINDS else None

    def words_of_files(self) -> Words | None:
        """For a mail without words: those of its first text that has a file name, but is not sent as a file."""
        if not self.named_texts:
            return None
        return self._leaf(self.named_texts[0], self.named_texts[0].get_content_type())

    def _is_read_in_place(self, part: Part, kind: str, parent: Part | None) -> bool:
        if kind.startswith("multipart/"):
            return True
        if parent is None and kind.startswith("text/") and kind != "text/calendar":
            return True
        if kind != "text/html" and kind not in PLAIN:
            return False
        return part.get_content_disposition() != "attachment" and not part.get_filename()

    def _leaf(self, part: Part, kind: str) -> Words | None:
        if kind == "text/html":
            return Words(html=html_of(part, self.oddities))
        content, files = without_yenc(part.content())
        if files:
            part.replace(content)
        text = part.text(self.oddities)
        if kind != "text/plain" and kind in PLAIN:
            text = html.unescape(ENRICHED.sub("", text).replace("<<", "<"))
        if part.get_param("format", "").lower() == "flowed":
            text = unfolded(text, joined=part.get_param("delsp", "").lower() == "yes")
        text, more = without_uuencoded(text)
        for name, octets in files + more:
            self.attachments.append(Attachment(safe_name(name), "application/octet-stream", octets))
        return Words(text=text) if text.strip() else None

    def _from_signature(self, part: Part) -> Words | None:
        """The words a signature is wrapped around; the file stays, for whoever wants to check it."""
        content = smime.signed_content(part.content()) if self.unwrapped < MAX_WRAPPINGS else None
        if content is None:
            return None
        self.unwrapped += 1
        message, oddities = read(content)
        self.oddities.extend(oddities)
        return self.words(message, part)

    def _from_outlook(self, opened: tnef.Opened) -> Words | None:
        for file in opened.files:
            file.name = safe_name(file.name, file.content_type)
            self.attachments.append(file)
        if not opened.text and not opened.html:
            return None
        return Words(opened.text or None, opened.html or None)

    def attach(self, part: Part, kind: str, parent: Part | None) -> None:
        """Keep a part as a file."""
        content = part.content()
        shown = part.get_filename("")
        if not content and not shown:
            return
        if kind == "text/calendar":
            self.calendars.append(part.text())
        if kind.startswith("message/") and part.children:
            self.messages.append(part.children[0])
            shown = shown or _title(part.children[0])
        cid = part.get("content-id", "").strip().strip("<>").strip()[:998]
        related = parent is not None and parent.get_content_type() == "multipart/related"
        self.attachments.append(
            Attachment(
                name=safe_name(shown, kind),
                content_type=kind,
                content=content,
                content_id=cid,
                inline=part.get_content_disposition() == "inline" or (related and bool(cid)),
            )
        )


def joined(found: list[Words]) -> Words | None:
    """Words one after the other; in HTML as soon as one of them is, so that neither form lacks anything."""
    if len(found) < 2:
        return found[0] if found else None
    text = "\n".join(words.as_text() for words in found)
    if all(words.html is None for words in found):
        return Words(text=text)
    rich = "\n".join(words.as_html() for words in found)
    return Words(None if all(words.text is None for words in found) else text, rich)


def _one_of(found: list[Words]) -> Words | None:
    """Alternatives say the same: the plain one is the text, the rich one the HTML (RFC 2046 section 5.1.4)."""
    texts = [words.text for words in found if words.text is not None and words.html is None]
    texts = texts or [words.text for words in found if words.text is not None]
    rich = [words.html for words in found if words.html is not None]
    if not found:
        return None
    return Words("\n".join(dict.fromkeys(texts)) if texts else None, "\n".join(dict.fromkeys(rich)) if rich else None)


def html_of(part: Part, oddities: list[str]) -> str:
    """The HTML of a part; where its headers name no charset, its own <meta> does."""
    label = part.get_content_charset("") or ""
    if not label and not part.content().isascii():
        meta = META.search(part.content()[:4000])
        label = meta[1].decode("ascii", "replace") if meta else ""
    return part.words(label, oddities)


def _title(message: Part) -> str:
    subject = in_one_line(message.get("subject", "")).replace("/", "-").replace("\\", "-")[:100].strip()
    return f"{subject}.eml" if subject else ""


def in_words(found: list[str]) -> str:
    """The first calendar part that says anything, in words."""
    return next((said for calendar in found if (said := calendars.in_words(calendar))), "")
