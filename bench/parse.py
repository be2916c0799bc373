"""How long reading a mail takes, against plain `email` (compat32) with header decoding in the same run.

    python -m bench.parse [FOLDER]      FOLDER: .eml files at any depth; without one, four typical mails are made

Wanted: median CPU of a mail at most 5 times the floor's, 99th percentile at most 40 ms.
"""

import argparse
import base64
import email
import gc
import statistics
import time
from collections.abc import Callable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path

from pitcrew.channels.email.parse import Unreadable, parse

MOST_RATIO, MOST_P99_MS = 5.0, 40.0
RECEIVED = (
    b"Received: from mail%d.a.example (mail%d.a.example [192.0.2.1]) by mx.b.example (Postfix) with ESMTPS id 4C1\r\n"
    b"\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n\tMon, 2 Mar 2026 10:00:00 +0000\r\n"
)
SIGNED = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=m;\r\n" + b"\t%s\r\n" % (b"aB3" * 24) * 4
)
HEAD = (
    b"Return-Path: <j@a.example>\r\nDelivered-To: help@b.example\r\n"
    + b"".join(RECEIVED % (hop, hop) for hop in range(4))
    + SIGNED
    + b"Authentication-Results: mx.b.example; dkim=pass header.d=a.example; spf=pass; dmarc=pass\r\n"
    + b"From: =?utf-8?Q?J=C3=BCrgen?= <j@a.example>\r\nTo: Help <help@b.example>\r\n"
    + b"Subject: =?utf-8?B?QmVzdGVsbHVuZyAxMjM=?=\r\nMessage-ID: <%d@a.example>\r\n"
    + b"In-Reply-To: <c1@b.example>\r\nReferences: <c0@b.example> <c1@b.example>\r\n"
    + b"Date: Mon, 2 Mar 2026 10:00:00 +0000\r\nUser-Agent: Mail 1.0\r\nMIME-Version: 1.0\r\n"
)
WORDS = b"The parcel came on Tuesday, but the blue lamp in it was broken again.\r\n"
QUOTE = b"\r\nOn Mon, Mar 2, 2026 at 9:00 AM Help <help@b.example> wrote:\r\n> How can we help you?\r\n"


def made() -> list[bytes]:
    """Four typical mails: plain, plain and HTML, with a picture of 300 kB, a long thread."""
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    page = b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>"
    both = (
        b'Content-Type: multipart/alternative; boundary="q"\r\n\r\n--q\r\n' + plain + WORDS * 8 + QUOTE
        + b"--q\r\n" + page + (b"<p>" + WORDS + b"</p>") * 8 + b"</body></html>\r\n--q--\r\n"
    )  # fmt: skip
    picture = b"Content-Type: image/png; name=lamp.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    files = (
        b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n' + plain + WORDS + b"\r\n--m\r\n"
        + picture + base64.encodebytes(bytes(range(256)) * 1200) + b"--m--\r\n"
    )  # fmt: skip
    bodies = [plain + WORDS * 5 + QUOTE, both, files, plain + (WORDS + QUOTE) * 10]
    return [HEAD % number + body for number, body in enumerate(bodies)]


def floor(raw: bytes) -> None:
    """What Python does by itself: the tree of parts, and the headers a person sees."""
    message = email.message_from_bytes(raw)
    for name in ("From", "To", "Cc", "Subject"):
        value = message.get(name)
        if value is not None:
            try:
                str(make_header(decode_header(value)))
            except (LookupError, ValueError, HeaderParseError):
                continue


def ours(raw: bytes) -> None:
    try:
        parse(raw)
    except Unreadable:
        return


def times(read: Callable[[bytes], None], mails: list[bytes], rounds: int) -> list[float]:
    """CPU milliseconds of each mail, the best of some rounds."""
    best = [float("inf")] * len(mails)
    for _ in range(rounds):
        for number, raw in enumerate(mails):
            start = time.process_time()
            read(raw)
            best[number] = min(best[number], 1000 * (time.process_time() - start))
    return best


def run(folder: Path | None = None, rounds: int = 3) -> bool:
    """Measure, say it, and tell whether it is fast enough."""
    mails = [path.read_bytes() for path in sorted(folder.rglob("*.eml")) if path.is_file()] if folder else made() * 50
    for raw in mails[:20]:
        ours(raw)
    gc.collect()
    base, mine = times(floor, mails, rounds), sorted(times(ours, mails, rounds))
    ratio = statistics.median(mine) / statistics.median(base)
    p99 = mine[int(len(mine) * 0.99)]
    print(
        f"parse  mails {len(mails)}  median {statistics.median(mine):.3f} ms  floor {statistics.median(base):.3f} ms  "
        f"ratio {ratio:.2f}  mean ratio {sum(mine) / sum(base):.2f}  p99 {p99:.1f} ms  max {mine[-1]:.1f} ms"
    )
    return ratio <= MOST_RATIO and p99 <= MOST_P99_MS


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    raise SystemExit(0 if run(options.parse_args().folder) else 1)
