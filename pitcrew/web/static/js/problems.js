// Answer all: letters are left out by unticking, by x, or by dragging them to "Not these"; gaps go where one writes.
import { all, on, one } from "./page.js";

const field = () => one("[data-left-out]");
const leftOut = () => new Set((field()?.value ?? "").split(",").filter(Boolean));
let writing = null;

function keep(numbers) {
  field().value = [...numbers].join(",");
  one("[data-not-these] [data-count]").textContent = numbers.size;
}

function leave(letter, isOut) {
  const tick = one("input[name=goes]", letter);
  tick.checked = !isOut;
  letter.classList.toggle("is-out", isOut);
  const numbers = leftOut();
  isOut ? numbers.add(letter.dataset.letter) : numbers.delete(letter.dataset.letter);
  keep(numbers);
}

on("change", "[data-letter] input[name=goes]", (event, tick) => leave(tick.closest("[data-letter]"), !tick.checked));
on("click", "[data-takes-back]", (event, button) => {
  const numbers = leftOut();
  numbers.delete(button.dataset.takesBack);
  keep(numbers);
  one("#answer-all [value=preview]").click();
});
on("dragstart", "[data-letter]", (event, letter) => event.dataTransfer.setData("text/plain", letter.dataset.letter));
on("dragover", "[data-not-these]", (event, place) => {
  event.preventDefault();
  place.classList.add("is-over");
});
on("dragleave", "[data-not-these]", (event, place) => place.classList.remove("is-over"));
on("drop", "[data-not-these]", (event, place) => {
  event.preventDefault();
  place.classList.remove("is-over");
  const letter = one(`[data-letter="${CSS.escape(event.dataTransfer.getData("text/plain"))}"]`);
  if (letter) leave(letter, true);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select")) return;
  const letter = event.target.closest?.("[data-letter]");
  if (letter) leave(letter, !letter.classList.contains("is-out"));
});
on("focusin", "#answer-all > .field textarea", (event, area) => {
  writing = area.id;
  for (const gap of all("[data-puts]")) gap.dataset.into = writing;
});
