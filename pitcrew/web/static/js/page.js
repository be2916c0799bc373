// Small words the other parts share.
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export function on(event, selector, act) {
  document.addEventListener(event, (happening) => {
    const hit = happening.target.closest?.(selector);
    if (hit) act(happening, hit);
  });
}

// A row of the list was opened, and its conversation will not come.
export function whenNothingOpens(act) {
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, (event) => event.target.closest?.(".line") && act());
  }
}

// Whether somebody wrote or chose something in this field.
export function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.nodeName !== "SELECT") return field.value !== field.defaultValue;
  const begun = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(begun, 0);
}

export const shown = () => one(".conversation");
export const shownId = () => Number(shown()?.dataset.id ?? 0);
export const tab = () => one("#list")?.dataset.tab ?? shown()?.dataset.tab ?? "open";

// Every request names its source: htmx lets one source have one request at a time, and of those that wait it keeps the
// last only. Acts wait for one another instead (hx-sync of #told).
export function post(address, values) {
  return window.htmx.ajax("POST", address, { source: "#told", target: "#told", swap: "innerHTML", values });
}

export function say(sentence, { refusal = true } = {}) {
  const bar = document.createElement("div");
  bar.className = refusal ? "told is-refusal" : "told";
  if (refusal) bar.setAttribute("role", "alert");
  bar.dataset.seconds = "0";
  const words = document.createElement("span");
  words.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "dismiss";
  close.dataset.do = "dismiss";
  close.textContent = "Close";
  bar.append(words, close);
  one("#told").replaceChildren(bar);
}
