// A form with `data-passkey` is sent once a device has made a passkey, or used one. What can be said is in the page.

import { bytes, text } from "./base64url.js";

const can = "PublicKeyCredential" in globalThis && "credentials" in navigator;
// By the error of the browser; any other is "failed".
const WORDS = new Map([["NotAllowedError", "refused"], ["AbortError", "refused"], ["InvalidStateError", "known"]]);
const TOO_MANY = 429;

for (const part of document.querySelectorAll("[data-passkeys]")) {
  part.hidden = (part.dataset.passkeys === "ready") !== can;
}
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use(form);
  });
}

async function use(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, "");
  try {
    const options = await asked(form);
    const { challenge, credential } = form.elements;
    challenge.value = options.challenge;
    credential.value = JSON.stringify(await byDevice(form.dataset.passkey, options));
    form.submit();
  } catch (error) {
    say(form, error.word ?? WORDS.get(error.name) ?? "failed");
  } finally {
    button.disabled = false;
  }
}

/** What the node asks of a device: in the page, or given when somebody wants it. */
async function asked(form) {
  if ("options" in form.dataset) return JSON.parse(form.dataset.options);
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.dataset.ask, { method: "POST", body });
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { word: answer.status === TOO_MANY ? "busy" : "failed" });
  return answer.json();
}

function byDevice(act, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (act === "get") return navigator.credentials.get({ publicKey }).then(used);
  publicKey.user = { ...options.user, id: bytes(options.user.id) };
  publicKey.excludeCredentials = options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) }));
  return navigator.credentials.create({ publicKey }).then(made);
}

function made({ id, type, response }) {
  const { clientDataJSON, attestationObject } = response;
  return {
    id,
    rawId: id,
    type,
    response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) },
  };
}

function used({ id, type, response }) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle && text(userHandle),
    },
  };
}

function say(form, word) {
  for (const one of form.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== word;
}
