"""Style sheets of a mail become style attributes, so that the sheets themselves can go.

Before css-inline sees a sheet it is reduced to plain selectors that match something and to harmless
declarations, and its whole cost is reckoned: a hostile sheet is cut where it would become expensive.
"""

import re
from collections import Counter
from collections.abc import Iterator

import css_inline

from pitcrew.kit.mail_html.css import applies, declarations, rules
from pitcrew.kit.mail_html.scan import Scanned, attributes

MOST_MATCHING = 4_000_000  # pairs of selector and element looked at
MOST_WRITTEN = 4_000_000  # characters of style attributes written
MOST_ELEMENTS = 20_000
_LONGEST_SELECTOR = 200
_MOST_STEPS = 8
_PSEUDO = re.compile(
    r":(?:first-child|last-child|nth-child\(\s*(?:odd|even|\d{1,3}n?(?:\s*\+\s*\d{1,3})?)\s*\))",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"""\[[\w-]+(?:[~|^$*]?=(?:"[^"\]]*"|'[^'\]]*'|[\w-]+))?\]""")
_PLAIN = re.compile(r"[\w\s.#>+*-]+")
_STEP = re.compile(r"[\s>+]+")
_NAME = re.compile(r"[.#]?[\w-]+")
_TAG = re.compile(r"<([a-z][a-z0-9]*)")
_CALLED = re.compile(r"""\b(class|id)[\t\n\f\r ]*=[\t\n\f\r ]*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_BOX_SAYS = frozenset(["align", "bgcolor", "class", "dir", "id", "lang", "style", "text"])
_AS_STYLE = {"bgcolor": "background-color", "text": "color"}
_ATTRIBUTES = r'((?: [^\s=>"]+="[^"]*")*)'
_INLINED = re.compile(
    rf"<!DOCTYPE html><html{_ATTRIBUTES}><head[^<]*></head><body{_ATTRIBUTES}>(.*)</body></html>\s*\Z",
    re.DOTALL,
)


def with_styles(mail: Scanned) -> str:
    """The mail as one fragment: every rule written where it applies, body and html as boxes around it."""
    html, body = _box(mail.html), _box(mail.body)
    if not mail.styles and (colour := attributes(mail.body).get("link")):
        mail.styles.append(("", f"a[href]{{color:{colour}}}"))
    document = f"<!DOCTYPE html><html{html}><head></head><body{body}>{mail.fragment}</body></html>"
    sheet = _affordable_sheet(mail.styles, document) if mail.styles else ""
    if sheet:
        try:
            whole = _INLINED.match(_inliner(sheet).inline(document))
        except ValueError:
            whole = None  # a sheet it cannot read: the mail is readable without
        if whole:
            html, body, fragment = whole.groups()
            return _boxed(html, _boxed(body, fragment))
    return _boxed(html, _boxed(body, mail.fragment))


def _inliner(sheet: str) -> css_inline.CSSInliner:
    return css_inline.CSSInliner(inline_style_tags=False, load_remote_stylesheets=False, extra_css=sheet)


def _box(rest: str) -> str:
    """What body or html say about looks, as attributes a box understands."""
    said = {name: value for name, value in attributes(rest).items() if name in _BOX_SAYS}
    look = [f"{name}:{said.pop(old)};" for old, name in _AS_STYLE.items() if old in said]
    if look:
        said["style"] = "".join(look) + said.get("style", "")
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in said.items())


def _boxed(box: str, fragment: str) -> str:
    return f"<div{box}>{fragment}</div>" if box else fragment


def _affordable_sheet(styles: list[tuple[str, str]], document: str) -> str:
    """The rules that match something, in order, as far as they cost no more than a mail may cost."""
    present = _present(document)
    if present["*"] > MOST_ELEMENTS:
        return ""
    looked = written = 0
    sheet: list[str] = []
    for selectors, said in _plain_rules(styles):
        for selector in selectors:
            matches = min(present[name] for name in _subject(selector))
            if not matches:
                continue
            looked += present["*"] * (1 + matches * (":nth" in selector))
            written += matches * len(said)
            if looked > MOST_MATCHING or written > MOST_WRITTEN:
                return "".join(sheet)
            sheet.append(f"{selector}{{{said}}}")
    return "".join(sheet)


def _plain_rules(styles: list[tuple[str, str]]) -> Iterator[tuple[list[str], str]]:
    for media, css in styles:
        if not applies(media):
            continue
        for selectors, body in rules(css):
            said = ";".join(f"{name}:{value}" for name, value in declarations(body, "!important").items())
            if said:
                yield [one for one in map(_plain, selectors.split(",")) if one], said


def _plain(selector: str) -> str:
    """The selector if it is one of the plain kinds that are quick to match, else nothing."""
    selector = selector.strip().replace(":link", "").replace(":LINK", "")
    if len(selector) > _LONGEST_SELECTOR or len(_STEP.split(selector)) > _MOST_STEPS:
        return ""
    return selector if _PLAIN.fullmatch(_bare(selector)) else ""


def _bare(selector: str) -> str:
    return _BRACKETS.sub("", _PSEUDO.sub("", selector)) or "*"


def _subject(selector: str) -> list[str]:
    """The names the matched element itself must bear."""
    bare = _bare(selector).strip()
    names = _NAME.findall(_STEP.split(bare)[-1])
    return [name if name[0] in ".#" else name.lower() for name in names] or ["*"]


def _present(document: str) -> Counter[str]:
    """How many elements bear a tag name, a .class or an #id; `*` counts all."""
    tags = _TAG.findall(document)
    present: Counter[str] = Counter(tags)
    present["*"] = len(tags)
    for kind, value in _CALLED.findall(document):
        mark = "." if kind.lower() == "class" else "#"
        present.update(mark + name for name in value.strip("\"'").split())
    return present
