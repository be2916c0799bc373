"""The letters of a made-up bank's customers, as mailbox files: what the screenshots are taken from."""
# ruff: noqa: E501  (a letter is easier to read unbroken)

import mailbox
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

HOUSE = "service@northbank.example"

# (hours ago, name, address, subject, text, what it answers: the number of an earlier letter, or None)
LETTERS: list[tuple[float, str, str, str, str, int | None]] = [
    (75.0, "Piotr Zielak", "piotr.zielak@posteo.example", "Limit for travel in May",
     "Hello,\n\nI will be in Portugal for three weeks in May. Can my limit be raised to 4,000 for that time?\n\nPiotr", None),
    (52.0, "Nora Weiss", "nora.weiss@example.net", "Wrong date on my statement",
     "Good morning,\n\nthe statement for March shows a payment on the 31st that I made on the 28th. It matters to me "
     "because of the interest.\n\nKind regards\nNora Weiss", None),
    (50.0, "Inge Dahl", "inge.dahl@example.org", "App says card is unknown",
     "Since the update the app tells me that my card is not known. I removed it and added it again, no change.", None),
    (30.0, "Sara Lind", "sara.lind@example.net", "Card returned to the bank",
     "Dear team,\n\nthe post office says a letter from you could not be delivered and went back. I moved in February and "
     "told you then. Is this my new card?\n\nSara Lind", None),
    (27.5, "Kofi Mensah", "kofi@mensah-bau.example", "Invoice copy for 2025",
     "Hi,\n\nour accountant needs the fee invoice for 2025 once more, as PDF. Customer number 88 41 02.\n\nThanks\nKofi", None),
    (26.0, "Tom Berg", "tom.berg@example.com", "The app logs me out every morning",
     "Every morning I have to sign in again, with the code and everything. Before the last version I stayed signed in "
     "for weeks.\n\nPhone: two years old, system up to date.\n\nTom", None),
    (24.0, "Martin Haas", "martin.haas@posteo.example", "Card has not arrived",
     "Good morning,\n\nI was told three weeks ago that my application was approved. Since then nothing has come, not even "
     "a letter. I have written twice and called once. I need the card for a closing next week.\n\nMartin Haas", None),
    (22.0, "Amira Saleh", "amira.saleh@example.org", "New address, and where is my card?",
     "Hello,\n\nI moved on 1 March to Lindenweg 4. Please change it. And should my card not have come by now?\n\nAmira", None),
    (20.0, "Jonas Frey", "jonas@frey-mobel.example", "Terminal shows error 41",
     "The terminal in our shop shows error 41 whenever a customer pays by phone. Cards work. It is Saturday tomorrow, our "
     "busiest day.", None),
    (8.0, "Lena Vogt", "lena.vogt@example.com", "Charged twice for the March invoice",
     "Hello,\n\nthe March invoice (24.90) was taken from my account on the 2nd and again on the 4th. Please send one of "
     "them back.\n\nLena Vogt", None),
    (6.5, "Elif Demir", "elif.demir@example.net", "Bescheinigung für das Finanzamt",
     "Guten Tag,\n\nich brauche für das Finanzamt eine Bescheinigung über die gezahlten Zinsen 2025. Können Sie mir die "
     "zuschicken?\n\nMit freundlichen Grüßen\nElif Demir", None),
    (5.5, "Inge Dahl", "inge.dahl@example.org", "Re: App says card is unknown", "Thank you, it works again.\n\nInge", 2),
    (5.0, "Kofi Mensah", "kofi@mensah-bau.example", "Re: Invoice copy for 2025",
     "One more thing: could it be made out to Mensah Bau Ltd, please?\n\nKofi", 4),
    (4.0, "Ruth Okafor", "ruth.okafor@example.org", "How do I lend the card to my son?",
     "He studies abroad and needs one for emergencies. Is there a second card, and what does it cost?", None),
    (3.0, "Sara Lind", "sara.lind@example.net", "Re: Card returned to the bank",
     "I was at the counter today: nobody there could see where the card is now. Please tell me what happens next.", 3),
    (1.4, "Martin Haas", "martin.haas@posteo.example", "Re: Card has not arrived",
     "It is Kastanienallee 7. My old address was Hafenstrasse 12; I moved in May, perhaps that is why.\n\nMartin Haas", 6),
    (0.6, "Lena Vogt", "lena.vogt@example.com", "Re: Charged twice for the March invoice",
     "I have attached the two lines of my statement. Do you need anything else from me?\n\nLena", 9),
    (0.2, "Paul Adeyemi", "paul.adeyemi@example.com", "Statement will not open",
     "The PDF of my April statement asks for a password. Which one? My online password does not work.", None),
]  # fmt: skip

