"""Who a forwarded mail came from first: the customer is the original sender."""

import pytest

from pitcrew.channels.email.parse.forward import forwarded, without_prefixes

HEADERS = "From: Ann Lee <Ann@Shop.example>\nDate: Mon, 5 Jan 2026\nSubject: Broken lamp\nTo: us@desk.example"


def told(found):
    assert found is not None and found.sender is not None
    return found.sender.name, found.sender.email, found.subject, found.body


@pytest.mark.parametrize(
    "separator",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:\n",
        "-------- Weitergeleitete Nachricht --------",
        "-------- Message transféré --------",
        "----- Mensaje reenviado -----",
        "-------- Messaggio Inoltrato --------",
        "-------- Doorgestuurd bericht --------",
        "Vidarebefordrat mejl:\n",
        "-------- Välitetty viesti / Fwd.Msg --------",
        "--- Treść przekazanej wiadomości ---",
        "-------- Перенаправленное сообщение --------",
        "----- İletilmiş Mesaj -----",
        "---------- メッセージを転送 ---------",
        "---------- 转发的邮件 ----------",
    ],
)
def test_the_original_sender_is_known_by_the_separator_alone(separator):
    text = f"Can you take this?\n\n{separator}\n{HEADERS}\n\nIt does not light.\n\nAnn"
    assert told(forwarded(text)) == ("Ann Lee", "ann@shop.example", "Broken lamp", "It does not light.\n\nAnn")


@pytest.mark.parametrize(
    ("prefix", "headers"),
    [
        ("FW", HEADERS),
        ("WG", "Von: Ann Lee [mailto:ann@shop.example]\nGesendet: Montag\nAn: uns\nBetreff: Broken lamp"),
        ("TR", "De : Ann Lee <ann@shop.example>\nEnvoyé : lundi\nÀ : nous\nObjet : Broken lamp"),
        ("RV", "De: Ann Lee <ann@shop.example>\nEnviado: lunes\nPara: nosotros\nAsunto: Broken lamp"),
        ("I", "Da: Ann Lee <ann@shop.example>\nInviato: lunedì\nA: noi\nOggetto: Broken lamp"),
        ("VS", "Lähettäjä: Ann Lee <ann@shop.example>\nLähetetty: maanantai\nVastaanottaja: me\nAihe: Broken lamp"),
        ("İLT", "Kimden: Ann Lee <ann@shop.example>\nTarih: Pazartesi\nKime: biz\nKonu: Broken lamp"),
    ],
)
def test_headers_alone_are_a_forward_when_the_subject_says_so(prefix, headers):
    text = f"FYI\n\n{headers}\n\nIt does not light."
    assert told(forwarded(text, subject=f"{prefix}: Broken lamp")) == (
        "Ann Lee",
        "ann@shop.example",
        "Broken lamp",
        "It does not light.",
    )


def test_a_reply_with_copied_headers_is_no_forward():
    assert forwarded(f"Thanks\n\n{HEADERS}\n\nIt does not light.", subject="RE: Broken lamp") is None


def test_an_ordinary_mail_is_no_forward():
    assert forwarded("It does not light.", subject="Broken lamp") is None
    assert forwarded("", subject="Fwd: Broken lamp") is None


def test_a_quoted_forward_loses_its_marks():
    quoted = "\n".join("> " + line for line in ("Begin forwarded message:", "", *HEADERS.split("\n"), "", "No light."))
    assert told(forwarded(quoted)) == ("Ann Lee", "ann@shop.example", "Broken lamp", "No light.")


def test_headers_run_together_in_one_line_are_read():
    text = (
        "   ----- Forwarded Message ----- From: Ann Lee <ann@shop.example>To: us <us@desk.example>"
        "Sent: Monday, 5 January 2026Subject: Broken lamp\n It does not light."
    )
    assert told(forwarded(text)) == ("Ann Lee", "ann@shop.example", "Broken lamp", "It does not light.")


@pytest.mark.parametrize(
    "attribution",
    [
        'On 05/01/2026, 12:46, "Ann Lee" <ann@shop.example> wrote:',
        'Am 05.01.26, 12:46 schrieb "Ann Lee" <ann@shop.example>:',
        "Le 05/01/2026 12:46, « Ann Lee » <ann@shop.example> a écrit :",
        "Op 05-01-2026 12:46 heeft Ann Lee <ann@shop.example> geschreven:",
        "Ann Lee <ann@shop.example> skrev følgende den 05/01/2026, 12:46:",
        "05/01/2026 12:46 időpontban Ann Lee (ann@shop.example) ezt írta:",
    ],
)
def test_an_attribution_names_the_original_sender_of_a_forward(attribution):
    text = f"\ufeff{attribution}\n\n    It does not light.\n\n    Ann"
    assert told(forwarded(text, subject="FW: Broken lamp")) == (
        "Ann Lee",
        "ann@shop.example",
        "Broken lamp",
        "It does not light.\n\nAnn",
    )


def test_a_forward_in_html_alone_is_read():
    page = (
        "<p>see</p><p>---------- Forwarded message ---------<br>From: Ann Lee &lt;ann@shop.example&gt;<br>"
        "Subject: Broken lamp<br></p><p>It does not light.</p>"
    )
    assert told(forwarded("", html=page)) == ("Ann Lee", "ann@shop.example", "Broken lamp", "It does not light.")


def test_a_sender_without_an_address_leaves_the_sender_open():
    found = forwarded("----- Forwarded message -----\nFrom: Ann Lee\nSubject: Broken lamp\n\nNo light.")
    assert found is not None and found.sender is None and found.subject == "Broken lamp"


def test_forward_marks_go_from_a_subject_and_nothing_else_does():
    assert without_prefixes("Fwd: WG: Broken lamp: again") == "Broken lamp: again"
    assert without_prefixes("[Fwd: Broken lamp]") == "Broken lamp"
    assert without_prefixes("Lamp: broken") == "Lamp: broken"
