// What a person can do in the chat, and how the node's events reach the state; elements call this and show the state.

import { hear } from "./alive.js";
import { api, idempotencyKey } from "./api.js";
import { codecFor } from "./codec.js";
import { Drafts } from "./drafts.js";
import { closeNotification, isKeptPage } from "./installed.js";
import { Queue } from "./queue.js";
import { HEARD_MAX, Reading } from "./reading.js";
import { Sending } from "./sending.js";
import * as step from "./state.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { Uploads } from "./uploads.js";

const TYPING_EVERY_MS = 6_000;
const TYPING_LASTS_MS = 10_000;
const LOOK_EVERY_MS = 10_000;

export class Chat extends EventTarget {
  #store = new Store();
  #queue = new Queue();
  #uploads = new Map();
  #drafts = new Drafts(
    async (id) => this.#uploads.get(id)?.tell(true),
    () => this.#store.step((state) => ({ ...state })),
  );
  #read = new Map();
  #typed = new Map();
  #waiting = null;
  #open = "";

  constructor() {
    super();
    this.reading = new Reading(this.#store);
    this.sending = new Sending(this.#store);
    this.stream = new Stream(api.events, {
      onEvent: (type, data) => this.#take(type, data),
      onFresh: () => this.#refresh(),
      onResumed: () => this.#sayLeft(),
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
    this.#store.listen((state) => this.#queue.keep(state.outbox));
    addEventListener("online", () => this.#sayLeft());
    this.stream.open();
  }

  /** What was written in a conversation and not sent: {text, replyTo, media}. */
  draft(conversation) {
    return this.#drafts.of(conversation);
  }

  /** Keep {text, replyTo}, with the files that wait there. */
  keepDraft(conversation, draft) {
    this.#drafts.keep(conversation, { ...draft, media: this.uploads(conversation.id).kept });
  }

  /** Begin a message with these words, after what was begun there before. */
  beginWith(id, words) {
    const conversation = this.state.conversations[id];
    const begun = this.draft(conversation);
    this.uploads(id).adopt(begun.media);
    this.keepDraft(conversation, { ...begun, text: [begun.text, words].filter(Boolean).join("\n\n") });
  }

  /** The files that wait to be sent there; those that the node has are part of the draft. */
  uploads(id) {
    if (!this.#uploads.has(id)) {
      const uploads = new Uploads(() => this.state.me?.limits?.upload_bytes ?? 0);
      uploads.addEventListener("kept", () => {
        const conversation = this.state.conversations[id];
        if (conversation) this.keepDraft(conversation, this.draft(conversation));
      });
      this.#uploads.set(id, uploads);
    }
    return this.#uploads.get(id);
  }

  /** Make a conversation the one on screen. */
  async show(id) {
    this.#open = id;
    if (id && this.state.isLoaded) await this.reading.open(id);
  }

  /** It is no longer on screen. */
  hide(id) {
    this.#store.step(step.withClosed, id);
    if (this.#open === id) this.#open = "";
  }

  /** Let the others see that something is being written, if this person wants that. */
  type(id) {
    const now = Date.now();
    const { members } = this.state.conversations[id];
    if (!this.state.me?.typing || members.length > HEARD_MAX || now - (this.#typed.get(id) ?? 0) < TYPING_EVERY_MS) return;
    this.#typed.set(id, now);
    api.typing(id).catch(() => {});
  }

  async setRole(id, acct, role) {
    this.#keep(await api.setRole(id, acct, role));
  }

  /** Take somebody out, withdraw an invitation or end a ban; with `isBan` keep somebody out. */
  async removeMember(id, acct, isBan = false) {
    this.#keep(await api.removeMember(id, acct, isBan));
  }

  async describe(id, changes) {
    this.#keep(await api.describe(id, changes));
  }

  /** Show a group by a picture, or with null by none. */
  async setPicture(id, file) {
    this.#keep(await api.setPicture(id, file));
  }

  async close(id) {
    this.#keep(await api.close(id));
  }

  async followHome(id) {
    this.#keep(await api.followHome(id));
  }

  async edit(message, text) {
    const codec = codecFor(this.state.conversations[message.conversation].mode);
    await this.#change(message, () => api.editMessage(message.id, codec.write(text)));
  }

  /** Delete an own message for everybody, or have another's removed; answers whether that is done already. */
  async delete(message) {
    const answer = await this.#change(message, () => api.deleteMessage(message.id));
    return Boolean(answer.deleted || answer.removed);
  }

  /** React with an emoji, or no longer. */
  async react(message, emoji) {
    const isMine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
    await this.#change(message, () => api.react(message.id, emoji, !isMine));
  }

  /** Take the answer to a change, unless the stream has said something of the message since, which is newer. */
  async #change(message, ask) {
    const held = () => step.quotedOf(this.state, message.conversation, message.id);
    const before = held();
    const answer = await ask();
    if (held() === before) this.#store.step(step.withMessage, answer);
    return answer;
  }

  /** Start a conversation and answer its id. The caller keeps the key as long as the draft is the same. */
  async startConversation(draft, key) {
    return this.#keep(await api.startConversation(draft, key)).id;
  }

  async accept(id) {
    this.#keep(await api.accept(id));
    // What was read before came without its links and files.
    if (this.state.histories[id]) await this.reading.loadNewest(id);
  }

  /** Fetch what a stranger wrote; answers whether it is there. */
  readRequest(id) {
    return this.reading.loadNewest(id);
  }

  /** What somebody has put an end to is in the list no more. */
  async listAnew() {
    this.#store.step(step.withConversations, await api.conversations());
  }

  async decline(id) {
    this.#keep(await api.decline(id));
  }

  async leave(id) {
    this.#keep(await api.leave(id));
  }

  /** What is to be known before somebody is invited: {warnings: [{kind, acct, text}], inviting}. */
  checkInvite(id, acct) {
    return api.checkInvite(id, acct);
  }

  async mute(id, body) {
    this.#keep(await api.mute(id, body));
  }

  async unmute(id) {
    this.#keep(await api.unmute(id));
  }

  /** Pin, put away, or mark as unread, or the reverse. */
  async arrange(id, wanted) {
    this.#keep(await api.arrange(id, wanted));
  }

  /** Take a conversation as read without opening it. */
  async readAll(id) {
    const newest = this.state.conversations[id]?.last_message;
    if (newest) this.#keep(await api.markRead(id, newest.id));
    else await this.arrange(id, { marked_unread: false });
  }

  async invite(id, acct) {
    await api.invite(id, acct, idempotencyKey());
    this.#keep(await api.conversation(id));
  }

  /** The newest message is before this person's eyes: tell the node so, once for each. */
  markRead(id) {
    const { conversations, me } = this.state;
    const { hasNewer, messages } = step.historyOf(this.state, id);
    const newest = hasNewer ? undefined : messages.at(-1);
    const before = this.#read.get(id);
    const unread = conversations[id]?.unread || Number(conversations[id]?.marked_unread ?? false);
    if (!newest || (newest.id === before && !unread)) return;
    this.#read.set(id, newest.id);
    const isNothingNew = before === undefined || newest.author.uri === me?.uri;
    if (isNothingNew && !unread) return;
    this.#store.step(step.withAllRead, id);
    closeNotification(id);
    // The count is the node's: if this call is lost, its next word brings the count back.
    api.markRead(id, newest.id).catch(() => {});
  }

  /** This page came from the browser: the node's own takes its place as soon as it answers. */
  #waitForNode() {
    this.#store.step(step.withConnection, false);
    const look = () => api.me().then(() => location.reload(), () => {});
    addEventListener("online", look);
    setInterval(look, LOOK_EVERY_MS);
  }

  #keep(conversation) {
    const { id, epoch } = conversation;
    const before = this.state.conversations[id];
    this.#store.step(step.withConversation, conversation);
    // Whichever comes first, the answer or the event.
    if (this.#isHeld(id) && before?.epoch !== epoch) this.reading.learnChanges(id);
    return conversation;
  }

  #isHeld(id) {
    return id === this.#open || id in this.state.histories;
  }

  /** Fetch what is shown; events wait meanwhile, so that none is overtaken by an older answer. */
  async #refresh() {
    this.#waiting ??= [];
    try {
      const heard = this.#drafts.asked();
      const asked = api.me().then((me) => this.#drafts.resume(me.uri).then(() => me));
      const [me, conversations] = await Promise.all([asked, api.conversations()]);
      heard();
      this.#store.step(step.withMe, me);
      this.#store.step(step.withConversations, conversations);
      this.#queue.resume(me.uri, (outbox) => this.#sendLeft(outbox));
      const held = new Set([...Object.keys(this.state.histories), this.#open]);
      const isAtNewest = (id) => this.state.conversations[id] && !step.historyOf(this.state, id).hasNewer;
      await Promise.all([...held].filter(isAtNewest).map((id) => this.#loadAgain(id)));
      this.stream.settle();
      this.#sayLeft();
    } catch {
      // Without the list there is nothing to show; opening the stream again asks for it again.
      this.#store.step(step.withConnection, false);
      this.stream.openLater();
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const [type, data] of waiting) this.#take(type, data);
  }

  /** What the node could not be told. */
  #sayLeft() {
    this.sending.retryPassing();
    if (this.state.isLoaded) this.#drafts.tellLeft((id) => this.state.conversations[id]);
  }

  /** What an earlier page was to send. */
  #sendLeft(outbox) {
    this.#store.step(step.withUnsent, outbox, Date.now());
    this.sending.retryPassing();
  }

  /** A room that is open for the first time is opened; of all others the newest page is fetched. */
  async #loadAgain(id) {
    if (id === this.#open && !this.state.histories[id]) await this.show(id);
    else await Promise.all([this.reading.loadNewest(id), this.reading.learnAround(id)]);
  }

  #take(type, data) {
    if (this.#waiting) this.#waiting.push([type, data]);
    else if (type === "message") this.#takeMessage(data);
    else if (type === "conversation") this.#takeConversation(data);
    else if (type === "delivery") this.#store.step(step.withDelivery, data);
    else if (type === "read") {
      this.#store.step(step.withRead, data);
      hear(this.#store, data.conversation, data.acct);
    }
    else if (type === "typing") this.#takeTyping(data);
    else if (type === "me") api.me().then((me) => this.#store.step(step.withMe, me), () => {});
    else this.#store.step(step.withMessage, data);
  }

  #takeMessage(message) {
    hear(this.#store, message.conversation, message.author.acct, Date.parse(message.published));
    this.#store.step(step.withNewMessage, message);
    if (!this.state.conversations[message.conversation]) this.learn(message.conversation);
    this.dispatchEvent(new CustomEvent("arrived", { detail: message }));
  }

  #takeTyping({ conversation, acct, until }) {
    hear(this.#store, conversation, acct);
    this.#store.step(step.withTyping, { conversation, acct, until });
    // It is over after a while whether or not more is heard; this clock and the node's may differ.
    setTimeout(() => {
      const isLast = this.state.typing[conversation]?.[acct] === until;
      if (isLast) this.#store.step(step.withTyping, { conversation, acct, until: "" });
    }, TYPING_LASTS_MS);
  }

  #takeConversation(conversation) {
    const before = this.state.conversations[conversation.id];
    this.#drafts.hear(conversation);
    this.#keep(conversation);
    if (before?.unread && !conversation.unread) closeNotification(conversation.id);
    const hasJoined = before?.state !== "joined" && conversation.state === "joined";
    if (hasJoined && this.#isHeld(conversation.id)) this.reading.loadNewest(conversation.id);
  }

  /** The node does not give the stream: whoever is not signed in any more is led to sign in. */
  async #askWhy() {
    await api.me().catch(() => {});
  }

  /** Ask the node anew what it knows of a conversation. */
  async learn(id) {
    try {
      this.#keep(await api.conversation(id));
    } catch {
      // It is not for this person any more; the next list will say so too.
    }
  }
}
