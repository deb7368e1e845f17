// What was written and the node has not taken yet: sent one after the other, again and again until it is refused.

import { api, idempotencyKey } from "./api.js";
import { codecFor } from "./codec.js";
import * as step from "./state.js";
import { errorText } from "./strings.js";

// The node may have taken what it could not answer; under the same key nothing is said twice.
const AGAIN_MS = 10_000;

export class Sending {
  #store;
  #lanes = new Map();
  #again = null;

  constructor(store) {
    this.#store = store;
  }

  /** Send a text, perhaps as an answer: shown at once, in order, and made once however often it is tried. */
  send(conversation, { text, replyTo = "", media = [], preview = null }) {
    this.retryPassing();
    this.#send({ key: idempotencyKey(), conversation, text, replyTo, media, preview, at: new Date().toISOString() });
  }

  retry(key) {
    const entry = this.#store.state.outbox.find((outgoing) => outgoing.key === key);
    if (entry?.state === "failed") this.#send(entry);
  }

  discard(key) {
    this.#store.step(step.withoutOutgoing, key);
  }

  /** One send at a time in a conversation, so that messages arrive in the order they were written. */
  #send(outgoing) {
    this.#store.step(step.withOutgoing, outgoing);
    const before = this.#lanes.get(outgoing.conversation) ?? Promise.resolve();
    this.#lanes.set(outgoing.conversation, before.then(() => this.#post(outgoing)));
  }

  async #post({ key, conversation, text, replyTo, media, preview }) {
    const { outbox } = this.#store.state;
    const place = outbox.findIndex((entry) => entry.key === key);
    if (place < 0) return;
    const isBehind = (entry) => entry.conversation === conversation && entry.state === "failed" && entry.isPassing;
    const before = outbox.slice(0, place).find(isBehind);
    if (before) {
      this.#store.step(step.withFailed, key, before);
      return;
    }
    const body = codecFor(this.#store.state.conversations[conversation].mode).write(text);
    if (replyTo) body.reply_to = replyTo;
    if (preview) body.preview = preview;
    if (media?.length) body.media_ids = media.map((upload) => upload.id);
    try {
      const message = await api.postMessage(conversation, body, key);
      this.#store.step(step.withSent, key, message);
    } catch (error) {
      const isPassing = error.isPassing ?? false;
      this.#store.step(step.withFailed, key, { reason: errorText(error), isPassing });
      if (isPassing) this.#again ??= setTimeout(() => this.retryPassing(), AGAIN_MS);
    }
  }

  retryPassing() {
    clearTimeout(this.#again);
    this.#again = null;
    for (const entry of this.#store.state.outbox) {
      if (entry.state === "failed" && entry.isPassing) this.#send(entry);
    }
  }
}
