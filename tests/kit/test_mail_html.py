"""HTML mail is shown as it looked, and can do nothing."""

import html as entities
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitcrew.kit.mail_html import (
    FRAME_CSP,
    FRAME_CSP_WITH_REMOTE_PICTURES,
    FRAME_SANDBOX,
    compose,
    count_remote_pictures,
    frame,
    sanitize,
)
from pitcrew.kit.mail_html.css import applies, rules, safe_style
from pitcrew.kit.mail_html.nesting import DEEPEST
from pitcrew.kit.mail_html.words import ATTRIBUTES, STYLE, TAGS, VOID

DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
ADDED = {"rel", "target"}


class Read(HTMLParser):
    """What a page would find in cleaned HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.deepest, self.depth, self.text = [], 0, 0, ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        self.depth -= tag not in VOID

    def handle_data(self, data):
        self.text += data


def inner(html):
    """The cleaned mail without the box around it."""
    cleaned = sanitize(html)
    assert cleaned.startswith('<div class="mail-html"') and cleaned.endswith("</div>")
    return cleaned[cleaned.index(">") + 1 : -len("</div>")]


def assert_cannot_act(fragment):
    for tag, attributes in Read(fragment).tags:
        assert tag in TAGS
        for name, value in attributes.items():
            assert name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | ADDED
            if name == "href":
                assert re.match(r"\s*(https?://|mailto:|tel:|sms:)|#", value, re.I)
            if name == "src":
                assert re.match(r"\s*(cid:|data:image/(?!svg))", value, re.I)
            if name == "style":
                assert {part.partition(":")[0].strip() for part in value.split(";")} <= STYLE
                assert not re.search(r"url|expression|@|\\|position|<|script", value, re.I)


HOSTILE = [
    "<script>go()</script>",
    "<scr<script>ipt>go()</scr</script>ipt>",
    '<img src=x onerror="go()">',
    "<svg onload=go()><script>go()</script></svg>",
    "<svg><style><img src=x onerror=go()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=go()&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=go()>",
    "<svg><![CDATA[><img src=x onerror=go()>]]></svg>",
    "<noscript><p title='</noscript><img src=x onerror=go()>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=go()>'></textarea>",
    "<template><img src=x onerror=go()></template>",
    "<!--><img src=x onerror=go()>-->",
    "<a href=' java\tscript:go()'>x</a>",
    "<a href='&#106;avascript:go()'>x</a>",
    "<a href='data:text/html,<script>go()</script>'>x</a>",
    "<a href='vbscript:go()'>x</a>",
    "<a href='http:logout'>x</a>",
    "<a href='//elsewhere.example'>x</a>",
    "<a href='/settings/delete'>x</a>",
    "<a href='https://e.example' ping='https://p.example' download target=_top>x</a>",
    "<base href='https://e.example'><meta http-equiv=refresh content='0;url=https://e.example'>",
    "<iframe srcdoc='<script>go()</script>'></iframe><object data=x></object><embed src=x>",
    "<link rel=stylesheet href='https://e.example/x.css'><style>@import 'https://e.example/x.css';</style>",
    "<img srcset='https://e.example/1.png 2x' src='https://e.example/1.png'>",
    "<picture><source srcset='https://e.example/1.png'><img src='/own.png'></picture>",
    "<table background='https://e.example/1.png'><tr><td background='//e.example/2.png'>x</table>",
    "<video poster='https://e.example/1.png' src='https://e.example/1.mp4'></video>",
    "<img src='data:image/svg+xml;base64,PHN2Zz48L3N2Zz4='>",
    "<input type=image src='https://e.example/1.png'><button formaction=javascript:go()>x</button>",
    "<p style='background:url(https://e.example/1.png)'>x",
    "<p style='background:\\75 rl(https://e.example/1.png)'>x",
    "<p style='background:u/**/rl(https://e.example/1.png)'>x",
    "<p style='background:image-set(\"https://e.example/1.png\" 1x)'>x",
    "<p style='width:expression(go())'>x",
    "<p style='-moz-binding:url(x);behavior:url(x)'>x",
    "<p style='color:red;}*{color:blue'>x",
    "<style>p{background:url(https://e.example/1.png)}</style><p>x",
    "<style>*{position:fixed;inset:0;z-index:99999}</style><p>x",
    "<style><!--</style><script>go()</script>-->",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%'>x</div>",
    "<div style='margin:-500px 0 0 -500px;transform:scale(99);box-shadow:0 0 0 9999px red'>x</div>",
    "<div id=csrf name=csrf class='toolbar btn'>x</div>",
    "<form action='https://e.example'><input name=password><select><option>x</select></form>",
    "<body onload=go() background='https://e.example/1.png' style='position:fixed'>x",
    '<html style="background:url(https://e.example/1.png)"><body>x',
    "<p title='\"><script>go()</script>'>x",
    "<x-y is=z onclick=go()>x</x-y><marquee onstart=go()>x</marquee><frameset><frame src=x></frameset>",
    "\ud800<p>\x00<scr\x00ipt>go()</scr\x00ipt>",
    '<div class="mail-html" style="contain:content;overflow:auto" onclick=go()><script>go()</script></div>',
]


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_cannot_act_in_a_mail_or_in_what_we_write(html):
    assert_cannot_act(inner(html))
    assert_cannot_act(compose(html))


@pytest.mark.parametrize("html", HOSTILE)
def test_cleaning_twice_changes_nothing_more(html):
    assert sanitize(sanitize(html)) == sanitize(html)
    assert compose(compose(html)) == compose(html)


PIECES = """<p> </p> <b> </b> <div> </div> <table> <tr> <td> </td> </table> <a href=" "> ' " = > < <!-- -->
    <style> </style> p{color:red} <script> </script> <svg> <math> </svg> <textarea> </textarea> <img src= cid:x style="
    onerror=
    javascript: url( \\75 & &lt; &#x6a; <body bgcolor=red> </body> <span <h1> </h1> <li> <plaintext> x \x00 \ud800
    <![CDATA[ ]]> <? <title> <select> <option> <font size=2> </font> @media{ } /* */"""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=25).map("".join) | st.text())
def test_no_html_raises_or_acts_however_broken(html):
    assert_cannot_act(inner(html))
    assert_cannot_act(inner(sanitize(html)))
    assert_cannot_act(compose(html))
    assert count_remote_pictures(html) >= 0
    assert frame(html).startswith("<!DOCTYPE html>")


NESTING = "a b blockquote caption dd div font form h1 h2 li ol p span table td th tr ul"
NESTED = st.lists(
    st.builds(
        "<{}{}>".format,
        st.sampled_from(["", "", "/"]),
        st.sampled_from(NESTING.split()),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(NESTED)
def test_no_pattern_of_tags_nests_deeper_than_a_browser_likes(pattern):
    text = "x" + "".join(pattern)
    fragment = inner(text * 600)
    assert Read(fragment).deepest <= 2 * DEEPEST + 10
    assert Read(fragment).text.count("x") == 600


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "words",
        "<blockquote>words" * 20_000,
        "<b><i><font size=1><p>" * 10_000 + "words",
        "".join(f"<p><font size={n}>words" for n in range(20_000)),
        "<table><tr><td>" * 20_000 + "words",
        "<a href=https://e.example>words" * 20_000,
        "words<a " + " ".join(f"a{n}" for n in range(100_000)) + ">",
        "words" + "<!--" * 200_000,
        "words<style>" + "*{color:red}" * 400_000 + "</style>",
        "<style>*{" + "color:red;" * 20_000 + "}</style>" + "<p>words" * 15_000,
        "<style>" + "p:nth-child(2n){color:red}" * 9_000 + "</style>" + "<p>words" * 15_000,
        "words" + "&" * 500_000,
        "words" + "<" * 500_000,
        "words &#" + "9" * 500_000 + ";",
        f'words<img src="{DOT}{"A" * 5_000_000}">',
    ],
    ids=lambda html: html[:24],
)
def test_a_mail_made_to_exhaust_us_is_shown_as_words(html):
    fragment = inner(html)
    assert "words" in fragment
    assert len(fragment) < 8 * len(html)


def test_links_beyond_the_depth_stay_links():
    fragment = inner("<div>" * 5_000 + '<a href="https://e.example/x">here</a> and on')
    assert '<a href="https://e.example/x"' in fragment
    assert "and on" in fragment


def test_style_sheets_are_written_where_they_apply():
    fragment = inner("<style>p.lead, td { color: #123456 }</style><p class=lead>a</p><p>b</p>")
    assert '<p style="color:#123456">a</p><p>b</p>' in fragment


def test_an_own_style_wins_over_the_sheet_and_an_important_rule_over_that():
    own = inner("<style>p{color:red}</style><p style='color:blue'>x</p>")
    important = inner("<style>p{color:red !important}</style><p style='color:blue'>x</p>")
    assert "blue" in own and "red" not in own
    assert "red" in important and "blue" not in important


def test_rules_for_the_screen_count_and_rules_for_print_and_phones_do_not():
    css = """@media print {p{color:red}} @media screen and (min-width: 480px) {a{color:green}}
    @media (max-width:600px){b{color:red}} @font-face{font-family:x;src:url(y)} i{color:blue}"""
    assert [selector for selector, _ in rules(css)] == ["a", "i"]
    assert applies("") and applies("screen, print") and not applies("(orientation: portrait)")


def test_a_broken_sheet_leaves_the_mail_readable():
    assert "hello" in inner("<style>}}{{ p{ @media (((( </style><p>hello</p>")


def test_body_and_html_keep_their_look_as_boxes():
    fragment = inner('<html><body bgcolor="#eeeeee" text="navy" style="font-family:Arial">hi</body></html>')
    assert '<div style="background-color:#eeeeee;color:navy;font-family:Arial">hi</div>' in fragment


def test_old_attributes_and_words_in_unknown_tags_stay():
    html = "<center><font color=red face=Arial size=4>a</font></center><td-x>b</td-x><o:p>c</o:p>"
    assert inner(html) == '<center><font color="red" face="Arial" size="4">a</font></center>bc'


def test_pictures_that_came_with_the_mail_stay_and_others_are_counted():
    html = f"<img src='cid:a@b'><img src='{DOT}'><img src='https://e.example/1.png' alt=Logo><img src=//e/2>"
    fragment = inner(html)
    assert fragment.count("src=") == 2
    assert 'alt="Logo"' in fragment
    assert count_remote_pictures(html) == 2


def test_pictures_from_elsewhere_are_loaded_only_when_asked():
    fragment = sanitize("<img src='https://e.example/1.png'>", remote_pictures=True)
    assert 'src="https://e.example/1.png"' in fragment
    assert 'referrerpolicy="no-referrer"' in fragment
    assert "src=" not in sanitize("<img src='https://e.example/1.png'>")


def test_inline_pictures_get_the_address_we_serve_them_at():
    pages = {"a b@c": "/files/7?x=1&y=2"}
    html = "<img alt='src=\"cid:no\"' src='CID:a b@c'><img src=cid:unknown>"
    fragment = sanitize(html, inline_pictures=pages.get)
    assert 'src="/files/7?x=1&amp;y=2"' in fragment
    assert 'src="cid:unknown"' in fragment


def test_links_open_elsewhere_and_places_in_the_mail_stay_inside():
    assert inner("<a href='mailto:a@b.example'>x</a>") == (
        '<a href="mailto:a@b.example" rel="noopener noreferrer nofollow" target="_blank">x</a>'
    )
    assert "target" not in inner("<a href='#part'>x</a><p id=part>y")
    assert "id=" not in inner("<p id=part>y")
    assert 'id="part"' in frame("<a href='#part'>x</a><p id=part>y")


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red;POSITION:absolute", "color:red"),
        ("margin:-5px auto 0 -1em", "margin:0 auto 0 0"),
        ("background:#fff url(x.png) no-repeat", "background:#fff no-repeat"),
        ("font-family:\\5FAE\\8F6F, 'A-1 B'", "font-family:微软, 'A-1 B'"),
        ("font-family:\\22 x", ""),
        ("width:99999px", ""),
        ("width:calc(100% + 100px)", ""),
        ("color:rgb(1, 2, 3)", "color:rgb(1, 2, 3)"),
        ("color:var(--x)", ""),
        ("height:0", "min-height:0"),
        ("max-height:0;overflow:hidden", "max-height:0;overflow:hidden"),
        ("overflow:visible", ""),
        ("display:none", "display:none"),
        ("display:contents", ""),
        ("letter-spacing:-.5px", "letter-spacing:-.5px"),
        ("letter-spacing:-500px", ""),
        ("color:red !important;color:blue", "color:red"),
        ("margin-top:5px;margin:0", "margin-top:5px;margin:0"),
        ("color:'red", ""),
    ],
)
def test_a_style_may_only_change_how_its_own_box_looks(style, kept):
    assert safe_style(style, "p") == kept


def test_sizes_are_bounded():
    html = "<table width=99999 border=99999><tr><td colspan=65534 width='50%'>x</table>"
    assert inner(html) == '<table><tbody><tr><td width="50%">x</td></tr></tbody></table>'


def test_a_frame_is_a_whole_document_with_its_own_rules():
    document = frame("<script>go()</script><p>hi")
    assert "<p>hi</p>" in document and "go()" not in document
    assert "default-src &#x27;none&#x27;" in document or "default-src 'none'" in document
    assert "https:" not in FRAME_CSP and "https:" in FRAME_CSP_WITH_REMOTE_PICTURES
    assert "allow-scripts" not in FRAME_SANDBOX and FRAME_SANDBOX in FRAME_CSP
    assert "img-src 'self' data: https: http:" in frame("x", remote_pictures=True)


def test_what_our_composer_writes_stays():
    html = (
        "<div><strong>a</strong> <em>b</em> <del>c</del><br></div><ul><li>d</li></ul><ol><li>e</li></ol>"
        "<blockquote>f</blockquote><pre>g</pre><h1>h</h1>"
    )
    assert compose(html) == html


def test_what_our_composer_cannot_write_goes_but_its_words_stay():
    html = "<table><tr><td style='color:red' class=x>a</td></tr></table><font color=red>b</font><p style=x>c</p>"
    assert compose(html) == "ab<p>c</p>"


def test_our_composer_shows_only_pictures_of_ours():
    kept = compose("<img src='cid:a@b'><img src='/attachments/7/logo.png' alt=Logo>")
    assert kept == '<img src="cid:a@b"><img src="/attachments/7/logo.png" alt="Logo">'
    for other in ("https://e.example/1.png", "//e.example/1.png", "/logout", "/attachments/../logout", DOT):
        assert compose(f"a<img src='{other}'>b") == "ab"
    assert compose("<img src='/files/1.png'>", own_pictures="/files/") == '<img src="/files/1.png">'


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_every_word_of_a_plain_text_comes_through(text):
    assert entities.unescape(inner(entities.escape(text))).strip() == text.strip()


def test_the_link_colour_of_an_old_body_reaches_links_but_not_anchors():
    fragment = inner("<body link='#0563C1'><a href='https://e.example'>x</a><a name=y>z</a>")
    assert fragment.startswith('<a href="https://e.example" style="color:#0563C1"')
    assert fragment.endswith('<a rel="noopener noreferrer nofollow">z</a>')


def test_a_sheet_that_would_write_too_much_is_cut_not_obeyed():
    sheet = "<style>" + "*{font-family:" + "a" * 390 + "}" + "p{color:red}</style>"
    fragment = inner(sheet + "<p>x" * 15_000)
    assert "style=" not in fragment
    assert fragment.count("<p>x</p>") == 15_000
