// What somebody has begun to write: kept in this tab at once, and by the node for their other devices a little later.
//
// A draft is {text, replyTo, media}: `media` are the uploads that go along, as the API shows them.

import { api } from "./api.js";
import { NO_DRAFT } from "./unsent.js";

const LATER_MS = 1_500;

export class Drafts {
  #unsent;
  #describe;
  #timers = new Map();
  // The node's word that was known when something was last written here: it is older than that.
  #older = new Map();
  // Of what was written here the node has a word.
  #known = new Set();

  /** `describe(id)` says to the node what has been said of the files that go along in a conversation. */
  constructor(unsent, describe) {
    this.#unsent = unsent;
    this.#describe = describe;
    addEventListener("pagehide", () => this.#tellAll());
  }

  /** What was begun in a conversation, here or on another device, whichever is newer. */
  of({ id, draft: there }) {
    const here = this.#unsent.draft(id);
    if (there && there.updated !== this.#older.get(id)) this.#known.add(id);
    if (!there && this.#known.has(id) && !this.#timers.has(id)) {
      // Another device has sent it, or given it up.
      this.#known.delete(id);
      this.#unsent.setDraft(id, NO_DRAFT);
      return NO_DRAFT;
    }
    const isOlder = !there || this.#timers.has(id) || there.updated === this.#older.get(id) || there.updated < here.at;
    return isOlder ? here : { text: there.text, replyTo: there.reply_to ?? "", media: there.media };
  }

  keep({ id, draft: there }, { text, replyTo, media }) {
    this.#unsent.setDraft(id, { text, replyTo, media, at: new Date().toISOString() });
    this.#older.set(id, there?.updated);
    this.#known.delete(id);
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.#tell(id), text || replyTo || media.length ? LATER_MS : 0));
  }

  #tellAll() {
    for (const id of this.#timers.keys()) this.#tell(id, true);
  }

  async #tell(id, isLeaving = false) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    // The node tells other devices of the draft, so its files have their words before.
    const told = this.#describe(id).catch(() => {});
    if (!isLeaving) await told;
    const { text, replyTo, media } = this.#unsent.draft(id);
    // What could not be told is still kept here.
    api.keepDraft(id, { text, reply_to: replyTo || null, media_ids: media.map((upload) => upload.id) }).catch(() => {});
  }
}
