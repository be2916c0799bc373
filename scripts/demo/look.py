"""Takes the pictures of a filled data folder (PITCREW_DATA): python -m scripts.demo.look FOLDER [NAME ...]"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PITCREW = [sys.executable, "-c", "from pitcrew.cli import main; main()"]
WIDE = {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1.25}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
MARTIN = "Card has not arrived"
LARGEST = 400_000  # bytes of one picture


def open_conversation(page: Page, subject: str = MARTIN) -> None:
    page.locator(".line-link", has_text=subject).first.click()
    page.locator("article.conversation").wait_for()


def queue(page: Page) -> None:
    page.goto("/queue/open/")
    open_conversation(page, "Charged twice")
    page.locator(".line", has_text="Bescheinigung").locator(".line-pick").check(force=True)
    page.locator(".line", has_text="Statement will not open").locator(".line-pick").check(force=True)
    page.locator("#bulk [data-act=close]").click()
    page.locator("#told .told").wait_for()


def conversation(page: Page) -> None:
    page.goto("/queue/open/")
    open_conversation(page)


def composer(page: Page) -> None:
    conversation(page)
    page.locator("#composer [data-do=format]").click()
    page.locator("trix-editor").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" ")
    page.keyboard.press("Control+b")
    page.keyboard.type("Kastanienallee 7")
    page.keyboard.press("Control+b")
    page.keyboard.type(", by courier. I ring you on Thursday to hear that it arrived.")
    file = {"name": "receipt-of-your-new-card.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" * 9000}
    page.locator("#composer [data-files]").set_input_files(file)
    page.locator("#uploads .file").wait_for()
    page.get_by_text("draft saved").wait_for()


def dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    conversation(page)


def search(page: Page) -> None:
    page.goto("/search/?q=card")


def settings(page: Page) -> None:
    page.goto("/settings/mailboxes/")


def quarantine(page: Page) -> None:
    page.goto("/quarantine/")


def history(page: Page) -> None:
    page.goto("/history/")


def phone_queue(page: Page) -> None:
    page.goto("/queue/open/")


def hand_over(page: Page) -> None:
    page.goto("/queue/open/")
    open_conversation(page, "Statement will not open")
    page.keyboard.press("h")
    page.locator(".hand-over-form").wait_for()
    page.get_by_label("Tried").fill("The online password; it does not open the file")
    page.get_by_label("Promised").fill("An answer before the weekend")
    page.locator(".way").first.click()


def track(page: Page) -> None:
    page.goto("/queue/waiting/")
    open_conversation(page)


def relay(page: Page) -> None:
    page.goto("/legs/")


def leg(page: Page) -> None:
    page.goto("/legs/")
    page.locator("#legs a", has_text="One new card").first.click()
    page.locator(".leg").wait_for()


def ways(page: Page) -> None:
    page.goto("/settings/relays/")
    page.get_by_role("link", name="Card delivery").click()
    page.locator("#drawn svg").wait_for()


def in_the_dark(go: Callable[[Page], None]) -> Callable[[Page], None]:
    def look_there(page: Page) -> None:
        page.emulate_media(color_scheme="dark")
        go(page)

    return look_there


MIRA = "mira@northbank.example"  # the rest is seen by Ana
WHO = {"relay": MIRA, "leg": MIRA, "relay-dark": MIRA, "leg-dark": MIRA, "phone-relay": MIRA, "phone-leg": MIRA}
PICTURES: dict[str, tuple[dict, Callable[[Page], None]]] = {
    "conversation": (WIDE, conversation),
    "composer": (WIDE, composer),
    "dark": (WIDE, dark),
    "search": (WIDE, search),
    "settings": (WIDE, settings),
    "quarantine": (WIDE, quarantine),
    "history": (WIDE, history),
    "phone-queue": (PHONE, phone_queue),
    "phone-conversation": (PHONE, conversation),
    "hand-over": (WIDE, hand_over),
    "hand-over-dark": (WIDE, in_the_dark(hand_over)),
    "phone-hand-over": (PHONE, hand_over),
    "track": (WIDE, track),
    "track-dark": (WIDE, in_the_dark(track)),
    "phone-track": (PHONE, track),
    "relay": (WIDE, relay),
    "relay-dark": (WIDE, in_the_dark(relay)),
    "phone-relay": (PHONE, relay),
    "leg": (WIDE, leg),
    "leg-dark": (WIDE, in_the_dark(leg)),
    "phone-leg": (PHONE, leg),
    "relay-template": (WIDE, ways),
    "relay-template-dark": (WIDE, in_the_dark(ways)),
    "phone-relay-template": (PHONE, ways),
    "queue": (WIDE, queue),
}


def look(folder: Path, names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    with screens() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        kept = {who: signed_in(browser, address, who) for who in {"", *WHO.values()}}
        for name in names or PICTURES:
            shape, go = PICTURES[name]
            context = browser.new_context(
                base_url=address, storage_state=kept[WHO.get(name, "")], locale="en-GB", **shape
            )
            page = context.new_page()
            go(page)
            take(page, folder / f"{name}.png")
            context.close()
        browser.close()


def take(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.mouse.move(700, 5)
    page.wait_for_timeout(400)  # what slides in has arrived
    page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} KB")
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} KB. Take it at a smaller scale.")


def signed_in(browser: Browser, address: str, who: str = "") -> dict:
    """What a browser keeps after a one-time link of somebody, or of the first administrator."""
    words = ["sign-in-link", *([who] if who else [])]
    link = subprocess.run([*PITCREW, *words], check=True, capture_output=True, text=True).stdout.strip()
    context: BrowserContext = browser.new_context()
    page = context.new_page()
    page.goto(address + "/" + link.split("/", 3)[3])
    page.get_by_role("button").first.click()
    page.goto(address + "/queue/open/")
    page.locator("#list").wait_for()
    return context.storage_state()


@contextmanager
def screens() -> Iterator[str]:
    """The screens alone, so that nothing is sent, fetched or woken; gives their address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*PITCREW, "web", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


if __name__ == "__main__":
    look(Path(sys.argv[1]), sys.argv[2:])
