// Writing ahead: who presses r before the conversation is there means that one. What is typed meanwhile is no command;
// it waits, and stands in the composer when that has come.
import { insert, write } from "./composer.js";
import { current, isOpening, open } from "./list.js";
import { one, whenNothingOpens } from "./page.js";

let meant = "";
let typed = "";

export function answer(which) {
  if (!isOpening()) {
    if (one("#composer")) return write(which);
    if (!current()) return;
    open();
  }
  [meant, typed] = [which, ""];
}

export function takes(event) {
  if (!meant) return false;
  if (event.key === "Escape") meant = "";
  else if (event.key === "Enter") typed += "\n";
  else if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key.length === 1) typed += event.key;
  event.preventDefault();
  return true;
}

document.addEventListener("htmx:afterSettle", async (event) => {
  if (event.target.id !== "main" || !meant || isOpening()) return;
  await write(meant);
  insert(typed);
  meant = "";
});
whenNothingOpens(() => (meant = ""));
