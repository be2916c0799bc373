// The settings: previews that follow what is written, gaps that are put in by a press, links that are copied,
// choices that save themselves.
import { all, on, one } from "./page.js";

function shown(text) {
  for (const gap of all("[data-gap]")) text = text.replaceAll(gap.dataset.gap, gap.dataset.becomes);
  return text;
}

function preview(field) {
  for (const place of all(`[data-preview-of="${field.id}"]`)) {
    place.textContent = shown(field.value).trim() || place.dataset.empty;
  }
}

on("input", "textarea", (event, field) => preview(field));
on("click", "[data-gap]", (event, gap) => {
  const field = one(`#${gap.dataset.into}`);
  field.setRangeText(gap.dataset.gap, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  preview(field);
});
on("click", "[data-copy]", async (event, button) => {
  const field = one(`#${button.dataset.copy}`);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    document.execCommand("copy");
  }
});
// The name of a step stands also where another one comes after it.
on("input", "[data-step-name]", (event, field) => {
  for (const place of all(`[data-named="${CSS.escape(field.dataset.stepName)}"]`)) place.textContent = field.value.trim() || "(no name)";
});
on("focusin", "[data-copies]", (event, field) => field.select());
on("change", "[data-saves] select", (event, select) => select.form.requestSubmit());

function begin() {
  for (const button of all("[data-only-without-script]")) button.hidden = true;
  for (const field of all("textarea")) preview(field);
}

document.addEventListener("htmx:afterSwap", begin);
begin();

// Answers that wait for their undo window say how long; when it is over the page is fetched anew.
setInterval(() => {
  for (const place of all("[data-leaves]")) {
    const left = Math.ceil((Date.parse(place.dataset.leaves) - Date.now()) / 1000);
    if (left > 0) place.textContent = `Leaves in ${left} s`;
    else if (left > -30 && left % 3 === 0) document.body.dispatchEvent(new CustomEvent("moved", { detail: { ids: [], leaves: false } }));
  }
}, 1000);
