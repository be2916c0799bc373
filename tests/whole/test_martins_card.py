"""Martin's card, end to end: five browsers, real mail, a clock that the test holds, nothing faked.

Ana answers customers, Cora processes cards and knows only her mail, a courier has one link, Cleo leads the cards, Ben
calls back, Martin looks at his phone. Fourteen others had the same trouble.
"""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cli.conftest import perform, until
from tests.whole.clock import Clock, ClockedHouse
from tests.whole.house import Outside, database, letter
from tests.whole.test_a_day import words

pytestmark = pytest.mark.browser
BANK, CORA = "service@nordbank.test", "cora@nordbank.test"
MARTIN, COURIER = "martin@customer.test", "driver@courier.test"
OTHERS = [
    ("Lena Vogt", "The card never came to my new flat, the house number is missing on the envelope."),
    ("Tom Berg", "Still no card. Your letter shows my street without the house number."),
    ("Ida Kern", "My card was sent back, the address on it had no house number."),
    ("Noa Weiss", "No card yet. On the label the house number is missing."),
    ("Paul Rist", "The courier could not find me: no house number on the address of the card."),
    ("Mia Lang", "Where is my card? The address you use has no house number."),
    ("Jan Post", "The card went back to you because the house number was missing."),
    ("Eva Roth", "I wait for my card, the address lacks the house number again."),
    ("Max Thal", "Card returned, the house number was not printed."),
    ("Zoe Blum", "The house number is missing in the address of my card, it never arrived."),
    ("Kai Horn", "No card: address without house number."),
    ("Lea Frey", "My neighbour saw the card go back, no house number on it."),
    ("Udo Haag", "The card did not arrive, the address had no house number."),
    ("Pia Jung", "Please send the card again, with the house number this time."),
]
LONG = datetime.now(UTC) + timedelta(days=30)
MONDAY = LONG.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=-LONG.weekday() % 7)


class Post(Outside):
    """The mail servers of everybody outside the house, each with a box that is looked into by address."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Message] = []

    def to(self, address: str, *, about: str = "") -> Message:
        """The next mail to this address (whose words hold `about`); the others wait until they are asked for."""
        for _ in range(60):
            for mail in self.read:
                if mail["To"] == address and about in words(mail):
                    self.read.remove(mail)
                    return mail
            self.read.append(self.next())
        raise AssertionError(f"nothing came to {address}")


@pytest.fixture(scope="module")
def post():
    server = Post()
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture(scope="module")
def clock(tmp_path_factory) -> Clock:
    return Clock(tmp_path_factory.mktemp("time") / "clock", MONDAY)


@pytest.fixture(scope="module")
def bank(tmp_path_factory, clock):
    folder = tmp_path_factory.mktemp("nordbank") / "data"
    with database(folder) as where:
        house = ClockedHouse(folder, clock, **where)
        yield house
        house.stop()


def stage(bank: ClockedHouse, act: str, *said: str) -> dict:
    """Let something happen in the house, in a process of its own, at the moment of its clock."""
    moment = bank.clock.now().isoformat()
    return perform(bank.folder, "tests.whole.nordbank", act, moment, *said, **bank.environment)


@pytest.fixture(scope="module")
def crew(bank, post, browser: Browser):
    """Everybody's browser: Ana, Ben and Cleo are signed in, the courier has only a browser, Martin a phone."""
    links = stage(bank, "set_up", str(post.port))
    sizes = {"Ana": (1440, 900), "Ben": (1440, 900), "Cleo": (1440, 900), "courier": (390, 844), "martin": (360, 740)}
    pages: dict[str, Page] = {}
    for name, (width, height) in sizes.items():
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=bank.address)
        context.set_default_timeout(15_000)
        pages[name.lower()] = context.new_page()
        if name in links:
            pages[name.lower()].goto(links[name])
            pages[name.lower()].get_by_role("button", name="Sign in").click()
            pages[name.lower()].wait_for_url(lambda address: "/sign-in/" not in address)
    yield SimpleNamespace(**pages)
    for page in pages.values():
        page.context.close()


def write(sender: str, subject: str, text: str, to: str = BANK, answers: Message | None = None) -> EmailMessage:
    mail = letter(subject, text, to=to, sender=sender)
    name = sender.partition("@")[0].title()
    mail.replace_header("From", f"{name} <{sender}>")
    if answers is not None:
        mail["In-Reply-To"] = mail["References"] = answers["Message-ID"]
        mail.replace_header("To", answers["Reply-To"])
    return mail


