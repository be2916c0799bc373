// The composer: reply or note, drafts kept while one writes, files by drop, paste or choice, sending.
import "../vendor/trix/trix.esm.min.js";
import { ask } from "./asking.js";
import { all, on, one, say } from "./page.js";
import { refetchShown } from "./telling.js";

const PAUSE = 900; // milliseconds without a key before a draft is kept
let timer = 0;

const composer = () => one("#composer");
const kind = () => composer().dataset.kind;
const editor = () => one("trix-editor", composer());
const kept = (which) => one(`[data-body="${which}"]`, composer());

// The editor takes over the last letters with the next frame; read before it, they would be cut off.
function written() {
  const { editorController } = editor();
  editorController?.render();
  editorController?.updateInputElement();
  return editor().value;
}

export async function write(which) {
  if (!composer()) return;
  if (!editor().editorController) {
    await new Promise((ready) => document.addEventListener("trix-initialize", ready, { once: true }));
    return write(which);
  }
  if (which !== kind()) {
    kept(kind()).value = written();
    composer().dataset.kind = which;
    editor().editor.loadHTML(kept(which).value);
    editor().setAttribute("placeholder", kept(which).dataset.placeholder);
    editor().setAttribute("aria-label", kept(which).dataset.label);
  }
  composer().classList.add("is-open");
  for (const tab of all("[role=tab]", composer())) tab.setAttribute("aria-selected", String(tab.dataset.kind === which));
  editor().focus();
}

export function insert(words) {
  if (composer() && words) editor().editor.insertString(words);
}

function csrf() {
  return one("input[name=csrfmiddlewaretoken]", composer()).value;
}

async function send(address, body) {
  const response = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
  return response;
}

function status(words) {
  if (composer()) one(".saved", composer()).textContent = words;
}

function keepNothing() {
  clearTimeout(timer);
  timer = 0;
}

async function keep() {
  keepNothing();
  if (!composer()) return;
  const body = new FormData();
  body.set("kind", kind());
  body.set("body", written());
  try {
    const response = await send(composer().dataset.draft, body);
    status(response.ok ? "draft saved" : "draft not saved");
  } catch {
    status("draft not saved, no connection");
  }
}

async function attach(list) {
  const into = composer();
  const body = new FormData();
  for (const file of list) body.append("file", file);
  status("attaching …");
  try {
    const response = await send(into.dataset.upload, body);
    const html = await response.text();
    if (!response.ok) {
      status("");
      window.htmx.swap("#told", html, { swapStyle: "innerHTML" });
      return;
    }
    status("");
    one("#uploads", into).insertAdjacentHTML("beforeend", html);
  } catch {
    status("");
    say("The files did not arrive: Pitcrew cannot be reached. Attach them again when the connection is back.");
  }
}

let again = null;

function submit(then, until = "", confirmed = "") {
  again = () => submit(then, until, "yes");
  const form = one("#composer-form");
  form.elements.confirmed.value = confirmed;
  form.elements.then.value = then;
  form.elements.until.value = until;
  form.elements.newest.value = one("#newest")?.value ?? "";
  keepNothing();
  const values = {};
  for (const [name, value] of new FormData(form)) {
    values[name] = name in values ? [values[name], value].flat() : value;
  }
  values.body = written();
  const which = kind();
  const sent = composer();
  sent.setAttribute("aria-busy", "true");
  window.htmx
    .ajax("POST", form.dataset[which], { target: "#told", swap: "innerHTML", values, source: form })
    .finally(() => sent.removeAttribute("aria-busy"));
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "composer-form" || !composer()) return;
  // Refused, perhaps because somebody wrote meanwhile: what is written stays, what is shown comes up to date.
  if (event.detail.xhr.status >= 400) return refetchShown();
  if (!event.detail.successful) return; // not even heard
  editor().editor.loadHTML("");
  one("#uploads", composer()).replaceChildren();
  keepNothing();
  status("");
});

export function reloadDraft(html) {
  if (composer()) editor().editor.loadHTML(html);
}

document.addEventListener("trix-file-accept", (event) => {
  event.preventDefault();
  if (event.file) attach([event.file]);
});
document.addEventListener("trix-change", (event) => {
  if (!event.target.closest("#composer") || document.activeElement !== event.target) return;
  status("");
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
on("click", "#composer [role=tab]", (event, tab) => write(tab.dataset.kind));
on("click", "#composer [data-do='format']", (event, button) => {
  const bar = one("#toolbar");
  bar.hidden = !bar.hidden;
  button.setAttribute("aria-pressed", String(!bar.hidden));
});
on("click", "[data-do='confirm']", () => again?.());
on("click", "#composer [data-do='remove-file']", (event, button) => button.closest("li").remove());
on("change", "#composer [data-files]", (event, field) => {
  attach(field.files);
  field.value = "";
});
on("click", "#composer [data-insert]", (event, button) => {
  button.closest("details").open = false;
  editor().focus();
  insert(button.dataset.insert);
});
on("click", "#composer [data-send]", (event, button) => {
  event.preventDefault();
  button.dataset.send === "snooze" ? snoozeAfter() : submit(button.dataset.send);
});
on("keydown", "#composer", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit("");
  }
});
on("dragover", "#composer", (event, into) => {
  event.preventDefault();
  into.classList.add("is-over");
});
on("dragleave", "#composer", (event, into) => into.classList.remove("is-over"));
on("drop", "#composer", (event, into) => {
  into.classList.remove("is-over");
  if (event.dataTransfer?.files.length && !event.target.closest("trix-editor")) {
    event.preventDefault();
    attach(event.dataTransfer.files);
  }
});

async function snoozeAfter() {
  await ask("snooze");
  const form = one("#ask form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    one("#ask").close();
    submit("snooze", event.submitter?.value ?? "");
  }, { capture: true, once: true });
}

window.addEventListener("pagehide", () => timer && keep());
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "main" && timer) keep();
});
