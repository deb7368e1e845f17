// What a person can do in the chat, and how the node's events reach the state; elements call this and show the state.

import { api, idempotencyKey } from "./api.js";
import { codecFor } from "./codec.js";
import { isKeptPage } from "./installed.js";
import * as step from "./state.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { errorText } from "./strings.js";
import { Unsent } from "./unsent.js";

const PAGE = 50;
// The node may have taken what it could not answer; under the same key nothing is said twice.
const AGAIN_MS = 10_000;

export class Chat extends EventTarget {
  #store = new Store();
  #unsent = new Unsent();
  #lanes = new Map();
  #read = new Map();
  #waiting = null;
  #again = null;
  #open = "";

  constructor() {
    super();
    this.stream = new Stream(api.events, {
      onEvent: (type, data) => this.#take(type, data),
      onFresh: () => this.#refresh(),
      onResumed: () => this.#retryPassing(),
      onRefused: () => this.#askWhy(),
      onConnection: (isOpen) => this.#store.step(step.withConnection, isOpen),
    });
  }

  get state() {
    return this.#store.state;
  }

  listen(listener) {
    this.#store.listen(listener);
  }

  start() {
    if (isKeptPage()) {
      this.#waitForNode();
      return;
    }
    this.#store.listen((state) => this.#unsent.setOutbox(state.outbox));
    addEventListener("online", () => this.#retryPassing());
    this.stream.open();
  }

  /** What was written in a conversation and not sent. */
  draft(id) {
    return this.#unsent.draft(id);
  }

  keepDraft(id, text) {
    this.#unsent.setDraft(id, text);
  }

  /** Make a conversation the one on screen. */
  async show(id) {
    this.#open = id;
    if (id && this.state.isLoaded && !this.state.histories[id]) await this.#loadNewest(id);
  }

  async loadOlder(id) {
    const history = step.historyOf(this.state, id);
    if (history.isLoading || history.isComplete || !history.messages.length) return;
    this.#store.step(step.withLoading, id, true);
    try {
      const older = await api.messages(id, { before: history.messages[0].id, limit: PAGE });
      this.#store.step(step.withOlder, id, older, PAGE);
    } catch {
      this.#store.step(step.withLoading, id, false);
    }
  }

  /** Send a text: shown at once, in order, and made once however often it is tried. */
  send(conversation, text) {
    this.#send({ key: idempotencyKey(), conversation, text, at: new Date().toISOString() });
  }

  retry(key) {
    const entry = this.state.outbox.find((outgoing) => outgoing.key === key);
    if (entry?.state === "failed") this.#send(entry);
  }

  discard(key) {
    this.#store.step(step.withoutOutgoing, key);
  }

  /** Start a conversation and answer its id. The caller keeps the key as long as the draft is the same. */
  async startConversation(draft, key) {
    return this.#keep(await api.startConversation(draft, key)).id;
  }

  async accept(id) {
    this.#keep(await api.accept(id));
    // What was read before came without its links and files.
    if (this.state.histories[id]) await this.#loadNewest(id);
  }

  /** Fetch what a stranger wrote; answers whether it is there. */
  readRequest(id) {
    return this.#loadNewest(id);
  }

  async decline(id) {
    this.#keep(await api.decline(id));
  }

  async leave(id) {
    this.#keep(await api.leave(id));
  }

  async invite(id, acct) {
    await api.invite(id, acct, idempotencyKey());
    this.#keep(await api.conversation(id));
  }

  /** The newest message is before this person's eyes: tell the node so, once for each. */
  markRead(id) {
    const { conversations, me } = this.state;
    const newest = step.historyOf(this.state, id).messages.at(-1);
    const before = this.#read.get(id);
    const unread = conversations[id]?.unread ?? 0;
    if (!newest || (newest.id === before && !unread)) return;
    this.#read.set(id, newest.id);
    const isNothingNew = before === undefined || newest.author.uri === me?.uri;
    if (isNothingNew && !unread) return;
    this.#store.step(step.withAllRead, id);
    // The count is the node's: if this call is lost, its next word brings the count back.
    api.markRead(id, newest.id).catch(() => {});
  }

  /** This page came from the browser: the node's own takes its place as soon as it answers. */
  #waitForNode() {
    this.#store.step(step.withConnection, false);
    const look = () => api.me().then(() => location.reload(), () => {});
    addEventListener("online", look);
    setInterval(look, AGAIN_MS);
  }

