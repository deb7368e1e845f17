// What a stranger writes, waiting for an answer: who and from where, and their words as plain text.

import { codecFor } from "../codec.js";
import { h, reconcile, setAttribute, setText } from "../dom.js";
import { signAvatar } from "../icons.js";
import { historyOf } from "../state.js";
import { text } from "../strings.js";
import { completeTime, joinNames } from "../times.js";
import { hostOf, inviterOf, others } from "../views.js";
import "./answer-buttons.js";
import { showStranger } from "./stranger-facts.js";
import { backLink } from "./back-link.js";

class MessageRequest extends HTMLElement {
  #isShown = false;

  connectedCallback() {
    if (this.heading) return;
    const { conversations, me } = this.chat.state;
    const author = inviterOf(conversations[this.conversationId], me);
    this.heading = h("h2", { id: "request-heading", tabindex: "-1" });
    this.from = h("bdi", { class: "acct" });
    this.server = h("p", { class: "from" });
    this.also = h("p", { class: "from" });
    this.known = h("div", { class: "known" });
    this.waiting = h("p");
    this.again = h("button", { type: "button", class: "plain", hidden: true, on: { click: () => this.#read() } }, text("invitation.show"));
    this.words = h("div", { class: "words", role: "group", "aria-label": text("room.messages"), tabindex: "-1" });
    this.marked = h("div", { class: "marked", hidden: true }, h("p", { class: "quiet" }, text("request.marked")),
      h("button", { type: "button", class: "plain", on: { click: () => this.#show() } }, text("request.show_text")));
    this.replaceChildren(
      backLink(),
      h("section", { class: "card", "aria-labelledby": "request-heading" },
        h("div", { class: "about" },
          signAvatar("person", "large"), this.heading, h("p", {}, this.from), this.server, this.also, this.known),
        this.waiting,
        this.marked,
        this.words,
        h("p", { class: "quiet" }, text("request.promise")),
        Object.assign(h("answer-buttons"), { chat: this.chat, conversationId: this.conversationId, more: this.again, author, isDirect: true })));
    showStranger(this.known, this.conversationId);
    this.#read();
  }

  update(state, conversation) {
    this.state = state;
    this.conversation = conversation;
    this.#render();
  }

  focusFirst() {
    this.heading.focus();
  }

  /** Fetch the words; where they did not come, they can be asked for again. */
  async #read() {
    this.again.hidden = true;
    this.again.hidden = await this.chat.readRequest(this.conversationId);
  }

  /** What a rule has marked is there for whoever wants it. */
  #show() {
    this.#isShown = true;
    this.#render();
    this.words.focus();
  }

  #render() {
    const { conversation, state } = this;
    const author = inviterOf(conversation, state.me);
    const more = others(conversation, state.me).filter((member) => member.uri !== author?.uri);
    const acct = author?.acct ?? "";
    setText(this.heading, more.length ? text("request.heading_more", { n: more.length }) : text("request.heading"));
    setText(this.from, acct || text("invitation.unknown"));
    setText(this.server, acct ? text("request.server", { host: hostOf(acct) }) : "");
    setText(this.also, more.length ? text("request.also", { names: joinNames(more.map((member) => member.acct)) }) : "");
    setText(this.waiting, text("request.waiting", { n: conversation.unread }));
    this.#renderWords(historyOf(state, conversation.id), codecFor(conversation.mode), more.length > 0);
  }

  #renderWords({ messages, isLoading }, codec, isByMany) {
    setAttribute(this.words, "aria-busy", String(isLoading));
    const isHidden = (message) => !this.#isShown && isMarked(message);
    this.marked.hidden = !messages.some(isHidden);
    reconcile(this.words, messages.filter((message) => !isHidden(message)), {
      keyOf: (message) => message.id,
      make: () => h("p", {}, h("bdi", { class: "by", hidden: true }), h("span", { dir: "auto" })),
      update: (element, message) => {
        element.firstElementChild.hidden = !isByMany;
        setText(element.firstElementChild, message.author.acct);
        setText(element.lastElementChild, message.deleted ? text("message.deleted") : codec.words(message) ?? text("message.unreadable"));
        setAttribute(element, "title", completeTime(message.published));
      },
    });
  }
}

/** Whether a rule has made a request of it; then its beginning is all that is told. */
function isMarked({ notices = [] }) {
  return notices.some(({ kind }) => kind === "marked");
}

customElements.define("message-request", MessageRequest);
