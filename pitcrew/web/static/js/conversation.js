// The conversation: begins at its end, shows a mail as it was sent on request, folds its side on small screens.
import { isChanged, on, one, shown } from "./page.js";

let isAtEnd = true;

function toTheEnd() {
  const timeline = one("#timeline");
  if (!timeline) return;
  const asked = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  isAtEnd = !asked;
  if (asked) asked.scrollIntoView({ block: "center" });
  else timeline.scrollTop = timeline.scrollHeight;
  room.disconnect();
  room.observe(timeline);
}

function frameIn(details, remote) {
  details.querySelector("iframe")?.remove();
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
  frame.title = "The mail as it was sent";
  frame.src = details.dataset.mail + (remote ? "?pictures=remote" : "");
  frame.addEventListener("load", () => {
    const height = frame.contentDocument?.documentElement.scrollHeight ?? 400;
    frame.style.height = `${Math.min(height + 2, 4000)}px`;
  });
  details.append(frame);
}

// A click, not the toggle event: that one does not bubble, and keys click a summary too.
on("click", "details.as-sent > summary", (event, summary) => {
  const details = summary.parentElement;
  if (!details.open && !details.querySelector("iframe")) frameIn(details, false);
});
on("click", "[data-do='pictures']", (event, button) => {
  frameIn(button.closest("details"), true);
  button.closest("p").hidden = true;
});
on("click", "[data-do='side']", () => shown()?.classList.toggle("shows-side"));

// A composer that grows takes its room from the end of the timeline, where one reads while one writes.
const room = new ResizeObserver(([{ target }]) => {
  if (isAtEnd) target.scrollTop = target.scrollHeight;
});
document.addEventListener("scroll", ({ target }) => {
  if (target.id === "timeline") isAtEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 8;
}, true);

// What was sent need not be kept; what was refused is.
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.matches?.("#live form")) target.reset();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "main") toTheEnd();
});
// What somebody wrote or unfolded, and a frame that is loaded, stay as they are when the fragment comes again.
if (window.Idiomorph) {
  const kept = window.Idiomorph.defaults.callbacks;
  const fields = "#live input:not([type=hidden]), #live textarea, #live select";
  kept.beforeNodeMorphed = (node) => !(node.matches?.(fields) && isChanged(node));
  kept.beforeNodeRemoved = (node) => !(node.nodeName === "IFRAME" && node.closest("details.as-sent"));
  kept.beforeAttributeUpdated = (name, node) => {
    if (name === "open" && node.nodeName === "DETAILS") return false;
    return !(name === "hidden" && node.closest?.(".as-sent, #bulk"));
  };
}
toTheEnd();
