// What was done is told at the lower left, with Undo; after its seconds it goes, and stays in the history.
import { afterLeaving, refetch } from "./list.js";
import { on, one, say, shownId, tab } from "./page.js";

let timer = 0;

export function refetchShown() {
  const id = shownId();
  if (!id || !one("#live")) return;
  const limit = one("#timeline")?.dataset.limit ?? 100;
  const timeline = one("#timeline");
  const atEnd = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 80;
  window.htmx
    .ajax("GET", `/conversations/${id}/?part=live&in=${tab()}&messages=${limit}`, { source: "#live", target: "#live", swap: "morph:innerHTML" })
    .then(() => {
      if (atEnd && one("#timeline")) one("#timeline").scrollTop = one("#timeline").scrollHeight;
    });
}

function watch() {
  clearTimeout(timer);
  const seconds = Number(one("#told .told")?.dataset.seconds ?? 0);
  if (seconds) timer = setTimeout(() => one("#told").replaceChildren(), seconds * 1000);
}

// The server says which conversations an act moved; the page fetches the same fragments anew.
document.body.addEventListener("moved", (event) => {
  const { ids, leaves, opens } = event.detail;
  if (leaves) afterLeaving(ids);
  refetch();
  if (opens.length && one("#main")) {
    const address = `/conversations/${opens[0]}/?in=${tab()}`;
    window.htmx.ajax("GET", address, { source: "#main", target: "#main", swap: "innerHTML", push: address });
  } else if (ids.includes(shownId()) && !(leaves && one("#list .line[aria-current]"))) refetchShown();
});
document.addEventListener("htmx:afterSwap", (event) => event.target.id === "told" && watch());
on("click", "[data-do='dismiss']", () => one("#told").replaceChildren());
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) {
    say("Pitcrew could not do that, the fault is on its side. Nothing was changed. Try again; if it stays, tell your administrator.");
  }
});
document.addEventListener("htmx:sendError", () => say("Pitcrew cannot be reached. What you wrote is still here; try again when the connection is back."));
watch();
