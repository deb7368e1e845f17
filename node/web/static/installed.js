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

/** Whether this is the page that the browser has kept, in which nobody is signed in. */
export function isKeptPage() {
  return !csrfToken();
}
