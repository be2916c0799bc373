"""What a customer newly wrote: quotes, attributions and signatures go, every word of the customer stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pitcrew.channels.email.parse.reply import is_only_thanks, reply_text

ATTRIBUTIONS = [
    "On Mon, Jan 5, 2026 at 9:00 AM Ann Lee <ann@shop.example> wrote:",
    "On 5 Jan 2026, at 09:00, Ann Lee wrote:",
    "On Mon, 2026-01-05 at 09:00 +0100, Ann Lee wrote:",
    'At 1/5/2026 09:00 AM, "Ann Lee" wrote:',
    "In a message dated 1/5/2026 9:00:00 A.M. Pacific Standard Time, ann@shop.example writes:",
    "Ann Lee <ann@shop.example> wrote:",
    "Ann Lee <ann@shop.example> wrote on Mon, 5 Jan 2026 at 09:00:",
    "Ann Lee via Shop wrote:",
    "---- Ann Lee wrote ----",
    "ann@shop.example wrote:",
    "---- On Mon, 05 Jan 2026 09:00:00 +0100 Ann Lee <ann@shop.example> wrote ----",
    "Am Mo., 5. Jan. 2026 um 09:00 Uhr schrieb Ann Lee <ann@shop.example>:",
    "Am 05.01.26 um 09:00 schrieb Ann Lee:",
    "Ann Lee <ann@shop.example> schrieb am Mo., 5. Jan. 2026, 09:00:",
    "Le lun. 5 janv. 2026 à 09:00, Ann Lee <ann@shop.example> a écrit :",
    "Le 5 janvier 2026 à 09:00:00 UTC+1, Ann Lee a écrit :",
    "El lun, 5 ene 2026 a las 9:00, Ann Lee (<ann@shop.example>) escribió:",
    "Il giorno lun 5 gen 2026 alle ore 09:00 Ann Lee <ann@shop.example> ha scritto:",
    "Em seg., 5 de jan. de 2026 às 09:00, Ann Lee <ann@shop.example> escreveu:",
    "Op ma 5 jan 2026 om 09:00 schreef Ann Lee <ann@shop.example>:",
    "Op 5 jan. 2026 om 09:00 heeft Ann Lee <ann@shop.example> het volgende geschreven:",
    "Den mån 5 jan. 2026 kl 09:00 skrev Ann Lee <ann@shop.example>:",
    "5 jan. 2026 kl. 09:00 skrev Ann Lee <ann@shop.example>:",
    "man. 5. jan. 2026 kl. 09.00 skrev Ann Lee <ann@shop.example>:",
    "På man. 5. jan. 2026 kl. 09:00 skrev Ann Lee <ann@shop.example>:",
    "ma 5. tammik. 2026 klo 9.00 Ann Lee (ann@shop.example) kirjoitti:",
    "pon., 5 sty 2026 o 09:00 Ann Lee <ann@shop.example> napisał(a):",
    "W dniu 05.01.2026 o 09:00, Ann Lee pisze:",
    "po 5. 1. 2026 v 9:00 odesílatel Ann Lee <ann@shop.example> napsal:",
    "Dne 5. 1. 2026 v 9:00 Ann Lee napsal(a):",
    "po 5. 1. 2026 o 9:00 Ann Lee <ann@shop.example> napísal(a):",
    "Ann Lee <ann@shop.example> ezt írta (időpont: 2026. jan. 5., H, 9:00):",
    "пн, 5 янв. 2026 г. в 09:00, Ann Lee <ann@shop.example>:",
    "5 января 2026 г. в 09:00 Ann Lee <ann@shop.example> написал(а):",
    "пн, 5 січ. 2026 р. о 09:00 Ann Lee <ann@shop.example> пише:",
    "Ann Lee <ann@shop.example>, 5 Oca 2026 Pzt, 09:00 tarihinde şunu yazdı:",
    "Στις Δευ 5 Ιαν 2026 στις 9:00 π.μ., ο χρήστης Ann Lee <ann@shop.example> έγραψε:",
    "În lun., 5 ian. 2026 la 09:00, Ann Lee <ann@shop.example> a scris:",
    "Dana pon, 5. sij 2026. u 09:00 Ann Lee <ann@shop.example> napisao je:",
    "2026年1月5日(月) 9:00 Ann Lee <ann@shop.example>:",
    "2026/01/05 9:00、Ann Lee <ann@shop.example>のメール:",
    "在 2026年1月5日，09:00，Ann Lee <ann@shop.example> 写道：",
    "Ann Lee <ann@shop.example> 於 2026年1月5日 週一 上午9:00寫道：",
    "2026년 1월 5일 (월) 오전 9:00, Ann Lee <ann@shop.example>님이 작성:",
    "Vào Th 2, 5 thg 1, 2026 vào lúc 09:00 Ann Lee <ann@shop.example> đã viết:",
    "Pada tanggal Sen, 5 Jan 2026 pukul 09.00 Ann Lee <ann@shop.example> menulis:",
    "2026-01-05 9:00 GMT+01:00 Ann Lee <ann@shop.example>:",
]

HEADERS = [
    "From: Ann Lee <ann@shop.example>\nSent: Monday, January 5, 2026 9:00 AM\nTo: Bob\nSubject: RE: Order",
    "Von: Ann Lee\nGesendet: Montag, 5. Januar 2026 09:00\nAn: Bob\nBetreff: AW: Bestellung",
    "De : Ann Lee\nEnvoyé : lundi 5 janvier 2026 09:00\nÀ : Bob\nObjet : RE: Commande",
    "De: Ann Lee [mailto:ann@shop.example]\nEnviado el: lunes, 5 de enero de 2026 9:00\nPara: Bob\nAsunto: RE: Pedido",
    "Da: Ann Lee\nInviato: lunedì 5 gennaio 2026 09:00\nA: Bob\nOggetto: R: Ordine",
    "Van: Ann Lee\nVerzonden: maandag 5 januari 2026 09:00\nAan: Bob\nOnderwerp: RE: Bestelling",
    "Från: Ann Lee\nSkickat: den 5 januari 2026 09:00\nTill: Bob\nÄmne: SV: Beställning",
    "Fra: Ann Lee\nSendt: mandag 5. januar 2026 09:00\nTil: Bob\nEmne: SV: Ordre",
    "Lähettäjä: Ann Lee\nLähetetty: maanantai 5. tammikuuta 2026 9.00\nVastaanottaja: Bob\nAihe: VS: Tilaus",
    "Od: Ann Lee\nWysłano: poniedziałek, 5 stycznia 2026 09:00\nDo: Bob\nTemat: ODP: Zamówienie",
    "Od: Ann Lee\nOdesláno: pondělí 5. ledna 2026 9:00\nKomu: Bob\nPředmět: RE: Objednávka",
    "Feladó: Ann Lee\nElküldve: 2026. január 5., hétfő 9:00\nCímzett: Bob\nTárgy: RE: Rendelés",
    "От: Ann Lee\nОтправлено: 5 января 2026 г. 9:00\nКому: Bob\nТема: RE: Заказ",
    "Kimden: Ann Lee\nGönderildi: 5 Ocak 2026 Pazartesi 09:00\nKime: Bob\nKonu: YNT: Sipariş",
    "差出人: Ann Lee\n送信日時: 2026年1月5日 9:00\n宛先: Bob\n件名: RE: 注文",
    "发件人: Ann Lee\n发送时间: 2026年1月5日 9:00\n收件人: Bob\n主题: 答复: 订单",
    "보낸 사람: Ann Lee\n보낸 날짜: 2026년 1월 5일 월요일 오전 9:00\n받는 사람: Bob\n제목: RE: 주문",
    "*From:* Ann Lee [mailto:\nann@shop.example]\n*Sent:* Monday, 5 January 2026\n*To:* Bob\n*Subject:* Order",
]

SEPARATORS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Message d'origine --------",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oprindelig meddelelse-----",
    "-----Alkuperäinen viesti-----",
    "-------- Исходное сообщение --------",
    "------------------ 原始邮件 ------------------",
    "-----Ursprungligt meddelande-----",
]

DEVICES = [
    "Sent from my iPhone",
    "Sent from my phone, please excuse any typos.",
    "Sent from Yahoo Mail on Android",
    "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for Android<https://aka.ms/ghei36>",
    "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon appareil Samsung",
    "Télécharger Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "iPhone'umdan gönderildi",
    "Στάλθηκε από το iPhone μου",
    "iPhoneから送信",
    "发自我的 iPhone",
    "나의 iPhone에서 보냄",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_in_any_language_and_the_quote_below_it_go(attribution):
    assert reply_text(f"It works now.\n\n{attribution}\n\n> Did you restart it?\n") == "It works now."


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_quote_without_marks_below_an_attribution_goes_too(attribution):
    assert reply_text(f"It works now.\n\n{attribution}\n\nDid you restart it?\nAnn\n") == "It works now."


@pytest.mark.parametrize("attribution", [a for a in ATTRIBUTIONS if " <ann@" in a and a.endswith(":")])
def test_an_attribution_may_be_wrapped(attribution):
    wrapped = attribution.replace(" <ann@", "\n<ann@")
    assert reply_text(f"It works now.\n\n{wrapped}\n\n> Did you restart it?\n") == "It works now."


@pytest.mark.parametrize("headers", HEADERS)
def test_copied_headers_and_everything_below_go(headers):
    assert reply_text(f"Here it is.\n\n{headers}\n\nHi Bob,\nplease send it.\n\nAnn\n") == "Here it is."
    ruled = f"Here it is.\n\n________________________________\n{headers}\n\nHi Bob,\n"
    assert reply_text(ruled) == "Here it is."


@pytest.mark.parametrize("separator", SEPARATORS)
def test_an_original_message_goes(separator):
    assert reply_text(f"Here it is.\n\n{separator}\n\nPlease send it.\n") == "Here it is."


@pytest.mark.parametrize("device", DEVICES)
def test_the_line_a_phone_adds_goes(device):
    assert reply_text(f"Yes, please.\n\n{device}\n") == "Yes, please."
    assert (
        reply_text(f"Yes, please.\n\n{device}\n\nOn 5 Jan 2026, at 09:00, Ann wrote:\n> Shall we?\n") == "Yes, please."
    )


def test_answers_between_quoted_lines_stay_with_the_lines_they_answer():
    text = "On 5 Jan 2026 at 9:00 Ann <a@b.example> wrote:\n> Which size?\nLarge.\n> Which colour?\nRed.\n"
    assert reply_text(text) == "> Which size?\n\nLarge.\n\n> Which colour?\n\nRed."


def test_a_reply_below_the_quote_stays():
    text = "On 5 Jan 2026 at 9:00 Ann <a@b.example> wrote:\n> Which size?\n> Which colour?\n\nLarge and red, please.\n"
    assert reply_text(text) == "Large and red, please."


def test_words_around_a_quote_stay():
    text = "Hello,\n\nOn 5 Jan 2026 at 9:00 Ann <a@b.example> wrote:\n> Which size?\n\nRegards, Bob"
    assert reply_text(text) == "Hello,\n\nRegards, Bob"


def test_a_signature_below_its_delimiter_goes():
    assert reply_text("Yes.\n\n-- \nBob Miller\nSales\n+1 555 0100\n") == "Yes."


def test_a_list_made_with_dashes_is_no_signature():
    text = "I need:\n\n-- two chairs\n-- one table\n\nThank you\nBob"
    assert reply_text(text) == text


def test_a_page_below_a_drawn_rule_is_no_signature():
    text = "First part\n--\n" + "\n".join(f"Line {n} of the log" for n in range(40))
    assert reply_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I travel\nFrom: Berlin\nTo: Munich\nDate: 3 May\nPlease book it.",
        "On Monday I wrote:\nplease stop. Nobody did.",
        "On 5 May 2026 I got the letter he wrote.\nIt was wrong.",
        "Sent from my desk, which is easier than my phone.\nMore to come.",
        "Sent via DHL on Monday.\nStill not here.",
        "The order:\n1: chair\n2: table\nThanks",
        "Invoice 2016 sent to bob@shop.example:\nit never arrived.",
        "See below:\n\nDate: Wednesday, 3 October\nTime: 7:00\nAddress: 130 Fox St",
        "a < b\n\n5 > 3\n\n-> next",
        "Subject: none\nI just write here.",
        "Your colleague ann@shop.example wrote:\nplease restart. I did.",
        "Sent from my phone to your address yesterday.\nNo answer so far.",
        "--- Your comments here ---\nAll fine.",
    ],
)
def test_words_that_look_like_a_quote_but_are_none_stay(text):
    assert reply_text(text) == text


def test_a_quote_alone_is_all_there_is_to_show():
    assert reply_text("> only this\n") == "> only this"


def test_a_reply_on_the_line_of_the_attribution_stays():
    assert reply_text("Yes On Mon, Jan 5, 2026 at 9:00 AM, a@b.example wrote:\n> Shall we?") == "Yes"


def test_bars_below_an_attribution_quote_too():
    text = "In message <1@b.example> on 01/05/26\nyou Ann Lee <a@b.example> wrote:\n |Which size?\n\nLarge."
    assert reply_text(f"Hello Ann.\n\n{text}") == "Hello Ann.\n\nLarge."


def test_everything_below_the_reply_above_line_goes():
    assert reply_text("Yes.\n\n##- Please type your reply above this line -##\n\nYour request 12\n") == "Yes."


def test_a_paragraph_below_a_drawn_line_stays():
    text = "First.\n---\nThe second part of this mail is a whole sentence that nobody would sign with."
    assert reply_text(text) == text


def test_the_footer_of_a_mailing_list_goes():
    text = "Yes.\n\n_______________________________________________\nlamps mailing list\nlamps@lists.example\n"
    assert reply_text(text) == "Yes."


@pytest.mark.parametrize("line", [">", "On On On", " ", "wrote:", "From: a@b.example", "--", "<"])
def test_a_text_of_one_thing_over_and_over_is_read(line):
    assert isinstance(reply_text((line + "\n") * (200_000 // len(line))), str)


def test_a_legal_notice_at_the_end_goes():
    text = "Yes.\n\nThis e-mail is confidential and intended solely for the addressee.\nDelete it otherwise.\n"
    assert reply_text(text) == "Yes."


def test_a_forwarded_message_stays_below_the_comment_on_it():
    text = "Please look.\n\n---------- Forwarded message ---------\nFrom: C <c@d.example>\nSubject: x\n\nHelp!"
    assert reply_text(text) == text


def test_of_a_bare_forward_the_words_stay():
    text = "---------- Forwarded message ---------\nFrom: C <c@d.example>\nSubject: x\nTo: us\n\nHelp!"
    assert reply_text(text) == "Help!"


def test_the_marks_of_html_find_a_quote_the_words_do_not_show():
    page = '<div>Works.</div><div class="gmail_attr">Zxcv qwer</div><blockquote>old words</blockquote>'
    assert reply_text("Works.\n\nZxcv qwer\nold words", html=page) == "Works."
    assert reply_text("", html=page) == "Works."


def test_a_reply_below_an_html_quote_stays():
    attribution = '<div class="moz-cite-prefix">On 5 Jan 2026 09:00, Ann wrote:</div>'
    page = f'{attribution}<blockquote type="cite">old</blockquote><p>New words.</p>'
    assert reply_text("", html=page) == "New words."


LINES = ["Yes.", "", "> old", ">> older", ATTRIBUTIONS[0], HEADERS[0], SEPARATORS[0], DEVICES[0], "-- ", "Bob", "____"]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=12))
def test_no_word_is_made_up(lines):
    text = "\n".join(lines)
    said = text.replace("\ufeff", "").replace("\u200b", "")
    assert all(word in said for word in reply_text(text).split())


@given(st.lists(st.text(alphabet="abcdefg ,!äöüжд漢", min_size=1, max_size=40), min_size=1, max_size=8))
def test_plain_words_stay_as_they_are(lines):
    text = "\n".join(lines)
    assert reply_text(text).split() == text.split()


def test_nothing_gives_nothing():
    assert reply_text("") == ""
    assert reply_text("  \n\n\t") == ""


@pytest.mark.parametrize(
    "thanks",
    [
        "Thanks!",
        "Thank you so much for your help!",
        "Hi Anna,\n\nThanks a lot!\n\nBest regards,\nBob Miller",
        "Perfect, thank you Tom",
        "That worked, thank you!!",
        "Vielen Dank für die schnelle Hilfe!\nViele Grüße\nMax",
        "merci beaucoup",
        "Muchas gracias por su ayuda. Saludos",
        "Hartelijk dank, fijne dag",
        "Спасибо большое!",
        "Dziękuję bardzo",
        "ありがとうございます。",
        "谢谢！",
        "Teşekkürler, iyi çalışmalar",
    ],
)
def test_a_bare_thank_you_is_only_thanks(thanks):
    assert is_only_thanks(thanks)


@pytest.mark.parametrize(
    "more",
    [
        "",
        "ok",
        "Best regards\nBob",
        "No thanks",
        "Thanks, but it still fails",
        "Thanks, what next?",
        "Thank you in advance",
        "Thanks. Broken.",
        "thanks\nStill broken",
        "THANKS FOR NOTHING",
        "Thanks, please cancel order 123",
        "Thanks!\n\nAlso the invoice is wrong",
        "Merci, mais ça ne marche pas",
        "Danke, aber es geht nicht",
        "谢谢，还是不行",
    ],
)
def test_more_than_a_thank_you_is_not_only_thanks(more):
    assert not is_only_thanks(more)