def link_in(mail: Message, start: str) -> str:
    """The path of the link in a mail whose path begins so."""
    return re.search(rf"https?://[^\s/]+({start}\S+)", words(mail))[1]


def line(page: Page, subject: str):
    return page.locator("#list .line", has_text=subject)


def on_the_phone(martin: Page, now: str, *, done: int) -> None:
    """What Martin sees: how many steps are done, and which is being done now; nothing of the inside."""
    martin.reload()
    expect(martin.locator(".way > .is-done")).to_have_count(done)
    if now:
        expect(martin.locator(".way [aria-current=step]")).to_contain_text(now)
    text = martin.locator("body").inner_text()
    for inside in ("Card processing", "Cora", "Cleo", "Ana", "Ben", "INSIDE", COURIER):
        assert inside not in text
    assert martin.evaluate("document.documentElement.scrollWidth") <= 360


def test_martin_gets_his_card_and_the_cause_stays_gone(bank, post, crew, clock):
    he_writes_twice_and_ana_hands_it_over(bank, post, crew, clock)
    nobody_accepts_and_the_link_is_found_broken(crew, clock)
    cora_does_her_part_by_mail_alone(bank, post, crew, clock)
    the_courier_does_his_by_one_link(post, crew, clock)
    ben_calls_and_martin_says_it_arrived(crew, clock)
    fourteen_others_make_it_a_problem(bank, crew)
    cleo_claims_the_fix_and_all_fifteen_hear_of_it(post, crew, clock)
    the_watch_stays_quiet_and_the_victory_is_told(crew, clock)
    assert stage(bank, "whole") == {"whole": True}


