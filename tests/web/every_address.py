"""Every address there is, each of its gaps filled with every row that fits: a gap nobody fills is told."""

import re
from collections.abc import Iterator
from itertools import product

from django.apps import apps
from django.db import models
from django.urls import URLPattern, get_resolver

from pitcrew.web.leg_verbs import VERBS
from pitcrew.web.tabs import TABS
from pitcrew.web.views.asking import QUESTIONS
from pitcrew.web.views.customer import ADDRESS_VERBS
from pitcrew.web.views.victories import SIDES
from tests.web.canaries import SPOKEN

GAP = re.compile(r"<([^<>]+)>")
# What a number in an address is the number of, by what the address begins with: the longest beginning counts.
ROWS = {
    "/accounts/passkeys/": "mfa.authenticator",
    "/attachments/": "conversations.attachment",
    "/conversations/": "conversations.conversation",
    "/customers/": "people.customer",
    "/doors/": "doors.door",
    "/history/": "history.operation",
    "/legs/": "relays.leg",
    "/links/": "links.brokenlink",
    "/links/waits/": "people.department",
    "/mails/": "conversations.message",
    "/outbox/": "conversations.message",
    "/problems/": "problems.problem",
    "/problems/evidence/": "problems.evidence",
    "/problems/sightings/": "problems.sighting",
    "/quarantine/": "email.arrival",
    "/settings/canned-replies/": "conversations.cannedreply",
    "/settings/departments/": "people.department",
    "/settings/hours/": "promises.calendar",
    "/settings/mailboxes/": "email.mailbox",
    "/settings/promises/": "promises.policy",
    "/settings/relays/": "relays.template",
    "/settings/relays/editions/": "relays.edition",
    "/settings/staff/": "people.staff",
    "/victories/": "problems.victory",
}
INNER = {"int:member": "people.membership", "int:address": "people.identity"}  # rows that other gaps are about
NAMES = {
    "/ask/<slug:what>/": QUESTIONS,
    "/customers/<int:pk>/addresses/<int:address>/<slug:verb>/": ADDRESS_VERBS,
    "/legs/<int:pk>/<slug:verb>/": VERBS,
    "/queue/<slug:name>/": TABS,
    "/victories/<int:pk>/<slug:side>/": SIDES,
}
SIGNED = ("/l/<str:word>/", "/p/<str:word>/", "/sign-in/once/<str:token>/", "/start/<str:token>/")
ELSEWHERE = "/accounts/oidc/<str:provider_id>/"  # begins a sign-in at another house; its names are settings
# What else a page can be asked for.
ASKED = {
    "/ask/<slug:what>/": ["?ids=2", "?ids=3", "?ids=1,2,3"],
    "/conversations/<int:pk>/": ["?part=live", "?messages=1,2,3,4,5,6"],
    "/customers/<int:pk>/": [f"?q={SPOKEN}", "?q=a"],
    "/history/": ["?who=everybody"],
    "/links/": ["?kind=silent", "?department=1", "?department=2"],
    "/p/<str:word>/": ["?say=arrived", "?say=not_yet", "?mail=stop", "?told=write"],
    "/problems/": ["?which=done"],
    "/problems/new/": ["?ids=1,2,3"],
    "/queue/<slug:name>/": ["?rows=500"],
    "/search/": [f"?q={SPOKEN}", "?q=canary", "?q=look", "?q=2"],
}


def patterns(found=None, before: str = "/") -> Iterator[str]:
    """Every address as it is written down, those of signing in too."""
    for pattern in get_resolver().url_patterns if found is None else found:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from patterns(pattern.url_patterns, path)


def unfilled() -> list[str]:
    """The addresses that nobody fills, each with what to do."""
    return [
        f"{path}: nobody fills {gap}. Say in tests/web/every_address.py which rows or names go there."
        for path in patterns()
        for gap in GAP.findall(path)
        if _names(path, gap) is None and _rows(path, gap) is None
    ]


def filled(words: dict[str, list[str]], numbers: dict[str, list[int]]) -> Iterator[str]:
    """Every address with every filling; ``words`` are the signed ones that somebody holds, by address."""
    for path in patterns():
        gaps = GAP.findall(path)
        fillings = [words.get(path) or _names(path, gap) or _ids(_rows(path, gap), numbers) for gap in gaps]
        for values in product(*fillings):
            address = path
            for value in values:
                address = GAP.sub(str(value), address, count=1)
            yield from (address + asked for asked in ["", *ASKED.get(path, [])])


def numbers_of_rows() -> dict[str, list[int]]:
    """The numbers of all rows of each kind that an address may name, taken away or not."""
    labels = {*ROWS.values(), *INNER.values()}
    return {each: list(models.QuerySet(apps.get_model(each)).values_list("pk", flat=True)) for each in labels}


def _names(path: str, gap: str) -> list[str] | None:
    if path in SIGNED:
        return ["x"]
    if path.startswith(ELSEWHERE):
        return ["elsewhere"]
    return list(NAMES[path]) if gap.startswith("slug:") and path in NAMES else None


def _rows(path: str, gap: str) -> str | None:
    fits = [beginning for beginning in ROWS if path.startswith(beginning) and gap == "int:pk"]
    return ROWS[max(fits, key=len)] if fits else INNER.get(gap)


def _ids(label: str | None, numbers: dict[str, list[int]]) -> list[int]:
    """All that there are, and one that there is not."""
    return [*numbers[label or ""], 999_999]
