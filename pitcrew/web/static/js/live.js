// Live: the stream says only which conversation moved, and the page fetches the same fragment anew.
// A screen that lost its stream says so, and fetches everything when it is back.
import { followed, refetchFollowed } from "./following.js";
import { refetch } from "./list.js";
import { one, shownId } from "./page.js";
import { refetchShown } from "./telling.js";

const PATIENCE = 4000; // milliseconds without a stream before the screen says so
let waiting = 0;
let silence = 0;
let wasLost = false;

function moved(id) {
  if (id === shownId()) refetchShown();
  if (followed() === "all" || followed() === String(id)) refetchFollowed();
  if (!waiting) {
    waiting = setTimeout(() => {
      waiting = 0;
      refetch();
    }, 250);
  }
}

function lost() {
  if (silence) return;
  silence = setTimeout(() => {
    wasLost = true;
    let bar = one(".stale");
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "stale";
      bar.setAttribute("role", "status");
      bar.textContent = "The connection is lost. What you see may be out of date; it comes up to date by itself.";
      document.body.prepend(bar);
    }
  }, PATIENCE);
}

function found() {
  clearTimeout(silence);
  silence = 0;
  one(".stale")?.remove();
  if (wasLost) {
    wasLost = false;
    refetch();
    refetchShown();
    refetchFollowed();
  }
}

function listen() {
  const stream = new EventSource(document.body.dataset.events);
  stream.addEventListener("open", found);
  stream.addEventListener("moved", (event) => moved(JSON.parse(event.data).conversation));
  stream.addEventListener("reload", () => {
    refetch();
    refetchShown();
    refetchFollowed();
  });
  stream.addEventListener("error", () => {
    lost();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, PATIENCE);
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

if (one("#list") || shownId() || followed()) listen();
