// How the stretches of conversations that are shown come from the node, with what belongs to them.

import { hear } from "./alive.js";
import { api } from "./api.js";
import * as step from "./state.js";

// Of larger groups nobody is told who types or has read.
export const HEARD_MAX = 50;
const PAGE = 50;
const PAGE_MAX = 100;

export class Reading {
  #store;
  #asked = new Set();
  #opening = new Map();

  constructor(store) {
    this.#store = store;
  }

  get #state() {
    return this.#store.state;
  }

  /** Have what a room shows at first: its newest page and the line before what is unread. */
  async open(id) {
    const unread = this.#state.conversations[id]?.unread ?? 0;
    // The node counts no further, so that of more nobody knows where they begin.
    const certain = unread < PAGE_MAX ? unread : 0;
    const held = this.#state.histories[id];
    if (held && !held.hasNewer) this.#store.step(step.withFirstUnread, id, certain);
    else {
      this.#opening.set(id, this.#loadFirst(id, certain));
      await this.#opening.get(id);
    }
    this.learnAround(id);
  }

  async #loadFirst(id, unread) {
    const limit = unread < PAGE ? PAGE : PAGE_MAX;
    this.#store.step(step.withLoading, id, true);
    try {
      this.#store.step(step.withOpened, id, await api.messages(id, { limit }), limit, unread);
    } catch {
      this.#store.step(step.withLoading, id, false);
    }
  }

  /** Show the newest page; answers whether it came. */
  async loadNewest(id) {
    this.#store.step(step.withLoading, id, true);
    try {
      this.#store.step(step.withNewest, id, await api.messages(id, { limit: PAGE }), PAGE);
      return true;
    } catch {
      this.#store.step(step.withLoading, id, false);
      return false;
    }
  }

  async loadOlder(id) {
    const { isComplete, messages } = step.historyOf(this.#state, id);
    if (isComplete || !messages.length) return;
    await this.#loadPage(id, { before: messages[0].id }, step.withOlder);
  }

  async loadNewer(id) {
    const { hasNewer, messages } = step.historyOf(this.#state, id);
    if (!hasNewer || !messages.length) return;
    await this.#loadPage(id, { after: messages.at(-1).id }, step.withNewer);
  }

  async #loadPage(id, cursor, taken) {
    if (step.historyOf(this.#state, id).isLoading) return;
    this.#store.step(step.withLoading, id, true);
    try {
      this.#store.step(taken, id, await api.messages(id, { ...cursor, limit: PAGE }), PAGE);
      await this.#learnOlderChanges(id);
    } catch {
      this.#store.step(step.withLoading, id, false);
    }
  }

  /** Show the stretch of a conversation in which a message stands; answers whether it is there. */
  async loadAround(id, messageId) {
    // The newest page would take the place of what is gone to.
    await this.#opening.get(id);
    if (step.historyOf(this.#state, id).messages.some((message) => message.id === messageId)) return true;
    this.#store.step(step.withLoading, id, true);
    try {
      const [before, message, after] = await Promise.all([
        api.messages(id, { before: messageId, limit: PAGE }),
        api.message(messageId),
        api.messages(id, { after: messageId, limit: PAGE }),
      ]);
      this.#store.step(step.withAround, id, before, message, after, PAGE);
      this.#learnOlderChanges(id);
      return true;
    } catch {
      this.#store.step(step.withLoading, id, false);
      return false;
    }
  }

  /** The id of the first message at or after a moment, or "" where there is none. */
  async findSince(id, moment) {
    const [first] = await api.messages(id, { since: moment, limit: 1 });
    return first?.id ?? "";
  }

  /** Fetch what is answered by a message that is shown, once. */
  async learnQuoted(id) {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    const message = await api.message(id).catch((error) => (error.isPassing ? undefined : null));
    if (message === undefined) this.#asked.delete(id);
    else this.#store.step(step.withQuoted, id, message);
  }

  /** What belongs to a room besides its messages: what became of the group, and how far the others have read. */
  async learnAround(id) {
    const conversation = this.#state.conversations[id];
    if (conversation?.kind === "group") await this.learnChanges(id);
    if (conversation?.state !== "joined" || conversation.members.length > HEARD_MAX) return;
    for (const { acct, active, read_up_to: upTo } of await api.presence(id).catch(() => [])) {
      if (active) hear(this.#store, id, acct);
      if (upTo) this.#store.step(step.withRead, { conversation: id, acct, up_to: upTo });
    }
  }

  async learnChanges(id, before = "") {
    const items = await api.changes(id, { before, limit: PAGE }).catch(() => null);
    if (items) this.#store.step(step.withChanges, id, items, PAGE);
  }

  /** Older messages need what became of the group in their time. */
  async #learnOlderChanges(id) {
    const { items, isComplete } = this.#state.changes[id] ?? { items: [], isComplete: true };
    const first = step.historyOf(this.#state, id).messages[0];
    if (isComplete || !items.length || !first || items[0].at < first.published) return;
    await this.learnChanges(id, items[0].epoch);
    if (this.#state.changes[id].items[0].epoch < items[0].epoch) await this.#learnOlderChanges(id);
  }
}
