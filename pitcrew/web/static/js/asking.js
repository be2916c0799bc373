// Acts, and the palette that asks what an act still needs. Type to narrow, arrows to choose, Enter to do.
import { chosen, pickNone } from "./list.js";
import { all, on, one, post } from "./page.js";

const sheet = () => one("#ask");
let hurried = false; // Enter was pressed before the choices were there

export async function ask(what) {
  const { ids, all: every } = chosen();
  if (!ids && !every) return;
  hurried = false;
  one("#ask-choices").replaceChildren();
  one("#ask-title").textContent = one("#ask-title").dataset[what];
  one("[data-filter]", sheet()).value = "";
  if (!sheet().open) sheet().showModal();
  one("[data-filter]", sheet()).focus();
  await window.htmx.ajax("GET", `/ask/${what}/?ids=${ids}&all=${every}`, { source: "#ask-choices", target: "#ask-choices", swap: "innerHTML" });
  narrow();
  if (hurried) one(".choices > .is-first", sheet())?.click();
}

export function act(verb, more = {}) {
  const { ids, all: every } = chosen();
  if (!ids && !every) return;
  post(`/conversations/${verb}/`, { ids, all: every, ...more });
  done();
}

function done() {
  if (sheet().open) sheet().close();
  pickNone();
}

const buttons = () => all(".choices > button", sheet()).filter((button) => !button.hidden);

function narrow() {
  const typed = one("[data-filter]", sheet()).value.trim();
  for (const button of all(".choices > button:not([data-takes-filter])", sheet())) {
    button.hidden = !button.textContent.toLowerCase().includes(typed.toLowerCase());
  }
  const fresh = one("[data-takes-filter]", sheet());
  if (fresh) {
    fresh.hidden = !typed || buttons().some((button) => button !== fresh && button.value.toLowerCase() === typed.toLowerCase());
    fresh.value = typed;
    one("[data-typed]", fresh).textContent = typed;
  }
  const first = buttons()[0];
  for (const button of all(".choices > button", sheet())) button.classList.toggle("is-first", button === first);
}

function walk(by) {
  const rows = buttons();
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? 0 : at + by;
  if (next < 0) one("[data-filter]", sheet()).focus();
  else rows[Math.min(next, rows.length - 1)]?.focus();
}

on("input", "[data-filter]", narrow);
on("input", "[data-moment]", (event, field) => {
  one("[data-takes-moment]", field.closest("form")).value = field.value;
});
on("keydown", "[data-palette]", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.matches("[data-filter]")) {
    event.preventDefault();
    hurried = !one(".choices", sheet());
    narrow(); // the choices may have come after the last letter
    one(".choices > .is-first", sheet())?.click();
  } else if (event.key === "Enter" && event.target.matches("[data-moment]")) {
    event.preventDefault();
    one("[data-takes-moment]", sheet())?.click();
  }
});
on("click", "[data-ask]", (event, button) => ask(button.dataset.ask));
on("click", "[data-act]", (event, button) => {
  act(button.dataset.act, button.dataset.name ? { name: button.dataset.name } : {});
});
// "Take off" in the tag palette goes to another address than the form it stands in.
document.addEventListener("htmx:configRequest", (event) => {
  const by = event.detail.triggeringEvent?.submitter;
  if (by?.dataset.post) event.detail.path = by.dataset.post;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.("#ask") || event.detail.requestConfig?.verb !== "post") return;
  sheet().close();
  if (event.detail.xhr.status < 400) pickNone();
});
document.addEventListener("click", (event) => event.target === sheet() && sheet().close());