  #keep(conversation) {
    this.#store.step(step.withConversation, conversation);
    return conversation;
  }

  /** One send at a time in a conversation, so that messages arrive in the order they were written. */
  #send(outgoing) {
    this.#store.step(step.withOutgoing, outgoing);
    const before = this.#lanes.get(outgoing.conversation) ?? Promise.resolve();
    this.#lanes.set(outgoing.conversation, before.then(() => this.#post(outgoing)));
  }

  async #post({ key, conversation, text }) {
    const codec = codecFor(this.state.conversations[conversation].mode);
    try {
      const message = await api.postMessage(conversation, codec.write(text), key);
      this.#store.step(step.withSent, key, message);
    } catch (error) {
      const isPassing = error.isPassing ?? false;
      this.#store.step(step.withFailed, key, { reason: errorText(error), isPassing });
      if (isPassing) this.#again ??= setTimeout(() => this.#retryPassing(), AGAIN_MS);
    }
  }

  #retryPassing() {
    clearTimeout(this.#again);
    this.#again = null;
    for (const entry of this.state.outbox) {
      if (entry.state === "failed" && entry.isPassing) this.#send(entry);
    }
  }

  /** Fetch what is shown; events wait meanwhile, so that none is overtaken by an older answer. */
  async #refresh() {
    this.#waiting ??= [];
    try {
      const [me, conversations] = await Promise.all([api.me(), api.conversations()]);
      this.#store.step(step.withMe, me);
      this.#store.step(step.withConversations, conversations);
      this.#store.step(step.withUnsent, this.#unsent.resume(me.uri));
      const held = new Set([...Object.keys(this.state.histories), this.#open]);
      await Promise.all([...held].filter((id) => this.state.conversations[id]).map((id) => this.#loadNewest(id)));
      this.stream.settle();
      this.#retryPassing();
    } catch {
      // Without the list there is nothing to show; opening the stream again asks for it again.
      this.#store.step(step.withConnection, false);
      this.stream.openLater();
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const [type, data] of waiting) this.#take(type, data);
  }

  /** Answers whether it came. */
  async #loadNewest(id) {
    this.#store.step(step.withLoading, id, true);
    try {
      this.#store.step(step.withNewest, id, await api.messages(id, { limit: PAGE }), PAGE);
      return true;
    } catch {
      this.#store.step(step.withLoading, id, false);
      return false;
    }
  }

  #take(type, data) {
    if (this.#waiting) this.#waiting.push([type, data]);
    else if (type === "message") this.#takeMessage(data);
    else if (type === "conversation") this.#takeConversation(data);
    else if (type === "delivery") this.#store.step(step.withDelivery, data);
    else this.#store.step(step.withMessage, data);
  }

  #takeMessage(message) {
    this.#store.step(step.withNewMessage, message);
    if (!this.state.conversations[message.conversation]) this.#learn(message.conversation);
    this.dispatchEvent(new CustomEvent("arrived", { detail: message }));
  }

  #takeConversation(conversation) {
    const before = this.state.conversations[conversation.id];
    this.#keep(conversation);
    const hasJoined = before?.state !== "joined" && conversation.state === "joined";
    const isHeld = conversation.id === this.#open || conversation.id in this.state.histories;
    if (hasJoined && isHeld) this.#loadNewest(conversation.id);
  }

  /** The node does not give the stream: whoever is not signed in any more is led to sign in. */
  async #askWhy() {
    await api.me().catch(() => {});
  }

  async #learn(id) {
    try {
      this.#keep(await api.conversation(id));
    } catch {
      // It is not for this person any more; the next list will say so too.
    }
  }
}
