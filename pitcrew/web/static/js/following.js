// A page that follows a conversation: its parts are fetched anew when it moves. A part in which somebody writes waits.
import { all, isChanged, on, one } from "./page.js";

export const followed = () => one("[data-follows]")?.dataset.follows ?? "";
let asked = 0;

export async function refetchFollowed() {
  const place = one("[data-follows]");
  if (!place) return;
  const mine = (asked += 1);
  const response = await fetch(place.dataset.address, { headers: { "HX-Request": "true" } });
  if (mine !== asked || !response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of all("[data-part]", place)) renew(part, fresh.getElementById(part.id));
}

function renew(part, next) {
  if (!next) return;
  if (isWriting(part)) return part.dataset.verbs === next.dataset.verbs || tell();
  window.Idiomorph.morph(part, next, { morphStyle: "outerHTML" });
  window.htmx.process(one(`#${next.id}`));
}

function isWriting(part) {
  const fields = all("textarea, select, input:not([type=hidden])", part);
  return fields.some((field) => field === document.activeElement || isChanged(field));
}

// Above the form stands what happened; the form stays until who writes in it says otherwise.
function tell() {
  one("#leg-changed").hidden = false;
}

on("click", "[data-do='renew']", () => window.location.assign(one("[data-follows]").dataset.address));
document.body.addEventListener("moved", refetchFollowed);
