// Who is in a conversation, who can read it, what its admins may change, and the way in for others and out for oneself.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { askOut } from "../leaving.js";
import { doorText, mayInvite } from "../people.js";
import { errorText, text, toldText } from "../strings.js";
import { joinNames } from "../times.js";
import { canPost, isAdmin, isHomeHere, readingHosts } from "../views.js";
import "./ask-dialog.js";
import "./member-list.js";

class ConversationDetails extends HTMLElement {
  connectedCallback() {
    if (this.people) return;
    const { chat } = this;
    const close = () => this.dispatchEvent(new CustomEvent("toggle-details", { bubbles: true }));
    this.people = Object.assign(h("member-list"), { chat });
    this.reads = h("p", { class: "quiet" });
    this.#makeInviting();
    this.links = h("join-links");
    this.group = Object.assign(h("group-form"), { chat });
    this.quiet = Object.assign(h("mute-choice"), { chat });
    this.copy = Object.assign(h("save-copy"), { chat });
    const look = (has) => this.dispatchEvent(new CustomEvent("search", { bubbles: true, detail: { conversation: this.conversation.id, has } }));
    const askDate = () => this.dispatchEvent(new CustomEvent("ask-date", { bubbles: true }));
    this.finding = h("section", { class: "leaving" }, h("h3", {}, text("details.find")),
      h("button", { type: "button", class: "link", "aria-haspopup": "dialog", on: { click: askDate } }, text("room.go_to_date")),
      h("button", { type: "button", class: "link", on: { click: () => look("file") } }, text("details.files")),
      h("button", { type: "button", class: "link", on: { click: () => look("link") } }, text("details.links")));
    this.leaving = h("section", { class: "leaving" });
    this.leave = h("button", { type: "button", class: "link danger", on: { click: () => this.#askLeaving() } }, text("details.leave"));
    this.end = h("button", { type: "button", class: "link danger", on: { click: () => this.#askClosing() } }, text("details.end"));
    this.leaving.append(this.leave, this.end);
    this.ask = h("ask-dialog");
    this.replaceChildren(
      h("header", { class: "bar" }, h("h2", {}, text("details.label")),
        h("button", { type: "button", class: "round", title: text("details.close"), on: { click: close } },
          icon("close"), h("span", { class: "visually-hidden" }, text("details.close")))),
      h("div", { class: "scroll" },
        h("h3", {}, text("details.people")), this.people, this.inviteForm, this.answer, this.links,
        h("h3", {}, text("details.who_reads")), this.reads, this.quiet, this.finding, this.group, this.copy, this.leaving),
      this.ask);
  }

  update(state, conversation) {
    const { me } = state;
    if (this.conversation?.id !== conversation.id) this.#start();
    this.conversation = conversation;
    this.people.update(state, conversation);
    setText(this.reads, text("details.reads", { hosts: joinNames(readingHosts(conversation, me)) }));
    const isIn = conversation.kind === "group" && canPost(conversation);
    const inviting = isIn && mayInvite(conversation, me);
    const isGoverning = isIn && isAdmin(conversation, me);
    this.inviteForm.hidden = !inviting;
    this.links.hidden = !(inviting && isHomeHere(conversation, me));
    if (!this.links.hidden) fill(this.links, conversation);
    this.group.hidden = !isGoverning;
    if (isGoverning) fill(this.group, conversation);
    this.quiet.hidden = !canPost(conversation);
    if (!this.quiet.hidden) fill(this.quiet, conversation);
    fill(this.copy, conversation);
    this.leaving.hidden = !isIn;
    this.end.hidden = !isGoverning;
  }

  #makeInviting() {
    this.field = h("input", { id: "invite-acct", name: "acct", autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", placeholder: "ana@example.org", required: true });
    this.inviteButton = h("button", { type: "submit", class: "plain" }, text("details.invite_button"));
    this.inviteForm = h("form", { class: "invite", on: { submit: (event) => this.#invite(event) } },
      h("label", { for: "invite-acct" }, text("details.invite")),
      h("span", { class: "with-button" }, this.field, this.inviteButton));
    this.answer = h("p", { class: "hint", role: "status" });
  }

  #start() {
    this.field.value = "";
    setText(this.answer, "");
  }

  async #invite(event) {
    event.preventDefault();
    const acct = this.field.value.trim().replace(/^@/, "");
    if (!acct || this.inviteButton.disabled) return;
    this.inviteButton.disabled = true;
    setText(this.answer, "");
    try {
      const { warnings, inviting } = await this.chat.checkInvite(this.conversation.id, acct);
      const known = [doorText({ inviting, acct }, "inviting"), ...warnings.map((warning) => toldText(warning.text) ?? warning.text)].filter(Boolean);
      if (known.length) this.#askInviting(acct, known);
      else await this.#send(acct);
    } catch (error) {
      setText(this.answer, error.status === 404 ? text("new.not_found", { acct }) : errorText(error));
    }
    this.inviteButton.disabled = false;
  }

  async #send(acct) {
    await this.chat.invite(this.conversation.id, acct);
    this.field.value = "";
    setText(this.answer, text("details.invite_sent", { acct }));
  }

  /** What is to be known before somebody is invited. */
  #askInviting(acct, known) {
    this.ask.open(text("details.invite_warned", { acct }), known.map((words) => h("p", { dir: "auto" }, words)));
    this.ask.offer(text("details.invite_button"), "primary", () => this.#send(acct));
  }

  #askLeaving() {
    askOut(this.ask, this.chat, this.conversation, () => this.dispatchEvent(new CustomEvent("left-conversation", { bubbles: true })));
  }

  #askClosing() {
    this.ask.open(text("details.end"), [h("p", {}, text("details.end_sure"))]);
    this.ask.offer(text("details.end_yes"), "primary danger", () => this.chat.close(this.conversation.id));
  }
}

/** What some members alone see is fetched for them. */
async function fill(element, conversation) {
  await import(`./${element.localName}.js`);
  element.update(conversation);
}

customElements.define("conversation-details", ConversationDetails);
