// What somebody has written and the node does not have yet: kept in this tab while they sign in again or load the page.

const PLACE = "covey.unsent";
export const NO_DRAFT = Object.freeze({ text: "", replyTo: "", media: Object.freeze([]), at: "" });
const NOTHING = Object.freeze({ person: "", drafts: {}, outbox: [] });

/** Forget it all, as when somebody signs out. */
export function forget() {
  sessionStorage.removeItem(PLACE);
}

export class Unsent {
  #kept = NOTHING;

  /** Take up what this person left here; answers their outbox. What somebody else left is thrown away. */
  resume(person) {
    if (this.#kept.person === person) return [];
    const found = read();
    this.#kept = found.person === person ? found : { ...NOTHING, person };
    this.#write();
    return this.#kept.outbox;
  }

  /** {text, replyTo, media, at}: at is when; NO_DRAFT where there is nothing. */
  draft(conversation) {
    return { ...NO_DRAFT, ...this.#kept.drafts[conversation] };
  }

  setDraft(conversation, { text, replyTo, media, at }) {
    const { [conversation]: _, ...others } = this.#kept.drafts;
    const isBegun = text || replyTo || media.length;
    this.#keep({ drafts: isBegun ? { ...others, [conversation]: { text, replyTo, media, at } } : others });
  }

  setOutbox(outbox) {
    if (outbox !== this.#kept.outbox) this.#keep({ outbox });
  }

  #keep(part) {
    if (!this.#kept.person) return;
    this.#kept = { ...this.#kept, ...part };
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
