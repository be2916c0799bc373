"""HTML mail made safe to show, and what our own composer writes made safe to send."""

import html as entities
import re
from collections.abc import Callable

import nh3

from pitcrew.kit.mail_html.css import safe_style
from pitcrew.kit.mail_html.scan import is_remote, scan
from pitcrew.kit.mail_html.sheets import with_styles
from pitcrew.kit.mail_html.words import (
    ATTRIBUTES,
    COMPOSED_ATTRIBUTES,
    COMPOSED_TAGS,
    STYLE,
    TAGS,
)

_LEADS_OUT = re.compile(r'<a(?: [a-z-]+="[^"]*")*? href="(?!#)[^"]*"(?: [a-z-]+="[^"]*")*')
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "cid", "data"}
_REL = "noopener noreferrer nofollow"
_LINK = re.compile(r"\s*(?:https?://|mailto:|tel:|sms:)|#[^\s\"<>]*\Z", re.IGNORECASE)
_INLINE_PICTURE = re.compile(
    r"\s*(?:cid:[^\x00-\x1f\"<>]+"
    r"|data:(?:image/(?!svg)[\w.+-]+|application/octet-stream)(?:;[\w.=-]+)*,[^\x00-\x08\"'<>\\]*)\s*",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"\s*[+-]?(\d{1,4})(?:\.\d*)?(?:px|%|\*)?\s*", re.IGNORECASE)
_MEASURES = frozenset(["border", "cellpadding", "cellspacing", "height", "hspace", "size", "vspace", "width"])
_SPANS = frozenset(["colspan", "rowspan", "span"])
_MOST_SPAN = 200
_INLINE_SOURCE = re.compile(r'(<img(?: [a-z-]+="[^"]*")*? src=")\s*cid:([^"]*)(?=")', re.IGNORECASE)

# What a mail paints stays inside its own box, whatever sizes and floats it uses.
_BOX = '<div class="mail-html" style="contain:content;overflow:auto">'


def sanitize(
    html: str,
    *,
    remote_pictures: bool = False,
    inline_pictures: Callable[[str], str | None] | None = None,
    keep_names: bool = False,
) -> str:
    """The mail as it looked, as a fragment that cannot act: no script, no requests, no forms, no overlay.

    All words and web, mail and phone links stay; pictures stay when they came with the mail (`cid:`,
    `data:`), those from elsewhere only with `remote_pictures`. `inline_pictures` tells the address that
    serves a Content-ID (without angle brackets), or None when there is no such part. `keep_names` lets links
    inside the mail find their places; only for a document of its own, where no name of ours can be taken.
    Never raises.
    """
    if html.startswith(_BOX):
        html = html.removeprefix(_BOX).removesuffix("</div>")
    cleaner = _CLEANERS[remote_pictures, keep_names]
    fragment = cleaner.clean(with_styles(scan(html, TAGS))).strip()
    fragment = _LEADS_OUT.sub(r'\g<0> target="_blank"', fragment)
    if inline_pictures is not None:
        fragment = _served(fragment, inline_pictures)
    return f"{_BOX}{fragment}</div>"


def count_remote_pictures(html: str) -> int:
    """How many pictures of this mail would have to be fetched from somewhere else to be seen."""
    return scan(html, TAGS).remote_pictures


def compose(html: str, *, own_pictures: str = "/attachments/") -> str:
    """What a colleague wrote in our composer, with only what it can write: no styles, no foreign pictures.

    Kept: emphasis, links, lists, quotes, code, headings, and pictures by `cid:` or from an address of ours
    that begins with `own_pictures`. Never raises.
    """
    fragment = _COMPOSED.clean(scan(html, COMPOSED_TAGS).fragment)
    fragment = _LEADS_OUT.sub(r'\g<0> target="_blank"', fragment)
    return _PICTURE.sub(lambda found: found[0] if _is_own(found[0], own_pictures) else "", fragment)


_PICTURE = re.compile(r'<img(?: [a-z-]+="[^"]*")*>')
_SOURCE = re.compile(r' src="([^"]*)"')


def _is_own(picture: str, own: str) -> bool:
    source = _SOURCE.search(picture)
    if source is None:
        return False
    address = entities.unescape(source[1])
    if address.lower().startswith("cid:"):
        return True
    return address.startswith(own) and ".." not in address and re.fullmatch(r"[\w./-]+", address) is not None


def _served(fragment: str, address_of: Callable[[str], str | None]) -> str:
    def replaced(found: re.Match[str]) -> str:
        address = address_of(entities.unescape(found[2]).strip())
        return found[1] + (entities.escape(address) if address else f"cid:{found[2]}")

    return _INLINE_SOURCE.sub(replaced, fragment)


def _attribute(remote_pictures: bool) -> Callable[[str, str, str], str | None]:
    def safe(tag: str, name: str, value: str) -> str | None:
        if name == "style":
            return safe_style(value, tag) or None
        if name == "href":
            return value if _LINK.match(value) else None
        if name == "src":
            shown = _INLINE_PICTURE.fullmatch(value) or (remote_pictures and is_remote(value))
            return value if shown else None
        return _measured(name, value)

    return safe


def _inside(address: str) -> str | None:
    """Of addresses without a scheme only places in the same mail: any other would lead into our own pages."""
    return address if address.startswith("#") else None


def _measured(name: str, value: str) -> str | None:
    """Sizes up to four digits, spans up to a screenful: a browser lays out what it is told."""
    if name in _MEASURES:
        return value if _MEASURE.fullmatch(value) or not value.strip() else None
    if name in _SPANS:
        return value if value.strip().isdecimal() and int(value.strip()[:9]) <= _MOST_SPAN else None
    return value if len(value) < 2_000 else None


def _composed_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.match(value) else None
    return value if name == "src" else _measured(name, value)


def _cleaner(remote_pictures: bool, keep_names: bool) -> nh3.Cleaner:
    attributes = dict(ATTRIBUTES)
    if keep_names:
        attributes["*"] = ATTRIBUTES["*"] | {"id"}
        attributes["a"] = ATTRIBUTES["a"] | {"name"}
    fixed = {"img": {"loading": "lazy", "referrerpolicy": "no-referrer"}} if remote_pictures else {}
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=attributes,
        attribute_filter=_attribute(remote_pictures),
        clean_content_tags={"script", "style"},
        filter_style_properties=set(STYLE),
        link_rel=_REL,
        set_tag_attribute_values=fixed,
        url_relative=_inside,
        url_schemes=_SCHEMES,
    )


_CLEANERS = {
    (remote_pictures, keep_names): _cleaner(remote_pictures, keep_names)
    for remote_pictures in (False, True)
    for keep_names in (False, True)
}
_COMPOSED = nh3.Cleaner(
    tags=set(COMPOSED_TAGS),
    attributes=COMPOSED_ATTRIBUTES,
    attribute_filter=_composed_attribute,
    clean_content_tags={"script", "style"},
    link_rel=_REL,
    url_relative="pass_through",
    url_schemes={"http", "https", "mailto", "tel", "sms", "cid"},
)
