// One conversation: who is in it, what was said, where to write, and who can read.

import { actionsOn } from "../actions.js";
import { canWrite, codecFor } from "../codec.js";
import { h, reconcile, setAttribute, setText, showAvatar } from "../dom.js";
import { icon } from "../icons.js";
import { departureText, keptOutText, memberLine, readableText, typingText } from "../room-words.js";
import { historyOf } from "../state.js";
import { errorText, text } from "../strings.js";
import { typists } from "../timeline.js";
import { titleOf } from "../titles.js";
import { canPost, others, pictureOf, readingHosts } from "../views.js";
import { backLink } from "./back-link.js";
import "./message-composer.js";
import "./message-item.js";
import "./message-list.js";
import "./message-menu.js";
import "./message-tools.js";

const SAID_MS = 4000;
// What few want is fetched when somebody does; the page is there sooner.
const LATER = {
  picker: () => import("./emoji-picker.js"),
  dialog: () => import("./message-dialog.js"),
};

class ConversationRoom extends HTMLElement {
  connectedCallback() {
    if (this.messages) return;
    const { chat, conversationId: id } = this;
    setAttribute(this, "role", "region");
    this.picture = h("span", { class: "picture" });
    this.heading = h("h2", { class: "title", dir: "auto" });
    this.members = h("p", { class: "members" });
    this.messages = Object.assign(h("message-list"), { chat, conversationId: id });
    this.composer = Object.assign(h("message-composer"), {
      chat,
      conversationId: id,
      onSend: (message) => this.#send(message),
    });
    this.menu = h("message-menu");
    this.picker = h("emoji-picker");
    this.dialog = Object.assign(h("message-dialog"), { chat });
    this.toast = h("p", { class: "toast", role: "status" });
    this.notice = h("p", { class: "notice", role: "note", tabindex: "-1", hidden: true });
    this.departures = h("ul", { class: "departures" });
    this.keptOut = h("ul", { class: "departures" });
    this.typing = h("p", { class: "typing", dir: "auto" });
    this.alarm = h("div", { class: "alarm", role: "note", hidden: true });
    this.readers = h("span");
    this.replaceChildren(
      h("header", { class: "bar" }, backLink(), this.picture,
        h("div", { class: "about" }, this.heading, this.members), this.#dateButton(), this.#searchButton(), this.#detailsButton()),
      this.messages,
      this.typing,
      this.departures,
      this.keptOut,
      this.alarm,
      this.notice,
      this.composer,
      h("p", { class: "readers" }, icon("lock"), this.readers),
      this.toast, this.menu, this.picker, this.dialog);
    this.addEventListener("dragover", (event) => this.#dragged(event, true));
    this.addEventListener("dragleave", (event) => !this.contains(event.relatedTarget) && this.classList.remove("is-dropping"));
    this.addEventListener("drop", (event) => this.#dragged(event, false));
    this.addEventListener("message-act", (event) => this.#act(event.detail));
    this.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && chat.markRead(id));
    this.onArrived = ({ detail }) => detail.conversation === id && this.messages.arrived(detail);
    chat.addEventListener("arrived", this.onArrived);
    chat.show(id);
  }

  disconnectedCallback() {
    this.chat.removeEventListener("arrived", this.onArrived);
    this.chat.hide(this.conversationId);
  }

  focusFirst() {
    if (!this.composer.hidden && matchMedia("(pointer: fine)").matches) this.composer.focus();
    else this.messages.focus({ preventScroll: true });
  }

  jumpTo(messageId) {
    this.messages.jumpTo(messageId);
  }

  /** Go to the first message of a day, or with "" to the newest. */
  openFrom(messageId) {
    return this.messages.openFrom(messageId);
  }

  /** When what stands first in view was said; undefined where there is nothing. */
  momentInView() {
    return this.messages.momentInView();
  }

  /** Show why nothing can be written here, to readers as well. */
  focusNotice() {
    this.notice.focus();
  }

  update(state, conversation) {
    this.conversation = conversation;
    const title = titleOf(conversation, state.me);
    setText(this.heading, title);
    // A long name has no room; whoever points at it reads all of it.
    setAttribute(this.heading, "title", title);
    setAttribute(this, "aria-label", text("room.label", { title }));
    const alone = conversation.kind === "direct" ? others(conversation, state.me) : [];
    setText(this.members, alone.length === 1 ? alone[0].acct : memberLine(conversation));
    showAvatar(this.picture, title, conversation.uri ?? conversation.id, pictureOf(conversation, state.me));
    const why = cannotPost(conversation);
    this.composer.hidden = why !== "";
    this.notice.hidden = why === "";
    setText(this.notice, why);
    reconcile(this.departures, conversation.departures, {
      keyOf: (departure) => departure.person.uri,
      make: () => h("li", { dir: "auto" }),
      update: (element, departure) => setText(element, departureText(departure, conversation)),
    });
    reconcile(this.keptOut, conversation.kept_out, {
      keyOf: ({ host }) => host,
      make: () => h("li", {}, h("span", { dir: "auto" }), " ", h("a", { href: "/settings/lost-contacts" }, text("room.kept_out_whom"))),
      update: (element, server) => setText(element.firstChild, keptOutText(server)),
    });
    setText(this.readers, readableText(readingHosts(conversation, state.me)));
    setText(this.typing, typingText(typists(state, conversation.id)));
    this.#showAlarm(conversation);
    this.#showMate(state, conversation, alone);
    this.composer.update(state, conversation);
    this.messages.update(state, conversation);
  }

  /** Its home has signed two states for one version: who may be in it is uncertain until somebody decides. */
  #showAlarm(conversation) {
    const isShown = conversation.disputed && conversation.state === "joined";
    const words = conversation.home_gone ? text("room.home_gone", { host: new URL(conversation.uri).host }) : "";
    this.alarm.hidden = !isShown && !words;
    this.alarm.classList.toggle("is-red", Boolean(isShown));
    const key = isShown ? "disputed" : words;
    if (this.alarm.dataset.key === key) return;
    this.alarm.dataset.key = key;
    const button = (name, act) => h("button", { type: "button", class: "plain", on: { click: () => this.#try(act) } }, text(name));
    this.alarm.replaceChildren(...(isShown ? [
      h("p", {}, text("room.disputed", { host: new URL(conversation.uri).host })),
      h("p", { class: "buttons" },
        button("room.disputed_follow", () => this.chat.followHome(conversation.id)),
        button("details.leave", () => this.chat.leave(conversation.id)))] : [h("p", {}, words)]));
  }

  /** Until one has written to somebody it is said how they take that, or that one only shares a group with them. */
  #showMate(state, { id, last_message: last }, [other, ...more]) {
    const { messages, isComplete } = historyOf(state, id);
    const isNew = Boolean(other && !more.length) && isComplete && !messages.some(({ author }) => author.uri === state.me?.uri);
    const isUnsaid = isNew && !last;
    if (this.mate && (!isNew || isUnsaid !== this.mate.isUnsaid)) {
      this.mate.remove();
      this.mate = null;
    }
    if (!isNew || this.mate) return;
    this.mate = Object.assign(h("mate-notice"), { chat: this.chat, conversationId: id, acct: other.acct, isUnsaid });
    this.messages.before(this.mate);
    import("./mate-notice.js");
  }

  async #try(act) {
    try {
      await act();
    } catch (error) {
      this.#say(errorText(error));
    }
  }

  /** Files that are held over the room can be let go there. */
  #dragged(event, isOver) {
    if (!event.dataTransfer.types.includes("Files") || this.composer.hidden) return;
    event.preventDefault();
    this.classList.toggle("is-dropping", isOver);
    if (!isOver) this.composer.attach(event.dataTransfer.files);
  }

  async #send(message) {
    await this.messages.toEnd();
    this.chat.sending.send(this.conversationId, message);
    this.messages.toEnd();
  }

  /** What was chosen for a message, by menu, button or key. */
  #act({ act, message, emoji, beside }) {
    const { chat, conversation } = this;
    const { me } = chat.state;
    const acts = {
      menu: () => this.menu.open(message, actionsOn(message, conversation, me), beside),
      react: async () => {
        const picker = await this.#wanted("picker");
        picker.open(beside, this.messages.itemOf(message.id), (chosen) => this.#react(message, chosen));
      },
      toggle: () => this.#react(message, emoji),
      reply: () => this.composer.reply(message),
      edit: () => this.composer.edit(message),
      copy: () => this.#copy(message),
      forward: () => this.dispatchEvent(new CustomEvent("forward", { bubbles: true, detail: codecFor(conversation.mode).words(message) })),
      details: async () => (await this.#wanted("dialog")).showDetails(message),
      history: async () => (await this.#wanted("dialog")).showHistory(message, conversation),
      report: async () => (await this.#wanted("dialog")).askReporting(message, conversation),
      delete: async () => (await this.#wanted("dialog")).askDeleting(message, conversation, false),
      remove: async () => (await this.#wanted("dialog")).askDeleting(message, conversation, true),
    };
    this.#try(acts[act]);
  }

  async #wanted(name) {
    await LATER[name]();
    return this[name];
  }

  #react(message, emoji) {
    return this.#try(() => this.chat.react(message, emoji));
  }

  async #copy(message) {
    await navigator.clipboard.writeText(codecFor(this.conversation.mode).words(message) ?? "");
    this.#say(text("menu.copied"));
  }

  /** Say something in passing. */
  #say(words) {
    setText(this.toast, words);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => setText(this.toast, ""), SAID_MS);
  }

  #dateButton() {
    const ask = () => this.dispatchEvent(new CustomEvent("ask-date", { bubbles: true }));
    return h("button", { type: "button", class: "round go-to-date", title: text("room.go_to_date"), "aria-haspopup": "dialog", on: { click: ask } },
      icon("calendar"), h("span", { class: "visually-hidden" }, text("room.go_to_date")));
  }

  #searchButton() {
    const ask = () => this.dispatchEvent(new CustomEvent("search", { bubbles: true, detail: { conversation: this.conversationId } }));
    return h("button", { type: "button", class: "round", title: text("room.search"), "aria-keyshortcuts": "Control+F Meta+F", on: { click: ask } },
      icon("search"), h("span", { class: "visually-hidden" }, text("room.search")));
  }

  #detailsButton() {
    const ask = () => this.dispatchEvent(new CustomEvent("toggle-details", { bubbles: true }));
    return h("button", { type: "button", class: "round show-details", title: text("room.details"), on: { click: ask } },
      icon("people"), h("span", { class: "visually-hidden" }, text("room.details")));
  }
}

/** Why nothing can be written there at present, or "". */
function cannotPost(conversation) {
  if (conversation.state === "joining") return text("room.joining", { host: new URL(conversation.uri).host });
  if (conversation.state === "closed") return text("room.closed");
  if (conversation.state === "left") return text("room.left");
  if (!canPost(conversation)) return text("room.removed");
  if (conversation.members.some((member) => member.deleted)) return text("room.account_ended");
  return canWrite(conversation.mode) ? "" : text("room.unknown_mode");
}

customElements.define("conversation-room", ConversationRoom);
