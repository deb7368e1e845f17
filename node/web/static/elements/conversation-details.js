// Who is in a conversation, who can read it, and the way in for others and out for oneself.

import { avatar, h, reconcile, setText } from "../dom.js";
import { icon } from "../icons.js";
import { mayInvite } from "../people.js";
import { errorText, text } from "../strings.js";
import { joinNames } from "../times.js";
import { canPost, nameOf, readingHosts } from "../views.js";

const GONE = new Set(["left", "removed", "banned", "refused", "closed"]);

class ConversationDetails extends HTMLElement {
  connectedCallback() {
    if (this.people) return;
    const close = () => this.dispatchEvent(new CustomEvent("toggle-details", { bubbles: true }));
    this.people = h("ul", { class: "people" });
    this.reads = h("p", { class: "quiet" });
    this.field = h("input", { id: "invite-acct", name: "acct", autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", placeholder: "ana@example.org", required: true });
    this.inviteButton = h("button", { type: "submit", class: "plain" }, text("details.invite_button"));
    this.inviteForm = h("form", { class: "invite", on: { submit: (event) => this.#invite(event) } },
      h("label", { for: "invite-acct" }, text("details.invite")),
      h("span", { class: "with-button" }, this.field, this.inviteButton));
    this.answer = h("p", { class: "hint", role: "status" });
    this.leaving = h("section", { class: "leaving" });
    this.replaceChildren(
      h("header", { class: "bar" }, h("h2", {}, text("details.label")),
        h("button", { type: "button", class: "round", title: text("details.close"), on: { click: close } },
          icon("close"), h("span", { class: "visually-hidden" }, text("details.close")))),
      h("div", { class: "scroll" },
        h("h3", {}, text("details.people")), this.people, this.inviteForm, this.answer,
        h("h3", {}, text("details.who_reads")), this.reads, this.leaving));
  }

  update(state, conversation) {
    const { me } = state;
    if (this.conversation?.id !== conversation.id) this.#start();
    this.conversation = conversation;
    reconcile(this.people, conversation.members.filter((member) => !GONE.has(member.state)), {
      keyOf: (member) => member.uri,
      make: makePerson,
      update: (element, member) => showPerson(element, member, member.uri === me?.uri),
    });
    setText(this.reads, text("details.reads", { hosts: joinNames(readingHosts(conversation, me)) }));
    const isGroup = conversation.kind === "group";
    this.inviteForm.hidden = !(isGroup && canPost(conversation) && mayInvite(conversation, me));
    this.leaving.hidden = !(isGroup && canPost(conversation));
  }

  #start() {
    this.field.value = "";
    setText(this.answer, "");
    this.#offerLeaving();
  }

  async #invite(event) {
    event.preventDefault();
    const acct = this.field.value.trim().replace(/^@/, "");
    if (!acct || this.inviteButton.disabled) return;
    this.inviteButton.disabled = true;
    try {
      await this.chat.invite(this.conversation.id, acct);
      this.field.value = "";
      setText(this.answer, text("details.invite_sent", { acct }));
    } catch (error) {
      setText(this.answer, error.status === 404 ? text("new.not_found", { acct }) : errorText(error));
    }
    this.inviteButton.disabled = false;
  }

  #offerLeaving() {
    this.leaving.replaceChildren(
      h("button", { type: "button", class: "link danger", on: { click: () => this.#askLeaving() } },
        text("details.leave")));
  }

  #askLeaving() {
    const stay = () => {
      this.#offerLeaving();
      this.leaving.querySelector("button").focus();
    };
    this.leaving.replaceChildren(
      h("p", {}, text("details.leave_sure")),
      h("p", { class: "buttons" },
        h("button", { type: "button", class: "primary danger", on: { click: () => this.#leave() } }, text("details.leave_yes")),
        h("button", { type: "button", class: "plain", on: { click: stay } }, text("details.cancel"))));
    this.leaving.querySelector(".plain").focus();
  }

  async #leave() {
    try {
      await this.chat.leave(this.conversation.id);
      this.dispatchEvent(new CustomEvent("left-conversation", { bubbles: true }));
    } catch (error) {
      setText(this.answer, errorText(error));
    }
    this.#offerLeaving();
  }
}

function makePerson(member) {
  return h("li", { class: "person" }, avatar(nameOf(member), member.uri),
    h("div", { class: "about" }, h("bdi", { class: "name" }), h("bdi", { class: "acct" }), h("p", { class: "quiet" })));
}

function showPerson(element, member, isMe) {
  setText(element.querySelector(".name"), isMe ? `${nameOf(member)} (${text("details.you")})` : nameOf(member));
  setText(element.querySelector(".acct"), member.acct);
  const role = ["admin", "moderator"].includes(member.role) ? text(`details.role.${member.role}`) : "";
  const isIn = member.state === "joined";
  const words = [isIn ? role : text(`details.state.${member.state}`), member.aware === false ? text("details.legacy") : ""];
  setText(element.querySelector("p"), words.filter(Boolean).join(" · "));
}

customElements.define("conversation-details", ConversationDetails);
