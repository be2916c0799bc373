"""A mail as a document of its own, for a sandboxed frame inside the conversation page."""

from collections.abc import Callable

from pitcrew.kit.mail_html.clean import sanitize

# allow-same-origin lets our page measure the frame's height and the browser send our cookie for inline
# pictures; with no allow-scripts there is nothing inside that could use it.
FRAME_SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"

_RULES = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:{remote}; "
    "form-action 'none'; base-uri 'none'"
)
_ONLY_AS_HEADER = f"; frame-ancestors 'self'; sandbox {FRAME_SANDBOX}"

FRAME_CSP = _RULES.format(remote="") + _ONLY_AS_HEADER
FRAME_CSP_WITH_REMOTE_PICTURES = _RULES.format(remote=" https: http:") + _ONLY_AS_HEADER

# A mail was written for white paper: it keeps a light ground in a dark desk.
_STYLE = """
:root{color-scheme:light}
html,body{margin:0;background:#fff}
body{padding:12px;color:#1b1d21;overflow-wrap:anywhere;
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
img{max-width:100%}
@media (max-width:600px){img{height:auto!important}}
a{color:#0b57d0}
pre{white-space:pre-wrap}
blockquote{margin:8px 0 8px 4px;padding-left:12px;border-left:3px solid #d5d8dd}
"""


def frame(
    html: str,
    *,
    remote_pictures: bool = False,
    inline_pictures: Callable[[str], str | None] | None = None,
) -> str:
    """The whole HTML document of one mail, safe to serve as the content of a sandboxed frame.

    Send it with `FRAME_CSP` as its Content-Security-Policy header (with `remote_pictures`:
    `FRAME_CSP_WITH_REMOTE_PICTURES`) and give the frame `sandbox=FRAME_SANDBOX`. Arguments as in `sanitize`.
    """
    rules = _RULES.format(remote=" https: http:" if remote_pictures else "")
    mail = sanitize(html, remote_pictures=remote_pictures, inline_pictures=inline_pictures, keep_names=True)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style></head><body>{mail}</body></html>"
    )
