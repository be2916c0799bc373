// Handing over: a panel with a form of its own. What was typed stays when the panel closes, and when it is refused.
import { chosen } from "./list.js";
import { on, one, say } from "./page.js";

const sheet = () => one("#hand-over");
const body = () => one("#hand-over-body");
const form = () => one("form", body());

export async function handOver() {
  const { ids, all: every } = chosen();
  if (one("#ask")?.open) one("#ask").close();
  if (every || ids.includes(",")) return say("Hand over one conversation at a time: each has a brief of its own.");
  if (!ids) return;
  sheet().showModal();
  if (form()?.dataset.conversation === ids) return first();
  body().replaceChildren();
  await window.htmx.ajax("GET", `/conversations/${ids}/hand-over/`, { source: "#hand-over-body", target: "#hand-over-body", swap: "innerHTML" });
  first();
}

function first() {
  if (!sheet().open || !form()) return;
  (one("[aria-invalid='true']", form()) ?? one("input[name=way]:checked", form()) ?? one("input[name=way]", form()))?.focus();
}

on("click", "[data-do='hand-over']", handOver);
on("click", "[data-do='close-panel']", () => sheet().close());
document.addEventListener("click", (event) => event.target === sheet() && sheet().close());
on("keydown", ".hand-over-form", (event, asked) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  asked.requestSubmit();
});
// Choosing where it goes shows the field that belongs to it, and writing there chooses it.
on("input", ".way-more :is(input, select)", (event, field) => {
  const asked = field.closest("form");
  one(`[data-way="${field.closest(".way-more").dataset.for}"]`, asked).checked = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.("#hand-over") || event.detail.requestConfig?.verb !== "post") return;
  if (event.detail.xhr.status >= 400) return first();
  sheet().close();
  body().replaceChildren();
});
