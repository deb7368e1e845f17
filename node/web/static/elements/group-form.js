// What a group's admins say of it: its name, who may invite, and how far back newcomers read.

import { h, setText } from "../dom.js";
import { errorText, text } from "../strings.js";

const INVITE = ["member", "moderator", "admin"];
const HISTORY = ["invited", "joined", "shared"];

class GroupForm extends HTMLElement {
  #build() {
    this.name = h("input", { id: "group-name", dir: "auto", maxlength: "100", autocomplete: "off" });
    this.invite = choice("group-invite", INVITE, (value) => text(`group.invite.${value}`));
    this.history = choice("group-history", HISTORY, (value) => text(`group.history.${value}`));
    this.answer = h("p", { class: "hint", role: "status" });
    this.save = h("button", { type: "submit", class: "plain" }, text("composer.save"));
    const field = (id, key, control) => h("p", { class: "field" }, h("label", { for: id }, text(key)), control);
    this.form = h("form", { on: { submit: (event) => this.#save(event), input: () => this.#showSave() } },
      field("group-name", "group.name", this.name),
      field("group-invite", "group.who_invites", this.invite),
      field("group-history", "group.history_for", this.history),
      this.save, this.answer);
    this.replaceChildren(h("h3", {}, text("group.heading")), this.form);
  }

  /** Show what holds, unless it is being changed. */
  update(conversation) {
    if (!this.form) this.#build();
    const isOther = this.conversation?.id !== conversation.id;
    const hasChanged = !isOther && Object.keys(this.#changes()).length > 0;
    if (isOther) setText(this.answer, "");
    this.conversation = conversation;
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
    const { id } = this.conversation;
    const changes = this.#changes();
    if (!Object.keys(changes).length) return;
    setText(this.answer, "");
    try {
      await this.chat.describe(id, changes);
      setText(this.answer, text("group.saved"));
    } catch (error) {
      setText(this.answer, errorText(error));
    }
  }
}

function choice(id, values, words) {
  return h("select", { id }, values.map((value) => h("option", { value }, words(value))));
}

customElements.define("group-form", GroupForm);
