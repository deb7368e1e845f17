// One conversation: who is in it, what was said, where to write, and who can read.

import { canWrite } from "../codec.js";
import { avatar, h, reconcile, setAttribute, setText } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";
import { departureText, memberLine, readableText, titleOf } from "../titles.js";
import { canPost, others, readingHosts } from "../views.js";
import { backLink } from "./back-link.js";

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
      draft: chat.draft(id),
      onDraft: (words) => chat.keepDraft(id, words),
      onSend: (words) => this.#send(words),
    });
    this.notice = h("p", { class: "notice", role: "note", tabindex: "-1", hidden: true });
    this.departures = h("ul", { class: "departures" });
    this.readers = h("span");
    this.replaceChildren(
      h("header", { class: "bar" }, backLink(), this.picture,
        h("div", { class: "about" }, this.heading, this.members), this.#detailsButton()),
      this.messages,
      this.departures,
      this.notice,
      this.composer,
      h("p", { class: "readers" }, icon("lock"), this.readers));
    chat.show(id);
  }

  focusFirst() {
    if (!this.composer.hidden && matchMedia("(pointer: fine)").matches) this.composer.focus();
    else this.messages.focus({ preventScroll: true });
  }

  /** Show why nothing can be written here, to readers as well. */
  focusNotice() {
    this.notice.focus();
  }

  update(state, conversation) {
    const title = titleOf(conversation, state.me);
    setText(this.heading, title);
    setAttribute(this, "aria-label", text("room.label", { title }));
    const alone = conversation.kind === "direct" ? others(conversation, state.me) : [];
    setText(this.members, alone.length === 1 ? alone[0].acct : memberLine(conversation));
    if (this.picture.dataset.name !== title) {
      this.picture.dataset.name = title;
      this.picture.replaceChildren(avatar(title, conversation.uri ?? conversation.id));
    }
    const why = cannotPost(conversation);
    this.composer.hidden = why !== "";
    this.notice.hidden = why === "";
    setText(this.notice, why);
    reconcile(this.departures, conversation.departures, {
      keyOf: (departure) => departure.person.uri,
      make: () => h("li", { dir: "auto" }),
      update: (element, departure) => setText(element, departureText(departure, conversation)),
    });
    setText(this.readers, readableText(readingHosts(conversation, state.me)));
    this.messages.update(state, conversation);
  }

  #send(words) {
    this.chat.send(this.conversationId, words);
    this.messages.toEnd();
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
