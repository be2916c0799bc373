// Passkeys (Web Authentication Level 3): asks the device, puts its answer into the form, sends the form.
import { all, one } from "./page.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function opened(options) {
  const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  const ready = { ...options, challenge: bytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) ready.allowCredentials = known(options.allowCredentials);
  if (options.excludeCredentials) ready.excludeCredentials = known(options.excludeCredentials);
  return ready;
}

function closed(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function answer(form) {
  if (form.dataset.passkey === "add") {
    const options = JSON.parse(form.dataset.options).creation_options.publicKey;
    options.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    };
    return navigator.credentials.create({ publicKey: opened(options) });
  }
  let asked = form.dataset.options ? JSON.parse(form.dataset.options) : null;
  if (!asked) {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error("refused");
    asked = await response.json();
  }
  return navigator.credentials.get({ publicKey: opened(asked.request_options.publicKey) });
}

function say(form, sentence) {
  const place = one("[data-says]", form);
  place.textContent = sentence;
  place.hidden = !sentence;
}

const WHY = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again, or sign in another way.",
  InvalidStateError: "This device holds a passkey for you already.",
  SecurityError: "Passkeys need an address with https, or localhost. Ask an administrator.",
};

for (const form of all("[data-passkey]")) {
  one("[type=submit]", form).disabled = false; // without this script a press would send an empty answer
  form.addEventListener("submit", async (event) => {
    if (one("[name=credential]", form).value) return;
    event.preventDefault();
    say(form, "");
    if (!navigator.credentials?.get || !window.PublicKeyCredential) {
      say(form, "This browser, or this address without https, cannot use passkeys. Sign in another way.");
      return;
    }
    try {
      one("[name=credential]", form).value = JSON.stringify(closed(await answer(form)));
      form.submit();
    } catch (failure) {
      say(form, WHY[failure.name] ?? "That did not work. Try again, or sign in another way.");
    }
  });
}
