// The desk in the browser: each part listens on the page, so what is fetched later works as what came first.
import "./theme.js";
import "./list.js";
import "./asking.js";
import "./conversation.js";
import "./composer.js";
import "./telling.js";
import "./keys.js";
import "./live.js";
import "./handing.js";
import "./following.js";
