"""Text that says where its lines may flow together again (RFC 3676)."""

SIGNATURE = "-- "


def unfolded(text: str, *, joined: bool = False) -> str:
    """Paragraphs in one line each. Quoted lines stay as they are, so that they are still known as quotes.

    Args: text: of a part with format=flowed; joined: the part says DelSp=yes, the folding spaces are not real.
    """
    out: list[str] = []
    open_line = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line[:1] == ">"
        plain = line[1:] if line[:1] == " " else line
        if open_line and not quoted and line != SIGNATURE:
            out[-1] += plain
        else:
            out.append(line if quoted else plain)
        open_line = not quoted and plain[-1:] == " " and plain != SIGNATURE
        if open_line and joined:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
