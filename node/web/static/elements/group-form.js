// What a group's admins say of it: its picture, its name, who may invite, and how far back newcomers read.

import { h, setText, showAvatar } from "../dom.js";
import { historyChoice, inviteChoice } from "../group-choices.js";
import { pictureButton } from "../picture-button.js";
import { errorText, text } from "../strings.js";
import { titleOf } from "../titles.js";

class GroupForm extends HTMLElement {
  #build() {
    this.name = h("input", { id: "group-name", dir: "auto", maxlength: "100", autocomplete: "off" });
    this.invite = inviteChoice("group-invite");
    this.history = historyChoice("group-history");
    this.face = h("span", { class: "picture" });
    this.drop = h("button", { type: "button", class: "link", on: { click: () => this.#try((id) => this.chat.setPicture(id, null)) } }, text("group.picture_remove"));
    const choose = pictureButton("group.picture_choose", (file) => this.#try((id) => this.chat.setPicture(id, file)));
    this.answer = h("p", { class: "hint", role: "status" });
    this.save = h("button", { type: "submit", class: "plain" }, text("composer.save"));
    const field = (id, key, control) => h("p", { class: "field" }, h("label", { for: id }, text(key)), control);
    this.form = h("form", { on: { submit: (event) => this.#save(event), input: () => this.#showSave() } },
      field("group-name", "group.name", this.name),
      field("group-invite", "group.who_invites", this.invite),
      field("group-history", "group.history_for", this.history),
      this.save, this.answer);
    this.replaceChildren(h("h3", {}, text("group.heading")), h("p", { class: "own-face" }, this.face, choose, this.drop), this.form);
  }

  /** Show what holds, unless it is being changed. */
  update(conversation) {
    if (!this.form) this.#build();
    const isOther = this.conversation?.id !== conversation.id;
    const hasChanged = !isOther && Object.keys(this.#changes()).length > 0;
    if (isOther) setText(this.answer, "");
    this.conversation = conversation;
    showAvatar(this.face, titleOf(conversation, this.chat.state.me), conversation.uri, conversation.picture, "large");
    this.drop.hidden = !conversation.picture;
    if (!hasChanged) {
      this.name.value = conversation.title;
      this.invite.value = conversation.settings.invite ?? "moderator";
      this.history.value = conversation.settings.history ?? "joined";
    }
    this.#showSave();
  }

  /** What is to be told the node: only what is another than before. */
  #changes() {
    const { title, settings } = this.conversation;
    const changes = {};
    if (this.name.value.trim() !== title) changes.title = this.name.value.trim();
    const wanted = { invite: this.invite.value, history: this.history.value };
    const others = Object.entries(wanted).filter(([name, value]) => value && value !== settings[name]);
    if (others.length) changes.settings = Object.fromEntries(others);
    return changes;
  }

  #showSave() {
    this.save.hidden = !Object.keys(this.#changes()).length;
  }

  async #save(event) {
    event.preventDefault();
    const changes = this.#changes();
    if (Object.keys(changes).length) await this.#try((id) => this.chat.describe(id, changes));
  }

  async #try(change) {
    setText(this.answer, "");
    try {
      await change(this.conversation.id);
      setText(this.answer, text("group.saved"));
    } catch (error) {
      setText(this.answer, errorText(error));
    }
  }
}

customElements.define("group-form", GroupForm);