# (days ago, name, address, subject, text): answered and done long ago
OLD: list[tuple[float, str, str, str, str]] = [
    (9.2, "Martin Haas", "martin.haas@posteo.example", "When will I hear about my application?",
     "Good day,\n\nI applied for a card two weeks ago. When will I hear whether it is approved?\n\nMartin Haas"),
    (10.1, "Helen Brandt", "helen.brandt@example.com", "Card blocked at the petrol station",
     "My card was blocked this morning at a petrol station in Lyon. I had told you that I travel."),
    (11.4, "Sara Lind", "sara.lind@example.net", "I have moved",
     "My new address from February is Gartenstrasse 9. Please use it for everything, the card too."),
    (12.0, "Omar Haddad", "omar@haddad-optik.example", "Second terminal for the shop",
     "We open a second till in June and need one more terminal. What does it cost a month?"),
    (13.3, "Julia Meyer", "julia.meyer@example.org", "Fee for the replacement card",
     "You charged 12.00 for a replacement card, but the first one never arrived. Please return the fee."),
    (15.0, "Karl Nyman", "karl.nyman@example.com", "PIN letter has not come",
     "The card is here since Monday, the letter with the PIN is not. Is it sent to the same address?"),
    (16.5, "Lena Vogt", "lena.vogt@example.com", "Change of my bank account",
     "From next month please take the invoice from my new account. The form is attached."),
    (18.0, "Beatriz Costa", "beatriz.costa@example.net", "Card returned, again",
     "For the second time a card was returned to you by the post. My name is not on the letterbox; it stands under "
     "Costa-Lindner."),
    (21.0, "Hassan Amiri", "hassan.amiri@example.org", "Statement as CSV",
     "Can I have my statements as CSV, for my bookkeeping?"),
    (24.0, "Greta Olsen", "greta.olsen@example.net", "Contactless does not work",
     "Contactless payments are refused everywhere, with the PIN it works. The card is three weeks old."),
]  # fmt: skip


def write_old(path: Path, now: datetime) -> None:
    """Write what came weeks ago as an mbox file."""
    box = mailbox.mbox(path)
    for number, (days, name, address, subject, text) in enumerate(OLD):
        sent = now - timedelta(days=days)
        box.add(_letter(f"old-{number}@{_domain(address)}", sent, f"{name} <{address}>", HOUSE, subject, text))
    box.close()


def write(path: Path, now: datetime, *, older_than: float = 1e9, until: float = 0) -> None:
    """Write the letters that came between so many and so many hours ago, as an mbox file."""
    box = mailbox.mbox(path)
    for number, (hours, name, address, subject, text, answers) in enumerate(LETTERS):
        if until <= hours < older_than:
            sent = now - timedelta(hours=hours)
            letter = _letter(mail_id(number), sent, f"{name} <{address}>", HOUSE, subject, text)
            if answers is not None:
                letter["In-Reply-To"] = f"<{mail_id(answers)}>"
            box.add(letter)
    box.close()


def write_broken(path: Path, now: datetime) -> None:
    """Write mails that nobody can read safely: a chain of forwards without end, and one of a thousand parts."""
    box = mailbox.mbox(path)
    chain = _letter(
        "chain@example.net", now, "Nora Weiss <nora.weiss@example.net>", HOUSE, "Fwd: Fwd: Fwd: List", "See below."
    )
    for _ in range(60):
        outer = _envelope("chain@example.net", now, "Nora Weiss <nora.weiss@example.net>", HOUSE, "Fwd: Fwd: Fwd: List")
        outer.set_content(chain)
        chain = outer
    box.add(chain)
    parts = _letter(
        "parts@example.org", now, "Scanner <scan@frey-mobel.example>", HOUSE, "1,200 pages scanned", "Attached."
    )
    for page in range(1200):
        parts.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename=f"{page}.pdf")
    box.add(parts)
    box.close()


def mail_id(number: int) -> str:
    """The Message-ID of a letter, without <>."""
    return f"letter-{number}@{_domain(LETTERS[number][2])}"


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _envelope(mail_id: str, sent: datetime, sender: str, to: str, subject: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Message-ID"], letter["Date"] = f"<{mail_id}>", format_datetime(sent)
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    return letter


def _letter(mail_id: str, sent: datetime, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    letter = _envelope(mail_id, sent, sender, to, subject)
    letter.set_content(text)
    if "attached" in text:
        letter.add_attachment(
            b"%PDF-1.4\n%%EOF\n" * 4000, maintype="application", subtype="pdf", filename="statement.pdf"
        )
    return letter
