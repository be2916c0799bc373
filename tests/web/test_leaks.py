"""A canary in every inner text is found by nobody who may not read it: each role asks every address there is."""

import logging
import os
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email import composing
from pitcrew.channels.email.letters import composing as letters
from pitcrew.channels.email.letters.models import Letter
from pitcrew.channels.email.listing import lines
from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.people import sign_in_links
from pitcrew.relays.doors import tokens
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import page_word
from pitcrew.web import live
from tests.web.canaries import COURIER, DEE, MARTIN, NORA, heard, settle_in
from tests.web.every_address import filled, numbers_of_rows, patterns, unfilled

COMMITS = "postgres" in os.environ.get("DATABASE_URL", "")  # there, followers read only what is committed
pytestmark = pytest.mark.django_db(transaction=COMMITS)

# Who may read which canaries, by where they sing (or by their whole name). What is not named here nobody reads.
HOUSE = {"staff", "department", "template", "won"}  # everybody who works here: names, and what was won
DESK = HOUSE | {"tag", "memo", "problem", "problemleg", "canned"}  # who answers customers anywhere
CARD = {"card", "cardleg", "courier", "third", "tag_card", "memo_card", "problem_title"}  # Martin's matter
DEBIT = {"debit", "vault", "tag_debit", "memo_debit"}  # Nora's
MAY = {
    "ada": DESK | CARD | DEBIT | {"cannedfront", "cannedaccounting", "policy"},  # administrates
    "ana": DESK | CARD | {"cannedfront", "draftcard"},  # agent of the front desk, who wrote it all
    "ben": DESK | CARD | {"cannedfront"},  # agent of the front desk
    "cleo": DESK | DEBIT | {"cannedaccounting"},  # leads Accounting
    "amy": DESK | DEBIT | {"cannedaccounting", "draftdebit"},  # agent of Accounting
    "dee": HOUSE | CARD | {"problemleg"},  # contributor with a leg, and one of a problem
    "vic": HOUSE | DEBIT,  # contributor whose leg went back
    "ivo": HOUSE | CARD,  # contributor whose leg was withdrawn
    "partner": {"courier_need", "courier_tried", "courier_promised", "courier_name"},  # their part alone
    # Dee by her link: her part alone, and who handed it over
    "colleague": {"cardleg", "department_front", "staff_ana", "template_step", "template_asks"},
    "customer": {"card_subject"},  # their own words
    "nobody": set(),
}
IN_PARTS = ("/conversations/", "/queue/")  # what answers a page that is there otherwise
# Who reads which canaries in their mail: an answer is signed by who wrote it, and quotes its reader's own words.
MAILED = {
    MARTIN: {"card_subject", "card_words", "staff_ana"},
    NORA: {"debit_subject", "debit_words", "staff_amy"},
    "ana@company.test": MAY["ana"],
    "ben@company.test": MAY["ben"],
    COURIER: MAY["partner"],
    DEE: MAY["colleague"] | {"department_cards", "problemleg", "problem_title"},
    "vic@company.test": {"vault", "department_vault", "department_accounting", "staff_amy"},
    "ivo@company.test": {"third", "department_idle", "department_front", "staff_ana"},
}
STAFF = ("ada", "ana", "ben", "cleo", "amy", "dee", "vic", "ivo")


@pytest.fixture
def world(cast, at, settings, tmp_path, monkeypatch) -> SimpleNamespace:
    settings.DATA, settings.BASE_URL = tmp_path, "https://desk.company.test"
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(days=5))
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)  # most of it is refused, as it should
    return settle_in(cast, at)


def of_others(own: set[str], text: str) -> list[str]:
    """The canaries in a text that are not among one's own."""
    return sorted(one for one in heard(text) if not {one, one.split("_")[0]} & own)


def visitor(world, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role in STAFF:
        client.force_login(getattr(world, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def signed(world, role: str) -> dict[str, list[str]]:
    """The signed words that somebody holds, by address."""
    now = timezone.now()
    doors = {"partner": (COURIER, world.courier), "colleague": (DEE, world.cardleg)}
    if role in doors:
        address, leg = doors[role]
        return {"/l/<str:word>/": [tokens.link(Door.objects.get(address=address, leg_id=leg.pk).pk)]}
    if role == "customer":
        return {"/p/<str:word>/": [page_word(world.card)]}
    if role in STAFF:
        return {"/sign-in/once/<str:token>/": [sign_in_links.make(getattr(world, role), now)]}
    return {"/start/<str:token>/": [sign_in_links.make_first(now)]}


def said(response) -> str:
    """All that an answer tells: its words, or the file it gives, and its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{body.decode(errors='replace')}"


def test_no_address_is_left_out():
    assert unfilled() == []
    assert len(set(patterns())) > 130


@pytest.mark.parametrize("role", MAY)
def test_nobody_reads_what_is_not_theirs(role, world):
    client, leaks, broken, read = visitor(world, role), [], [], set()
    for address in filled(signed(world, role), numbers_of_rows()):
        for headers in ({}, {"HX-Request": "true"}) if address.startswith(IN_PARTS) else ({},):
            response = client.get(address, headers=headers)
            text = said(response)
            read |= heard(text)
            broken += [f"{address}: {response.status_code}"] * (response.status_code >= 500)
            leaks += [f"{address} tells {role} {one}" for one in of_others(MAY[role], text)]
    assert leaks == [] and broken == []
    unread = MAY[role] - read - {one.split("_")[0] for one in read}
    assert not unread, f"{role} may read {unread} and finds it nowhere: the table or the world is too old."


def whole(mail: EmailMultiAlternatives) -> str:
    """All that a mail says, in its head too."""
    head = f"{mail.subject}\n{mail.from_email}\n{mail.to}\n{mail.cc}\n{mail.reply_to}\n{mail.extra_headers}"
    return "\n".join([head, mail.body, *(str(each.content) for each in mail.alternatives), str(mail.attachments)])


def test_a_mail_tells_its_reader_their_own_part_alone(world):
    now, read = timezone.now(), set()
    answers = [composing.compose(each).mail for each in Message.objects.filter(direction=Direction.OUT)]
    written = [letters.compose(each, now).mail for each in Letter.objects.all()]
    for mail in answers + written:
        [reader] = mail.to
        assert of_others(MAILED[reader], whole(mail)) == [], whole(mail)
        read.add(reader)
    assert read == set(MAILED)


def test_the_live_stream_tells_numbers_alone(world):
    told = re.compile(r'id: \d+\nevent: moved\ndata: {"conversation": \d+, "event": \d+}\n\n')
    for role in STAFF:
        client = visitor(world, role)
        viewer = live.viewer_of(f"sessionid={client.cookies['sessionid'].value}")
        moves = live.missed(viewer, 0)
        viewer.tell(live.moves_of(live._events(0)))
        streamed = [viewer.waiting.get_nowait() for _ in range(viewer.waiting.qsize())]
        assert streamed == [live._line(move) for move in moves]
        assert all(told.fullmatch(line) for line in streamed)
        seen = Conversation.objects.visible_to(getattr(world, role)).values_list("pk", flat=True)
        assert {move.conversation for move in moves} == set(seen), role
    assert live.viewer_of("") is None


def test_the_list_of_messages_tells_no_words(world):
    listed = list(lines())
    assert len(listed) == 4 and heard("\n".join(listed)) == set()
