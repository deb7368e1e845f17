// What somebody has written and the node does not have yet: begun messages are kept in this tab while they sign in again
// or load the page, and messages to be sent in the browser until they are.

import { forgetQueue, Queue } from "./queue.js";

const PLACE = "covey.unsent";
export const NO_DRAFT = Object.freeze({ text: "", replyTo: "", media: Object.freeze([]), at: "" });
const NOTHING = Object.freeze({ person: "", drafts: {} });

/** Forget it all, as when somebody signs out. */
export function forget() {
  sessionStorage.removeItem(PLACE);
  forgetQueue();
}

export class Unsent {
  #kept = NOTHING;
  #queue = new Queue();
  #outbox = [];

  /** Take up what this person left here; `take` is given what was to be sent. What somebody else left is thrown away. */
  resume(person, take) {
    this.#queue.resume(person, take);
    if (this.#kept.person === person) return;
    const found = read();
    this.#kept = found.person === person ? found : { ...NOTHING, person };
    this.#write();
  }

  /** {text, replyTo, media, at}: at is when; NO_DRAFT where there is nothing. */
  draft(conversation) {
    return { ...NO_DRAFT, ...this.#kept.drafts[conversation] };
  }

  setDraft(conversation, { text, replyTo, media, at }) {
    const { [conversation]: _, ...others } = this.#kept.drafts;
    const isBegun = text || replyTo || media.length;
    this.#keep(isBegun ? { ...others, [conversation]: { text, replyTo, media, at } } : others);
  }

  setOutbox(outbox) {
    if (outbox === this.#outbox) return;
    this.#outbox = outbox;
    this.#queue.keep(outbox);
  }

  #keep(drafts) {
    if (!this.#kept.person) return;
    this.#kept = { ...this.#kept, drafts };
    this.#write();
  }

  #write() {
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(this.#kept));
    } catch {
      // The browser has no room or keeps nothing; the page itself still has it.
    }
  }
}

function read() {
  try {
    return { ...NOTHING, ...JSON.parse(sessionStorage.getItem(PLACE)) };
  } catch {
    return NOTHING;
  }
}
