"""What a customer newly wrote: a mail's text without quotes, attributions and signatures."""

from .hints import with_quotes_marked
from .strip import is_forward_subject, own_lines, read
from .thanks import is_only_thanks

__all__ = ["is_only_thanks", "reply_text"]


def reply_text(text: str, html: str = "", subject: str = "") -> str:
    """What the customer newly wrote in this mail; the full body stays beside it.

    `text` is the plain text of the mail (made from its HTML when it has no other), `html` its HTML part,
    asked only when the text shows no quote or is missing. Answers between quoted lines are kept together
    with the lines they answer. Losing words is worse than showing too many: in doubt a line stays.
    In the manner of talon and email_reply_trimmer. Linear in the length of the text.
    """
    is_forward = is_forward_subject(subject)
    own, quotes = own_lines(read(text), is_forward=is_forward)
    if html and not quotes:
        marked = with_quotes_marked(html, needed=not text.strip())
        if marked:
            hinted, _ = own_lines(read(marked), is_forward=is_forward)
            if _same_beginning(hinted, own):
                own = hinted
    return "\n".join(own).strip()


def _same_beginning(hinted: list[str], own: list[str]) -> bool:
    """Whether the HTML part says the same as the plain text, only less of it."""
    wanted = "".join("".join(hinted).split())
    return bool(wanted) and (not own or "".join("".join(own).split()).startswith(wanted))
