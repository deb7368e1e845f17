// The chat as an app of its own: its worker keeps the files, and a page without a session is left when the node answers.

import { csrfToken } from "./api.js";
import { workerAddress } from "./trusted.js";

const SCOPE = "/chat";

/** Let the browser keep the files of this page, and the newer ones once there are some. */
export async function keepShell() {
  try {
    await navigator.serviceWorker?.register(workerAddress(), { scope: SCOPE, updateViaCache: "none" });
  } catch {
    // The browser keeps nothing, as in private windows; all goes on without.
  }
}

/** What the browser has of this chat, once its worker is there; undefined where there is none. */
export function registration() {
  return navigator.serviceWorker?.getRegistration(SCOPE);
}

/** What is read needs no notification any more. */
export async function closeNotification(conversation) {
  const shown = (await (await registration())?.getNotifications({ tag: conversation })) ?? [];
  for (const notification of shown) notification.close();
}

/** Be told of the path that somebody has asked for by a notification. */
export function whenAsked(open) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (typeof data?.open === "string" && data.open.startsWith(`${SCOPE}/`)) open(data.open);
  });
}

/** Whether this is the page that the browser has kept, in which nobody is signed in. */
export function isKeptPage() {
  return !csrfToken();
}
