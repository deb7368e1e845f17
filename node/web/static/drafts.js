// What somebody has begun to write: kept in this tab at once, and by the node for their other devices a little later.

import { api } from "./api.js";

const LATER_MS = 1_500;

export class Drafts {
  #unsent;
  #timers = new Map();
  // The node's word that was known when something was last written here: it is older than that.
  #older = new Map();

  constructor(unsent) {
    this.#unsent = unsent;
    addEventListener("pagehide", () => this.#tellAll());
  }

  /** What was begun in a conversation, here or on another device, whichever is newer: {text, replyTo}. */
  of({ id, draft: there }) {
    const here = this.#unsent.draft(id);
    const isOlder = !there || this.#timers.has(id) || there.updated === this.#older.get(id) || there.updated < here.at;
    return isOlder ? here : { text: there.text, replyTo: there.reply_to ?? "" };
  }

  keep({ id, draft: there }, { text, replyTo }) {
    this.#unsent.setDraft(id, { text, replyTo, at: new Date().toISOString() });
    this.#older.set(id, there?.updated);
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.#tell(id), text || replyTo ? LATER_MS : 0));
  }

  #tellAll() {
    for (const id of this.#timers.keys()) this.#tell(id);
  }

  #tell(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const { text, replyTo } = this.#unsent.draft(id);
    // What could not be told is still kept here.
    api.keepDraft(id, { text, reply_to: replyTo || null }).catch(() => {});
  }
}