def he_writes_twice_and_ana_hands_it_over(bank, post, crew, clock) -> None:
    """Two mails in three weeks, then he phones: Ana notes the call, answers with his link, and starts the relay."""
    ana = crew.ana
    with ana.expect_response("**/events"):
        ana.goto("/queue/open/")
    bank.send(write(MARTIN, "My card", "I was approved, when does the card come?"))
    expect(line(ana, "My card")).to_be_visible()
    bank.send(write(MARTIN, "Card has not arrived", "I was approved three weeks ago and nothing came."))
    expect(line(ana, "Card has not arrived")).to_be_visible()
    line(ana, "Card has not arrived").locator(".line-link").click()
    expect(ana.locator("#side")).to_contain_text("My card")
    ana.locator("trix-editor[contenteditable]").wait_for()
    ana.get_by_role("tab", name="Note").click()
    ana.keyboard.type("INSIDE he phoned, moved in May")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".item.note")).to_contain_text("INSIDE he phoned")

    ana.get_by_role("tab", name="Reply").click()
    ana.locator(".canned > summary").click()
    ana.get_by_role("button", name="Where it is").click()
    expect(ana.locator("trix-editor")).to_contain_text("how far it is, any time: http")
    ana.locator("trix-editor").press("Control+Enter")
    expect(ana.locator("#told")).to_contain_text(f"Sending to {MARTIN}")
    clock.pass_on(seconds=20)
    crew.martin.goto(link_in(post.to(MARTIN), "/p/"))
    on_the_phone(crew.martin, "We wait for your answer", done=1)

    ana.keyboard.press("Escape")
    ana.keyboard.press("h")
    form = ana.locator(".hand-over-form")
    form.get_by_label("Card delivery").check()
    form.get_by_label("Need").fill("A new card to the right address")
    form.get_by_label("Tried").fill("First card came back on 3 May")
    form.get_by_label("Promised").fill("Thursday, by us")
    form.get_by_label("By when").fill((clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#told")).to_contain_text("Card delivery")
    expect(ana.locator("#head")).to_contain_text("Card processing has the baton")
    on_the_phone(crew.martin, "We correct your address and make a new card", done=1)


def nobody_accepts_and_the_link_is_found_broken(crew, clock) -> None:
    """Two hours of business go by. Cleo and Ana see it before Martin asks again."""
    crew.cleo.goto("/links/")
    expect(crew.cleo.locator("#inside")).to_contain_text("No broken link")
    clock.pass_on(hours=3)
    expect(crew.cleo.locator("#inside .broken")).to_contain_text("Not accepted")
    expect(crew.cleo.locator("#inside .broken")).to_contain_text("Card has not arrived")
    expect(crew.ana.locator("#head")).to_contain_text("Not accepted")


def cora_does_her_part_by_mail_alone(bank, post, crew, clock) -> None:
    """She gets the brief, asks, is answered, takes it and has done it: four mails, no account."""
    asked = post.to(CORA, about="A new card to the right address")
    assert "First card came back on 3 May" in words(asked)
    bank.send(write(CORA, "Re: " + asked["Subject"], "Question: which address is right?", answers=asked))
    expect(crew.ana.locator("#head")).to_contain_text("a question from Card processing")
    crew.ana.locator("#head").get_by_role("link", name="a question from Card processing").click()
    crew.ana.get_by_label("Your answer").fill("Lindenweg 4, he moved in May")
    crew.ana.get_by_role("button", name="Answer", exact=True).click()
    expect(crew.ana.locator("#told")).to_contain_text("Answered Card processing")
    clock.pass_on(seconds=20)
    answered = post.to(CORA, about="Lindenweg 4")
    bank.send(write(CORA, "Re: " + answered["Subject"], "I take it", answers=answered))
    expect(crew.ana.locator(".leg-state")).to_contain_text("Cora")
    expect(crew.cleo.locator("#inside")).to_contain_text("No broken link")
    on_the_phone(crew.martin, "We correct your address and make a new card", done=1)

    clock.pass_on(hours=2)
    done = "Done\n\nCorrected address: Lindenweg 4, 24103 Kiel\nINSIDE the old one was a typo of ours"
    bank.send(write(CORA, "Re: " + answered["Subject"], done, answers=answered))
    expect(crew.ana.locator(".leg-state")).to_contain_text("Done")
    clock.pass_on(seconds=20)
    on_the_phone(crew.martin, "On its way with the courier", done=2)


def the_courier_does_his_by_one_link(post, crew, clock) -> None:
    """The link in a mail, on a phone, without an account; it shows this leg and nothing else."""
    path, courier = link_in(post.to(COURIER), "/l/"), crew.courier
    courier.goto(path)
    body = courier.locator("body")
    expect(body).to_contain_text("A new card to the right address")
    for inside in ("INSIDE", "Cora", "Ana", "Card processing", "Front desk", "approved three weeks ago"):
        expect(body).not_to_contain_text(inside)
    courier.get_by_role("button", name="I take it").click()
    expect(courier.get_by_role("status")).to_contain_text("You have it")
    clock.pass_on(hours=4)
    courier.locator("summary", has_text=re.compile("^Done$")).click()
    courier.get_by_label("Signed by").fill("M. Haas")
    courier.get_by_role("button", name="It is done").click()
    expect(courier.get_by_role("status")).to_contain_text("Thank you. This is done")
    courier.goto(path)
    expect(courier.get_by_role("status")).to_contain_text("This is done")
    on_the_phone(crew.martin, "We call you to make sure it arrived", done=3)


def ben_calls_and_martin_says_it_arrived(crew, clock) -> None:
    """The last leg is opened by the courier's word; another care officer has it, and the matter is done."""
    ben = crew.ben
    ben.goto("/legs/")
    ben.get_by_role("link", name=re.compile("Call back")).first.click()
    expect(ben.locator(".leg")).to_contain_text("Thursday, by us")
    ben.get_by_role("button", name="I take it").click()
    expect(ben.locator(".leg-state")).to_contain_text("you have it")
    ben.get_by_label("What the customer said").fill("It arrived on Monday and it works")
    ben.get_by_role("button", name="It works").click()
    expect(ben.locator(".leg-state")).to_contain_text("Done")
    ana = crew.ana
    ana.goto("/queue/open/")
    line(ana, "Card has not arrived").locator(".line-link").click()
    expect(ana.locator("#side .track")).to_contain_text("Call back")
    ana.keyboard.press("e")
    expect(ana.locator("#told")).to_contain_text("closed")
    on_the_phone(crew.martin, "", done=5)
    expect(crew.martin.locator(".way li").last).to_contain_text("Done")


def fourteen_others_make_it_a_problem(bank, crew) -> None:
    """Fourteen mails; Ana chooses them all in the queue and names the cause, with Martin's conversation in it."""
    ana = crew.ana
    for name, text in OTHERS:
        bank.send(write(f"{name.split()[0].lower()}@customer.test", f"Card of {name}", text))
    ana.goto("/queue/open/")
    expect(ana.locator("#list .line", has_text="Card of")).to_have_count(14)
    for row in ana.locator("#list .line", has_text="Card of").all():
        row.locator(".line-pick").check()
    ana.keyboard.press("c")
    expect(ana.locator("#ask .choices")).to_be_visible()
    ana.keyboard.type("The house number is missing on printed cards")
    ana.keyboard.press("Enter")
    expect(ana.locator("#told")).to_contain_text("14 conversations are part of problem")
    ana.goto("/problems/")
    ana.get_by_role("link", name="The house number is missing on printed cards").click()
    number = stage(bank, "number", "Card has not arrived")["id"]
    ana.get_by_label("Number of a conversation").fill(f"#{number}")
    ana.get_by_label("Number of a conversation").press("Enter")
    expect(ana.locator("main")).to_contain_text("15 customers in 15 conversations")
    ana.get_by_text("Move it to another department").click()
    ana.get_by_label("Department", exact=True).select_option(label="Card processing")
    ana.get_by_role("button", name="Move", exact=True).click()
    expect(ana.locator("main .chip").first).to_contain_text("Card processing")


def cleo_claims_the_fix_and_all_fifteen_hear_of_it(post, crew, clock) -> None:
    """A claim needs evidence; then one text, looked at letter by letter, goes to all fifteen, with their names."""
    cleo, ana = crew.cleo, crew.ana
    cleo.goto("/problems/")
    cleo.get_by_role("link", name="The house number is missing on printed cards").click()
    cleo.get_by_label("Who sees to it").select_option(label="Cleo Falk (you)")
    cleo.get_by_role("button", name="Save", exact=True).first.click()
    expect(cleo.locator(".stations [aria-current=step]")).to_contain_text("Cleo Falk")
    expect(cleo.locator("main")).to_contain_text("Without evidence no fix can be claimed")
    claim = cleo.get_by_role("button", name="Claim the fix")
    if not claim.is_visible():
        cleo.locator("summary", has_text="Claim a fix").click()
    cleo.get_by_label("What it shows").first.fill("Release 4.2 checks every address before it is printed")
    claim.click()
    expect(cleo.locator(".stations [aria-current=step]")).to_contain_text("Watching")
    expect(cleo.locator("main")).to_contain_text("Times we said fixed: 1")

    ana.reload()
    ana.get_by_role("link", name="Answer all 15").click()
    text = "Dear {customer.first_name}, the address is checked now before a card is printed. Yours is on its way."
    ana.get_by_label(re.compile("^English")).fill(text)
    ana.get_by_role("button", name="Look at every letter").click()
    expect(ana.locator("[data-letter]")).to_have_count(15)
    ana.get_by_role("button", name="Send 15").click()
    ana.get_by_role("button", name="Send to all of them").click()
    expect(ana.locator("#told")).to_contain_text("15 answers on the way")
    clock.pass_on(seconds=20)
    for name in ["Martin", *(name.split()[0] for name, _ in OTHERS)]:
        mail = post.to(f"{name.lower()}@customer.test", about="checked now before a card is printed")
        assert f"Dear {name}," in words(mail)
        assert "INSIDE" not in words(mail)


def the_watch_stays_quiet_and_the_victory_is_told(crew, clock) -> None:
    """Fourteen quiet days later it is permanent, and the numbers open their rows."""
    clock.pass_on(days=13)
    crew.cleo.reload()
    expect(crew.cleo.locator(".stations [aria-current=step]")).to_contain_text("Watching")
    clock.pass_on(days=1, hours=2)
    until_it_says(crew.cleo, ".stations [aria-current=step]", "Permanent")
    crew.cleo.goto("/victories/")
    won = crew.cleo.locator(".victory", has_text="The house number is missing on printed cards")
    expect(won).to_contain_text("Cleo Falk")
    won.get_by_role("link", name=re.compile("15")).first.click()
    expect(crew.cleo.locator("main")).to_contain_text("15")


def until_it_says(page: Page, place: str, said: str) -> None:
    """Look anew until the clock of the house has done it."""
    until(lambda: page.reload() and said in page.locator(place).inner_text(), said)
