"""Where the HTML of a mail says by its own marks that a quote begins."""

import re

from ..html_text import readable
from .strip import QUOTE_BELOW

_LONGEST = 1_000_000
_HINT = re.compile(
    r"""<(?:div|hr|span|table|p|blockquote)\b[^<>]{0,300}?(?:
    \bid\s?=\s?["']?(?:x_)?(?:divRplyFwdMsg|appendonsend|stopSpelling|OLK_SRC_BODY_SECTION|replySplit
    |mail-editor-reference-message-container)
    |\bclass\s?=\s?["']?(?:[\w-]{1,40}[ ]){0,3}
    (?:yahoo_quoted|gmail_attr|moz-cite-prefix|protonmail_quote|zmail_extra|tutanota_quote)\b
    |\bdata-marker\s?=\s?["']?__DIVIDER__
    |border-top:\s?solid[ ]\#(?:E1E1E1|B5C4DF)
    )""",
    re.I | re.X,
)
_BLOCKQUOTE = re.compile(r"<blockquote", re.I)


def with_quotes_marked(page: str, *, needed: bool) -> str:
    """The words of an HTML mail with a mark line where a quote begins; "" when it shows none.

    `needed` asks for the words in any case.
    """
    page = page[:_LONGEST]
    hint = _HINT.search(page)
    if not hint and not needed and not _BLOCKQUOTE.search(page):
        return ""
    if hint:
        page = page[: hint.start()] + f"<p>{QUOTE_BELOW}</p>" + page[hint.start() :]
    return readable(page)
