# ruff: noqa: E501
"""A browser that tells what a hostile text achieves on a real page: what ran, called out, led away or stands there."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

# In every document, before anything of it: say aloud when a script runs or is kept from running.
ALARMS = """
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
  window[name] = (what) => { console.log('RAN ' + name + ' ' + what); return null; };
document.addEventListener('securitypolicyviolation', (event) => {
  if (/^(script|object|base|form|frame|navigate|worker)/.test(event.effectiveDirective))
    console.log('RAN INTO POLICY ' + event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
});
"""
STOPPED = re.compile(r"RAN |blocked script execution|refused to (execute|run|load the script|frame|send form)", re.I)

# What may stand inside the places where words of others are shown: words, and our own links and marks.
PAGE = """() => {
  const places = '.line-who, .line-subject, .line-what .quiet, .hit-words, .hit-top, .words, .by > b, .said .address, .file > span,'
    + ' h1[dir], .side h2, .warning, .acts summary > span, .preview, pre';
  const found = [];
  for (const place of document.querySelectorAll(places))
    for (const node of place.querySelectorAll('*'))
      if (!(node.matches('a[href^="http"], a[href^="/conversations/"], a[href^="/customers/"], mark, .chip, b, .quiet') && ![...node.attributes].some((a) => /^on|^hx-/.test(a.name))))
        found.push(place.className + ' holds ' + node.outerHTML.slice(0, 120));
  const extra = 'script:not([src^="/static/"]), style, base, object, embed, meta[http-equiv], link:not([href^="/static/"]),'
    + ' form[action^="http"], a[href^="javascript:" i], a[href^="data:" i]';
  for (const node of document.querySelectorAll(extra))
    if (!node.closest('trix-editor, trix-toolbar') && !(node.localName === 'style' && node.nonce)) found.push('page holds ' + node.outerHTML.slice(0, 120));
  return found;
}"""
MAIL = """(doc) => {
  const found = [];
  for (const node of doc.querySelectorAll('form, input, button, textarea, select, script, base, object, embed, iframe, frame, link, body style, body meta'))
    found.push(node.outerHTML.slice(0, 120));
  for (const node of doc.querySelectorAll('*'))
    for (const { name, value } of node.attributes) {
      const plain = value.replace(/[\\u0000-\\u0020]/g, '').toLowerCase();
      if (/^on|^hx-|^srcdoc$|^ping$|^background$|^srcset$/.test(name)) found.push(name + ' of ' + node.outerHTML.slice(0, 120));
      if (/^(javascript|vbscript|livescript):|^data:(text|application\\/x|image\\/svg)/.test(plain)) found.push(name + ' of ' + node.outerHTML.slice(0, 120));
    }
  return found;
}"""
FRAMES = (
    f"""() => [...document.querySelectorAll('details.as-sent iframe')].flatMap((f) => ({MAIL})(f.contentDocument))"""
)
ALONE = f"""() => ({MAIL})(document)"""
LOADED = """() => [...document.querySelectorAll('details.as-sent iframe')].every((f) =>
  f.contentDocument && f.contentDocument.readyState === 'complete' && f.contentDocument.URL.includes('/mails/'))"""


@dataclass
class Watched:
    """A page under watch, and what was seen on it."""

    page: Page
    address: str
    seen: dict[str, list[str]] = field(default_factory=lambda: {k: [] for k in ("ran", "outside", "went", "stands")})

    def note(self, what: str, words: str) -> None:
        self.seen[what].append(words[:200])

    def visit(self, path: str, question: str = PAGE) -> Any:
        """Go there and look at what stands there."""
        answer = self.page.goto(self.address + path, wait_until="load")
        self.look(question)
        self.expect_here(path)
        return answer

    def look(self, question: str) -> None:
        for found in self.page.evaluate(question):
            self.note("stands", found)

    def expect_here(self, path: str) -> None:
        if not self.page.url.startswith(self.address + path.partition("?")[0]):
            self.note("went", f"{path} -> {self.page.url}")

    def open_mails(self) -> int:
        """Unfold every mail as it was sent, and look into the frames."""
        self.page.evaluate("document.querySelectorAll('details.as-sent > summary').forEach((one) => one.click())")
        self.page.wait_for_function(LOADED, timeout=60_000)
        self.look(FRAMES)
        for frame in self.page.frames[1:]:
            if not re.match(re.escape(self.address) + r"/mails/\d+/", frame.url):
                self.note("went", f"a frame -> {frame.url}")
        shown = len(self.page.frames) - 1
        assert shown == self.page.locator("details.as-sent").count(), "not every mail was shown as it was sent"
        return shown


def watch(context: BrowserContext, address: str) -> Watched:
    """A new page that is watched; nothing it asks of another host leaves the machine."""
    context.add_init_script(ALARMS)
    page = context.new_page()
    watched = Watched(page, address)

    def pass_on(route: Route) -> None:
        url = route.request.url
        if url.startswith(address + "/"):
            route.continue_()
        else:
            watched.note("outside", f"{route.request.resource_type} {url}")
            route.abort()

    context.route("**/*", pass_on)
    page.on("console", lambda said: watched.note("ran", said.text) if STOPPED.search(said.text) else None)
    page.on("pageerror", lambda error: watched.note("ran", str(error)))
    page.on("dialog", lambda dialog: (watched.note("ran", dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: watched.note("went", f"popup {popup.url}"))
    return watched
