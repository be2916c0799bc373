"""What HTML mail may be made of: elements, attributes and style properties that can show but not act.

Everything that is not named here is taken away. Nothing here can run, load, send, move or cover.
"""


def names(words: str) -> frozenset[str]:
    """The words of a text as a set of names."""
    return frozenset(words.split())


VOID = frozenset(["br", "col", "hr", "img", "wbr"])

FORMATTING = names("a b big code em font i s small strike strong tt u")

INLINE = names("abbr acronym bdi bdo cite del dfn ins kbd mark q rp rt ruby samp span sub sup time var")

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

BLOCKS = HEADINGS | names("""
    address article aside blockquote center dd details dir div dl dt figcaption figure footer header
    li main menu nav ol p pre section summary table ul""")

TABLE_PARTS = names("caption col colgroup tbody td tfoot th thead tr")

TAGS = VOID | FORMATTING | INLINE | BLOCKS | TABLE_PARTS

# A tag that is only a box or a label keeps its box under a name that cannot act.
RENAMED = {
    "button": "span",
    "dialog": "div",
    "fieldset": "div",
    "form": "div",
    "hgroup": "div",
    "image": "img",
    "label": "span",
    "legend": "div",
    "listing": "pre",
    "option": "div",
    "search": "div",
}

# Their content is not meant for the reader (or, in a title, already stands elsewhere).
UNSEEN = names("iframe noembed noframes noscript script style template title")

# Their content is text, whatever it looks like.
LITERAL = {"textarea": "div", "xmp": "pre", "plaintext": "pre"}

ATTRIBUTES = {
    "*": names("align bgcolor dir height hidden lang style title valign width"),
    "a": {"href"},
    "blockquote": {"type"},
    "br": {"clear"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "hr": {"color", "noshade", "size"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "li": {"type", "value"},
    "ol": {"reversed", "start", "type"},
    "table": {"border", "bordercolor", "cellpadding", "cellspacing", "frame", "rules", "summary"},
    "td": {"abbr", "bordercolor", "colspan", "nowrap", "rowspan"},
    "th": {"abbr", "bordercolor", "colspan", "nowrap", "rowspan", "scope"},
    "time": {"datetime"},
    "ul": {"type"},
}

# Read by style sheets before they are taken away.
SELECTABLE = frozenset(["class", "id"])

_SIDES = ("top", "right", "bottom", "left")

STYLE = names(
    """background background-color border border-collapse border-color border-radius border-spacing
    border-style border-width box-sizing caption-side clear color direction display empty-cells float font
    font-family font-size font-stretch font-style font-variant font-weight height hyphens letter-spacing
    line-break line-height list-style list-style-position list-style-type margin max-height max-width
    min-height min-width object-fit opacity overflow overflow-wrap overflow-x overflow-y padding
    table-layout text-align text-align-last text-decoration text-decoration-color text-decoration-line
    text-decoration-style text-indent text-transform vertical-align visibility white-space width
    word-break word-spacing word-wrap""",
) | frozenset(
    [f"border-{side}" for side in _SIDES]
    + [f"border-{side}-{part}" for side in _SIDES for part in ("color", "style", "width")]
    + [f"border-{v}-{h}-radius" for v in ("top", "bottom") for h in ("left", "right")]
    + [f"{box}-{side}" for box in ("margin", "padding") for side in _SIDES],
)

COMPOSED_TAGS = names(
    """a b blockquote br code del div em figcaption figure h1 h2 h3 h4 i img ins li ol p pre s span strike
    strong sub sup u ul"""
)

COMPOSED_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
}
