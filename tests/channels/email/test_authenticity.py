"""Who really sent it: doubts join nothing and are said on the message."""

import pytest

from pitcrew.channels.email.authenticity import skeleton
from pitcrew.channels.email.threading import message_id
from pitcrew.conversations import actions
from tests.channels.email.mails import mail

MARTIN = "Martin Haas <martin@customer.test>"
DOMAIN = "company.test"


@pytest.fixture
def answer(cast, at):
    return actions.reply(cast.conversation, "It is on its way.", to=["martin@customer.test"], by=cast.by, at=at)


def forged(answer, sender: str = MARTIN, **headers) -> bytes:
    return mail("Pay here.", sender=sender, mail_id="f@x.test", in_reply_to=message_id(answer, DOMAIN), **headers)


def test_a_colleague_by_name_only_joins_nothing(cast, answer, taken):
    message = taken(forged(answer, "Ana Ruiz <ana@company.test>"))
    assert message.conversation.maybe_part_of_id == cast.conversation.pk
    assert "Ana Ruiz, a colleague; nothing proves it" in message.warning


@pytest.mark.parametrize(
    "verdict",
    [
        "dmarc=fail header.from=customer.test",
        "spf=fail smtp.mailfrom=x.test; dkim=none",
        "spf=pass smtp.mailfrom=x.test; dkim=fail",
    ],
)
def test_what_our_server_calls_forged_joins_nothing(cast, answer, taken, settings, verdict):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    message = taken(forged(answer, authentication_results=f"mx.company.test; {verdict}"))
    assert message.conversation.maybe_part_of_id == cast.conversation.pk
    assert "does not come from customer.test" in message.warning


@pytest.mark.parametrize(
    "verdict",
    [
        "dmarc=pass (p=reject dis=none) header.from=customer.test",
        "dkim=pass header.d=customer.test; spf=fail smtp.mailfrom=bounces.test",
        'spf=pass smtp.mailfrom="bounce@mail.customer.test"',
    ],
)
def test_what_our_server_calls_right_has_no_warning(cast, answer, taken, settings, verdict):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    results = f"mx.company.test; {verdict}"
    message = taken(forged(answer, authentication_results=results), envelope="bounce@bounces.test")
    assert message.conversation_id == cast.conversation.pk
    assert not message.warning


def test_a_verdict_that_is_not_our_servers_counts_for_nothing(cast, answer, taken, settings):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    results = "mx.attacker.test; dmarc=pass header.from=company.test"
    message = taken(forged(answer, "Ana Ruiz <ana@company.test>", authentication_results=results))
    assert "nothing proves it" in message.warning


def test_a_verdict_for_another_domain_is_no_proof(cast, answer, taken, settings):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    results = "mx.company.test; dkim=pass header.d=attacker.test"
    message = taken(forged(answer, "Ana Ruiz <ana@company.test>", authentication_results=results))
    assert "nothing proves it" in message.warning


def test_a_colleague_whom_our_server_knows_joins(cast, answer, taken, settings):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    results = "mx.company.test; dmarc=pass header.from=company.test"
    actions.note(cast.conversation, "x", by=cast.by, at=answer.at)
    message = taken(forged(answer, "Ana Ruiz <ana@company.test>", to=MARTIN, authentication_results=results))
    assert message.conversation_id == cast.conversation.pk


@pytest.mark.parametrize("envelope", ["any@attacker.test", "other@customer.test", "any@sub.customer.test", "<>"])
def test_an_envelope_of_somebody_else_is_said(cast, taken, envelope):
    message = taken(mail(sender=MARTIN, mail_id="e@x.test"), envelope=envelope)
    assert "nothing proves that this is right" in message.warning


def test_an_envelope_of_the_sender_is_no_news(cast, taken):
    assert not taken(mail(sender=MARTIN, mail_id="e@x.test"), envelope="Martin@Customer.test").warning


@pytest.mark.parametrize(
    "head",
    [
        "From: a@attacker.test\r\nFrom: martin@customer.test\r\n",
        "From: a@attacker.test\r\nFrom : martin@customer.test\r\n",
        "From: a@attacker.test, martin@customer.test\r\n",
        "From: <a@attacker.test>,\r\n <martin@customer.test>\r\n",
    ],
)
def test_a_mail_from_several_joins_nothing(cast, answer, taken, head):
    body = f"Message-ID: <two@x.test>\r\nIn-Reply-To: {message_id(answer, DOMAIN)}\r\nSubject: x\r\n\r\nPay here.\r\n"
    message = taken((head + body).encode())
    assert message.conversation_id != cast.conversation.pk
    assert "more than one sender" in message.warning


def test_a_comma_in_a_name_is_no_second_sender(cast, answer, taken):
    assert not taken(forged(answer, '"Haas, Martin" <martin@customer.test>')).warning


def test_a_name_that_is_an_address_of_somebody_else_is_said(cast, taken):
    message = taken(mail(sender='"ana@company.test" <x@attacker.test>'))
    assert "calls itself ana@company.test" in message.warning


@pytest.mark.parametrize("name", ["Ana Ruiz", "ana  ruiz", "\u0410n\u0430 Ruiz", "An\u200ba Ruiz", "ＡＮＡ ＲＵＩＺ"])
def test_nobody_can_look_like_a_colleague(cast, taken, name):
    raw = mail(sender="NAME <x@attacker.test>").replace(b"NAME", name.encode())
    assert "has the name of Ana Ruiz" in taken(raw).warning


def test_names_that_look_different_are_different():
    assert skeleton("Ben Ode") != skeleton("Ben Oda")
    assert skeleton("") == ""
