// The keys; ? lists them. They sleep while somebody writes or chooses.
import { answer, takes } from "./ahead.js";
import { act, ask } from "./asking.js";
import { handOver } from "./handing.js";
import { isPicking, open, pick, pickAll, pickNone, pickTo, current, step } from "./list.js";
import { on, one, shown } from "./page.js";

let before = "";

const plain = {
  j: () => step(1),
  k: () => step(-1),
  o: () => open(),
  Enter: () => open(),
  x: () => current() && pick(current()),
  X: () => current() && pickTo(current()),
  e: () => act(shown()?.dataset.state === "done" && !isPicking() ? "reopen" : "close"),
  a: () => ask("assign"),
  m: () => ask("transfer"),
  h: () => handOver(),
  s: () => ask("snooze"),
  t: () => ask("tag"),
  p: () => ask("prioritise"),
  c: () => ask("problem"),
  ".": () => ask("more"),
  r: () => answer("reply"),
  n: () => answer("note"),
  u: () => one("#told [data-key='u']")?.click(),
  "/": () => window.location.assign("/search/"),
  "?": () => one("#keys").showModal(),
  Escape: () => pickNone(),
};

function go(key) {
  if (key === "h") return window.location.assign("/history/");
  if (key === "r") return window.location.assign("/legs/");
  const link = one(`[data-go="${CSS.escape(key)}"]`);
  if (link) window.location.assign(link.href);
}

const writes = (element) => element.closest?.("input:not([type=checkbox]), textarea, select, trix-editor, dialog");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (takes(event)) return;
  if (writes(event.target)) {
    if (event.key === "Escape") event.target.blur?.();
    return;
  }
  if (event.key === "Enter" && event.target !== document.body) return;
  const first = before;
  before = event.key === "g" || event.key === "*" ? event.key : "";
  if (before) return;
  if (first === "g") return go(event.key);
  if (first === "*" && event.key === "a") return pickAll();
  if (Object.hasOwn(plain, event.key)) {
    event.preventDefault();
    plain[event.key]();
  }
});
on("click", "[data-do='keys']", () => one("#keys").showModal());
on("click", "[data-do='close-keys']", () => one("#keys").close());
