// One message: whose it is, what it answers, what it says, when, what others feel, and what became of it, in words.

import { codecFor } from "../codec.js";
import { showCard } from "../cards.js";
import { avatar, h, setAttribute, setText, showAvatar } from "../dom.js";
import { icon } from "../icons.js";
import { markTexts } from "../room-words.js";
import { text } from "../strings.js";
import { clockTime, completeTime, joinNames } from "../times.js";
import { deliveryText } from "../titles.js";
import { fragmentOf } from "../trusted.js";
import { deliveryOf, nameOf } from "../views.js";
import { showFiles } from "./message-files.js";
import { makeQuote, showQuote } from "./message-quote.js";
import { showReactions } from "./message-reactions.js";

const SIGNS = { sending: "clock", sent: "tick", delivered: "ticks", waiting: "clock", refused: "barred", failed: "alert" };
const FACES = 6;
const LONG = 3000;
const QUIET = new Set(["sending", "sent", "delivered"]);

let count = 0;

class MessageItem extends HTMLElement {
  #shown = [];
  #shownBody;
  #isUnfolded = false;

  connectedCallback() {
    if (this.body) return;
    setAttribute(this, "role", "article");
    setAttribute(this, "tabindex", "-1");
    this.side = h("span", { class: "side" });
    this.author = h("p", { class: "author" });
    this.quote = makeQuote((id) => this.#ask("jump-to", id));
    this.body = h("div", { class: "body", dir: "auto" });
    this.files = h("div", { class: "files", hidden: true });
    this.card = h("div", { class: "card-place", hidden: true });
    this.time = h("time");
    this.edited = h("button", { type: "button", class: "edited", tabindex: "-1", hidden: true,
      on: { click: () => this.#ask("message-act", { act: "history", message: this.message }) } }, text("message.edited"));
    this.sign = h("span", { class: "sign" });
    this.marks = h("ul", { class: "marks", hidden: true });
    this.seen = h("p", { class: "seen", hidden: true });
    this.reactions = h("ul", { class: "reactions", "aria-label": text("reactions.label"), hidden: true });
    this.actions = h("p", { class: "actions", hidden: true });
    this.bubble = h("div", { class: "bubble" }, this.author, this.quote, this.files, this.body, this.card,
      h("p", { class: "meta" }, this.edited, this.time, this.sign));
    this.#nameItself();
    this.append(this.side, this.bubble, this.reactions, this.marks, this.actions, this.seen);
  }

  /** Whoever comes to it by keys hears who said it and when, also where that is shown only once for several. */
  #nameItself() {
    count += 1;
    for (const part of ["author", "time", "body"]) this[part].id = `message-${part}-${count}`;
    setAttribute(this, "aria-labelledby", `${this.author.id} ${this.time.id}`);
    setAttribute(this, "aria-describedby", this.body.id);
  }

  update(item, { conversation, me }) {
    if (!this.body) this.connectedCallback();
    const parts = [item.message ?? item.outgoing, item.quote?.message, item.isFirst, item.isLast, conversation.members,
      conversation.state, item.readers];
    if (parts.every((part, index) => part === this.#shown[index])) return;
    this.#shown = parts;
    this.message = item.message;
    const message = item.message ?? { author: me, text: item.outgoing.text, html: null, attachments: item.outgoing.media };
    this.classList.toggle("is-own", item.isOwn);
    this.classList.toggle("is-first", item.isFirst);
    this.classList.toggle("is-last", item.isLast);
    this.#showAuthor(item, message.author);
    const isFolded = isQuiet(message, conversation) && !this.#isUnfolded;
    showQuote(this.quote, isFolded ? null : item.quote, conversation, me);
    showFiles(this.files, isFolded ? [] : message.attachments ?? [], (picture) => this.#ask("open-picture", picture));
    if (isFolded) this.#fold(() => this.update(item, { conversation, me }));
    else this.#showBody(message, conversation.mode);
    showCard(this.card, isFolded ? null : item.message?.preview ?? item.outgoing?.preview);
    setText(this.time, clockTime(item.at));
    setAttribute(this.time, "datetime", item.at);
    setAttribute(this.time, "title", completeTime(item.at));
    this.edited.hidden = !message.edited || Boolean(message.deleted);
    this.#showDelivery(item);
    this.#showMarks(item, conversation, me);
    this.#showReaders(item.readers);
    showReactions(this.reactions, message, (emoji) => this.#ask("message-act", { act: "toggle", message, emoji }));
  }

  #ask(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }

  #showAuthor(item, author) {
    const name = item.isOwn ? text("message.you") : nameOf(author);
    showAvatar(this.side, name, author.uri, author.picture);
    if (this.author.dataset.name === name) return;
    this.author.dataset.name = name;
    this.author.replaceChildren(h("bdi", { class: "name" }, name), " ", h("bdi", { class: "acct" }, author.acct));
  }

  /** What somebody whom one has muted writes is there for whoever wants it. */
  #fold(render) {
    const show = () => {
      this.#isUnfolded = true;
      this.#shown = [];
      render();
      this.focus({ preventScroll: true });
    };
    this.#shownBody = "";
    this.whole?.remove();
    this.body.className = "body is-note";
    this.body.replaceChildren(text("message.muted"), " ",
      h("button", { type: "button", class: "link", on: { click: show } }, text("message.show_muted")));
  }

  #showBody(message, mode) {
    const read = noteOf(message) ?? codecFor(mode).read(message);
    const shown = JSON.stringify(read);
    if (shown === this.#shownBody) return;
    this.#shownBody = shown;
    this.body.className = `body is-${read.kind}`;
    if (read.kind === "html") this.body.replaceChildren(fragmentOf(read.html));
    else this.body.replaceChildren(read.kind === "unreadable" ? text("message.unreadable") : read.text);
    this.#shorten();
  }

  /** What would fill the screen several times is shown whole only on demand. */
  #shorten() {
    const isLong = this.body.textContent.length > LONG;
    this.body.classList.toggle("is-long", isLong);
    this.whole?.remove();
    if (!isLong) return;
    const show = () => {
      this.body.classList.remove("is-long");
      this.whole.remove();
      this.focus({ preventScroll: true });
    };
    this.whole = h("button", { type: "button", class: "link whole", tabindex: "-1", on: { click: show } }, text("message.whole"));
    this.body.after(this.whole);
  }

  #showDelivery({ isOwn, message, outgoing }) {
    if (!isOwn || message?.deleted) {
      this.sign.replaceChildren();
      this.actions.hidden = true;
      return;
    }
    const state = outgoing ? outgoingState(outgoing) : deliveryOf(message).state;
    const words = outgoing ? outgoingText(outgoing) : deliveryText(deliveryOf(message));
    if (this.sign.dataset.words !== words) {
      this.sign.dataset.words = words;
      this.sign.dataset.state = state;
      const hidden = QUIET.has(state) ? "visually-hidden" : "";
      this.sign.replaceChildren(icon(SIGNS[state]), h("span", { class: `words ${hidden}` }, words));
      this.sign.title = words;
    }
    this.#showActions(outgoing);
  }

  #showActions(outgoing) {
    const hasFailed = outgoing?.state === "failed";
    this.actions.hidden = !hasFailed;
    const kind = String(outgoing?.isPassing);
    if (!hasFailed || this.actions.dataset.passing === kind) return;
    this.actions.dataset.passing = kind;
    const button = (key, act) => h("button", { type: "button", class: "link", on: { click: act } }, text(key));
    this.actions.replaceChildren(
      button("delivery.retry", () => this.chat.sending.retry(outgoing.key)),
      ...(outgoing.isPassing || !outgoing.text ? [] : [button("menu.copy", () => navigator.clipboard.writeText(outgoing.text))]),
      button(outgoing.isPassing ? "delivery.take_back" : "delivery.discard", () => this.chat.sending.discard(outgoing.key)));
  }

  #showMarks({ message }, conversation, me) {
    const marks = message ? markTexts(message, conversation, me) : [];
    this.marks.hidden = !marks.length;
    this.marks.replaceChildren(...marks.map(({ words, isWarning }) => h("li", { class: isWarning ? "warning" : null }, words)));
  }

  /** The small pictures of those who have read up to here; their names are said in words. */
  #showReaders(readers) {
    this.seen.hidden = !readers.length;
    const words = readers.length ? text("message.read_by", { names: joinNames(readers.map(nameOf)) }) : "";
    if (this.seen.title === words) return;
    this.seen.title = words;
    this.seen.replaceChildren(h("span", { class: "visually-hidden" }, words),
      ...readers.slice(0, FACES).map((reader) => avatar(nameOf(reader), reader.uri, reader.picture)));
  }
}

/** Whether a message is by somebody whom one has muted, among others. */
function isQuiet(message, conversation) {
  return message.muted && conversation.kind === "group" && !message.deleted && !message.removed && !message.blocked;
}

/** What is said in the place of a message that is not there for this person. */
function noteOf(message) {
  if (message.deleted) return { kind: "note", text: text("message.deleted") };
  if (message.removed) return { kind: "note", text: text("message.removed") };
  return message.blocked ? { kind: "note", text: text("message.blocked") } : null;
}

/** What fails only for now waits: it is tried again by itself. */
function outgoingState({ state, isPassing }) {
  return state === "failed" && isPassing ? "waiting" : state;
}

function outgoingText({ state, reason, isPassing }) {
  if (state === "sending") return text("delivery.sending");
  if (isPassing) return reason ? `${text("delivery.not_yet_sent")}: ${reason}` : text("delivery.not_yet_sent");
  return reason ? `${text("delivery.not_sent")}: ${reason}` : text("delivery.not_sent");
}

customElements.define("message-item", MessageItem);
