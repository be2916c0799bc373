"""What every screen and every act owes, asked of many addresses at once."""

from typing import Any

from django.test import Client
from django.utils import timezone

from tests.verify import state

# Words that have broken other programs: line breaks in headers, templates, paths, odd and hidden characters.
ODD = [
    "Ana\r\nBcc: everybody@company.test",
    "%0d%0aSet-Cookie: a=b",
    "{{ 7 * 7 }}",
    "{% include 'base.html' %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{customer.__class__}",
    "../../../../etc/passwd",
    "..\\..\\secret-key",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE people_staff; --",
    "=1+1",
    "undefined",
    "NaN",
    "１２３ ٠١٢ 𝓣𝓮𝓼𝓽",
    "👩‍👩‍👧‍👦 e\u0301 ﷽",
    "\u202egpj.exe\u202c",
    "Zo\u00eb \u200bHidden",
]
ELSEWHERE = [
    "https://elsewhere.test/",
    "//elsewhere.test",
    "///elsewhere.test",
    "/\\elsewhere.test",
    "\\\\elsewhere.test",
    "/\t/elsewhere.test",
    "javascript:alert(1)",
    "https:elsewhere.test",
    "http://testserver@elsewhere.test/",
    "/%0a/elsewhere.test\r\nLocation: https://elsewhere.test",
]


def one_line(text: str) -> str:
    """What a field of one line keeps of it."""
    return "".join(" " if c in "\r\n\t" else c for c in text).strip()


def works(client: Client, address: str) -> str:
    """The page opens, changes nothing, and carries the headers that keep foreign words from acting."""
    before = state()
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    assert state() == before
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    return response.content.decode()


def refuses(client: Client, address: str, status: int, values: dict[str, Any] | None = None) -> None:
    """Neither looking nor acting does anything here, and the answer says so."""
    before = state()
    response = client.get(address) if values is None else client.post(address, values)
    assert response.status_code == status, f"{address}: {response.status_code}"
    assert state() == before


def acts(client: Client, address: str, values: dict[str, Any]) -> str:
    """The act is done, told on the next page, and taken back by its Undo. Returns what is told."""
    before = state()
    response = client.post(address, values)
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith("/"), response["Location"]
    after = state()
    assert after != before, f"{address} changed nothing"
    page = client.get(response["Location"]).content.decode()
    told = page.split('id="told"')[1]
    operations = told.split('name="operations" value="')[1].split('"')[0]
    undone = client.post("/history/undo/", {"operations": operations}, headers={"HX-Request": "true"})
    assert undone.status_code == 200
    assert state() == before
    again = undone.content.decode().split('name="operations" value="')[1].split('"')[0]
    client.post("/history/undo/", {"operations": again}, headers={"HX-Request": "true"})
    assert state() == after
    return told.split("<span>")[1].split("</span>")[0]


def now():
    return timezone.now()
