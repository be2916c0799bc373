// The list: which row is current, which are selected, and fetching it anew.
import { all, on, one, shownId, tab, whenNothingOpens } from "./page.js";

const picked = new Set();
let everything = false;
let last = 0;
let at = shownId(); // the row one stands on; it runs ahead of what is shown when keys are fast
let wanted = 0; // the conversation that was opened and is not there yet

export const isOpening = () => wanted !== 0;
const here = () => wanted || shownId();
export const lines = () => all("#list .line");
const idOf = (line) => Number(line.dataset.id);
export const current = () => one("#list .line[aria-current]") ?? null;

export function chosen() {
  if (everything) return { ids: "", all: tab() };
  const ids = picked.size ? [...picked] : [here() || Number(current()?.dataset.id ?? 0)].filter(Boolean);
  return { ids: ids.join(","), all: "" };
}

export const isPicking = () => picked.size > 0;

function draw() {
  for (const line of lines()) {
    const is = picked.has(idOf(line));
    line.classList.toggle("is-picked", is);
    one(".line-pick", line).checked = is;
  }
  const bulk = one("#bulk");
  if (!bulk) return;
  bulk.hidden = picked.size === 0;
  one("#list").classList.toggle("is-picking", picked.size > 0);
  one("[data-chosen]", bulk).textContent = everything ? `All in ${tab()},` : picked.size;
}

export function pick(line, isPicked = !picked.has(idOf(line))) {
  everything = false;
  isPicked ? picked.add(idOf(line)) : picked.delete(idOf(line));
  last = idOf(line);
  draw();
}

export function pickTo(line) {
  const rows = lines();
  const from = rows.findIndex((row) => idOf(row) === last);
  const to = rows.indexOf(line);
  if (from < 0 || to < 0) return pick(line, true);
  for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) picked.add(idOf(row));
  last = idOf(line);
  draw();
}

export function pickAll() {
  // Once: all rows that are there. Once more: all of the tab.
  everything = lines().length > 0 && lines().every((line) => picked.has(idOf(line)));
  for (const line of lines()) picked.add(idOf(line));
  draw();
}

export function pickNone() {
  picked.clear();
  everything = false;
  draw();
}

export function mark(id) {
  at = id;
  for (const line of lines()) {
    if (idOf(line) === id) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

export function step(by) {
  const rows = lines();
  if (!rows.length) return;
  const at = rows.indexOf(current());
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  mark(idOf(next));
  next.scrollIntoView({ block: "nearest" });
  if (here()) open(next);
  else one(".line-link", next).focus({ preventScroll: true });
}

export function open(line = current()) {
  if (line) one(".line-link", line).click();
}

export function afterLeaving(ids) {
  // What was acted on has left the list: go on to the next one that stays.
  if (!ids.includes(here())) return;
  const rows = lines();
  const at = rows.findIndex((row) => idOf(row) === here());
  const next = rows.slice(at + 1).find((row) => !ids.includes(idOf(row))) ?? rows.slice(0, Math.max(at, 0)).at(-1);
  if (next && at >= 0) open(next);
}

export function refetch() {
  if (!one("#list")) return null;
  const rows = Math.ceil(lines().length / 50) * 50 || 50;
  return window.htmx.ajax("GET", `/queue/${tab()}/?rows=${rows}`, { source: "#list", target: "#list", swap: "morph:innerHTML" });
}

on("click", ".line-pick", (event, box) => {
  const line = box.closest(".line");
  event.shiftKey ? pickTo(line) : pick(line, box.checked);
});
on("click", ".line-link", (event, link) => {
  wanted = idOf(link.closest(".line"));
  mark(wanted);
});
// The exact moment, written only for the row one looks at.
on("mouseover", "time:not([title])", (event, time) => {
  time.title = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" });
});
whenNothingOpens(() => (wanted = 0));
// What became part of another leads there: whichever comes now is the one that was meant.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status === 204 && event.target.closest?.(".line")) wanted = 0;
});
on("click", "[data-do='select-none']", pickNone);
on("click", "[data-do='select-all']", pickAll);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "main") {
    one(".columns").dataset.open = "main";
    if (!wanted || shownId() === wanted) [at, wanted] = [shownId(), 0];
  }
  const there = new Set(lines().map(idOf));
  if (event.target.id === "list") for (const id of picked) if (!there.has(id)) picked.delete(id);
  draw();
  mark(at);
});
mark(at);
one("#list .line[aria-current]")?.scrollIntoView({ block: "nearest" });
