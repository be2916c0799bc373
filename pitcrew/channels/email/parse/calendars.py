"""An invitation in words, for mail that brings nothing but a calendar part (RFC 5545)."""

import re

SHOWN = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "DESCRIPTION")
METHODS = {
    "REQUEST": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Another time proposed",
}
ESCAPED = re.compile(r"\\([\\;,nN])")
LINE = re.compile(r"([A-Za-z-]{1,40})(;[^:\r\n]{0,500})?:(.*)")
READ = 200_000


def in_words(calendar: str) -> str:
    """Title, times, place and description of the first event, a line each; empty if there is none."""
    text = calendar[:READ].replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    found: dict[str, str] = {}
    inside = False
    for line in text.split("\n"):
        if line.upper().startswith("BEGIN:VEVENT"):
            inside = True
        elif line.upper().startswith("END:VEVENT"):
            break
        elif part := LINE.match(line):
            name = part[1].upper()
            if name == "METHOD" or (inside and name in SHOWN):
                found.setdefault(name, _plain(name, part[3]))
    lines = [METHODS.get(found.get("METHOD", "").upper(), "")]
    lines += [
        f"{name.capitalize()}: {found[name]}" if name in LABELLED else found[name] for name in SHOWN if name in found
    ]
    return "\n".join(line for line in lines if line)


LABELLED = ("LOCATION", "ORGANIZER")


def _plain(name: str, value: str) -> str:
    if name.startswith("DT") and (moment := re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?\d*(Z?)", value)):
        year, month, day, hour, minute, utc = moment.groups()
        clock = f" {hour}:{minute}" if hour else ""
        return f"{year}-{month}-{day}{clock}{' UTC' if utc else ''}"
    if name == "ORGANIZER":
        return value.lower().removeprefix("mailto:")
    return ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value).strip()
