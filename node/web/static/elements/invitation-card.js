// An invitation that waits for an answer; a stranger's shows who and how many until its words are asked for.

import { api } from "../api.js";
import { avatar, h, setText } from "../dom.js";
import { signAvatar } from "../icons.js";
import { text } from "../strings.js";
import { joinNames } from "../times.js";
import { titleOf } from "../titles.js";
import { inviterOf, isHomeHere, membersIn, nameOf } from "../views.js";
import "./answer-buttons.js";
import { showStranger } from "./stranger-facts.js";
import { backLink } from "./back-link.js";

class InvitationCard extends HTMLElement {
  #isShown = false;

  connectedCallback() {
    if (this.about) return;
    const show = h("button", { type: "button", class: "plain show", on: { click: () => this.#show() } }, text("invitation.show"));
    const { conversations, me } = this.chat.state;
    const invitation = conversations[this.conversationId];
    const author = invitation.state === "requested" ? inviterOf(invitation, me) : null;
    this.about = h("div", { class: "about" });
    this.known = h("div", { class: "known" });
    this.size = h("p");
    this.warning = h("p", { class: "failure", role: "note", dir: "auto" });
    this.show = show;
    this.replaceChildren(
      backLink(),
      h("section", { class: "card", "aria-labelledby": "invitation-heading" },
        this.about,
        this.known,
        this.size,
        this.warning,
        h("p", { class: "quiet" }, text("invitation.promise")),
        Object.assign(h("answer-buttons"), { chat: this.chat, conversationId: this.conversationId, more: show, author })));
    this.chat.learn(this.conversationId);
    if (author) showStranger(this.known, this.conversationId);
    this.#warn();
  }

  /** Whom one has blocked one would meet there, though their messages are folded. */
  async #warn() {
    const blocked = new Set((await api.blocked().catch(() => [])).map(({ uri }) => uri));
    const met = membersIn(this.conversation).filter(({ uri }) => blocked.has(uri));
    setText(this.warning, met.length ? text("invitation.blocked", { n: met.length, names: joinNames(met.map(nameOf)) }) : "");
  }

  update(state, conversation) {
    this.state = state;
    this.conversation = conversation;
    this.#render();
  }

  focusFirst() {
    this.querySelector("h2")?.focus();
  }

  #show() {
    this.#isShown = true;
    this.#render();
    this.focusFirst();
  }

  #render() {
    const inviter = inviterOf(this.conversation, this.state.me);
    const isHidden = this.conversation.state === "requested" && !this.#isShown;
    // Of a group elsewhere nothing more is told before one is in it.
    const key = isHomeHere(this.conversation, this.state.me) ? "invitation.size" : "invitation.size_then";
    setText(this.size, text(key, { n: membersIn(this.conversation).length }));
    this.show.hidden = !isHidden;
    const shown = JSON.stringify([isHidden, inviter?.acct, this.conversation.title]);
    if (this.dataset.key === shown) return;
    this.dataset.key = shown;
    this.about.replaceChildren(...(isHidden ? this.#hidden(inviter) : this.#open(inviter)));
  }

  #hidden(inviter) {
    return [signAvatar("people", "large"), heading(text("invitation.request_heading")), from(inviter)];
  }

  #open(inviter) {
    const { conversation } = this;
    const name = inviter ? nameOf(inviter) : text("invitation.unknown");
    const to = conversation.title
      ? text("invitation.to", { title: conversation.title })
      : text("invitation.to_untitled");
    return [
      avatar(titleOf(conversation, this.state.me), conversation.uri ?? conversation.id, null, "large"),
      heading(text("invitation.heading", { name })),
      h("p", { class: "to", dir: "auto" }, to),
      from(inviter),
    ];
  }
}

function heading(words) {
  return h("h2", { id: "invitation-heading", tabindex: "-1", dir: "auto" }, words);
}

function from(inviter) {
  return h("p", { class: "from" }, text("invitation.from", { acct: inviter?.acct ?? text("invitation.unknown") }));
}

customElements.define("invitation-card", InvitationCard);
