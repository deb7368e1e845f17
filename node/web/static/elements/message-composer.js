// Where a message is written: it grows with its text; Enter sends and Shift+Enter begins a line, or Ctrl+Enter sends.

import { lastEditable, replyableBefore } from "../actions.js";
import { codecFor } from "../codec.js";
import { strangersIn } from "../completion.js";
import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { enterBeginsLine } from "../keys.js";
import { mayInvite } from "../people.js";
import { errorText, text } from "../strings.js";
import { bodyLine } from "../titles.js";
import { joinNames } from "../times.js";
import { quotedOf } from "../state.js";
import { nameOf } from "../views.js";
import "./upload-tray.js";
import "./word-suggestions.js";

const BORDERS_PX = 2;
// Until the node has said so.
const LONGEST = 10_000;

/** Whether Enter, as it was pressed, sends: by what the person has chosen. */
function sends(event) {
  const isHeld = event.ctrlKey || event.metaKey;
  return enterBeginsLine() ? isHeld : isHeld || !event.shiftKey;
}

class MessageComposer extends HTMLElement {
  #replyTo = "";
  #editing = null;
  #stashed = "";
  #isBusy = false;
  #hasBegun = false;
  #width = 0;

  connectedCallback() {
    if (this.field) return;
    this.field = h("textarea", {
      rows: "1",
      dir: "auto",
      placeholder: text("composer.label"),
      "aria-label": text("composer.label"),
      autocomplete: "off",
      enterkeyhint: "send",
    });
    this.hint = h("p", { class: "hint", role: "status" });
    this.button = h("button", { type: "submit", class: "round accent", disabled: true });
    this.#makeBar();
    this.#makeTray();
    const form = h("form", {}, this.clip, this.field, this.button);
    this.card = h("card-tray", { hidden: true });
    this.suggestions = Object.assign(h("word-suggestions"), { field: this.field });
    this.strangers = h("p", { class: "hint quiet", role: "status" });
    this.replaceChildren(this.hint, this.strangers, this.bar, this.tray, this.card, this.suggestions, form, this.picked);
    this.card.addEventListener("left-out", () => this.focus());
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => {
      this.#changed();
      if (this.field.value) this.chat.type(this.conversationId);
    });
    this.field.addEventListener("paste", (event) => this.#pasted(event));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.suggestions.close());
    this.#showButton();
  }

  focus() {
    this.field.focus();
  }

  update(state, conversation) {
    this.state = state;
    this.conversation = conversation;
    this.#takeDraft();
    this.#showBar();
  }

  /** Go on with what was begun here or on another device, but while it is being written only where it was sent there. */
  #takeDraft() {
    const { text: words, replyTo, media } = this.chat.draft(this.conversation);
    const isSame = words === this.field.value && replyTo === this.#replyTo && this.uploads.holds(media);
    const isBegun = words || replyTo || media.length;
    if (isSame || this.#editing || (isBegun && this.#hasBegun && this.contains(document.activeElement))) return;
    this.#hasBegun = true;
    this.field.value = words;
    this.#replyTo = replyTo;
    this.uploads.adopt(media);
    requestAnimationFrame(() => this.#fit());
  }

  /** Let what is written answer a message. */
  reply(message) {
    if (this.#editing) this.#endEditing();
    this.#replyTo = message.id;
    this.#changed();
    this.#showBar();
    this.focus();
  }

  /** Change what an own message says; what was begun before comes back afterwards. */
  edit(message) {
    if (!this.#editing) this.#stashed = this.field.value;
    this.#editing = message;
    this.field.value = codecFor(this.conversation.mode).words(message) ?? "";
    this.#fit();
    this.#showBar();
    this.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** Send files along with what is written. */
  attach(files) {
    if (this.#editing || !files.length) return;
    this.uploads.add(files);
    this.tray.querySelector("li:last-child .words")?.focus();
  }

  #makeTray() {
    this.uploads = this.chat.uploads(this.conversationId);
    this.tray = Object.assign(h("upload-tray"), { uploads: this.uploads });
    this.picked = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-label": text("composer.attach") });
    this.picked.addEventListener("change", () => {
      this.attach(this.picked.files);
      this.picked.value = "";
    });
    this.clip = h("button", { type: "button", class: "round", title: text("composer.attach"), "aria-label": text("composer.attach"),
      on: { click: () => this.picked.click() } }, icon("clip"));
    this.onUploads = () => this.#fit();
    this.widths = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === this.#width) return;
      this.#width = contentRect.width;
      this.#fit();
    });
    this.widths.observe(this);
    this.uploads.addEventListener("change", this.onUploads);
  }

  disconnectedCallback() {
    this.uploads?.removeEventListener("change", this.onUploads);
    this.widths?.disconnect();
  }

  #pasted(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    this.attach(event.clipboardData.files);
  }

  #makeBar() {
    this.barName = h("bdi", { class: "quoted-name" });
    this.barLine = h("bdi", { class: "quoted-line" });
    this.cancel = h("button", { type: "button", class: "round", on: { click: () => this.#cancel() } }, icon("close"));
    this.bar = h("div", { class: "answering", hidden: true }, h("p", { class: "quote" }, this.barName, this.barLine), this.cancel);
  }

  #showBar() {
    const message = this.#editing ?? (this.#replyTo && quotedOf(this.state, this.conversation.id, this.#replyTo));
    this.bar.hidden = !this.#editing && !this.#replyTo;
    this.clip.disabled = Boolean(this.#editing);
    this.#showButton();
    if (this.bar.hidden) return;
    const name = message ? (message.author.uri === this.state.me?.uri ? text("message.you") : nameOf(message.author)) : "…";
    setText(this.barName, this.#editing ? text("composer.editing") : text("composer.reply_to", { name }));
    setText(this.barLine, message ? bodyLine(message, this.conversation) : text("quote.loading"));
    const words = text(this.#editing ? "composer.cancel_edit" : "composer.cancel_reply");
    this.cancel.title = this.cancel.ariaLabel = words;
    if (message === undefined) this.chat.reading.learnQuoted(this.#replyTo);
  }

  #showButton() {
    const words = text(this.#editing ? "composer.save" : "composer.send");
    if (this.button.title === words) return;
    this.button.title = words;
    this.button.replaceChildren(icon(this.#editing ? "tick" : "send"), h("span", { class: "visually-hidden" }, words));
  }

  #cancel() {
    if (this.#editing) this.#endEditing();
    else this.#replyTo = "";
    this.#changed();
    this.#showBar();
    this.focus();
  }

  #endEditing() {
    this.#editing = null;
    this.field.value = this.#stashed;
    this.#stashed = "";
  }

  #key(event) {
    if (event.isComposing || this.suggestions.takeKey(event)) return;
    if (event.key === "Enter" && sends(event)) this.#submit(event);
    else if (event.key === "Escape" && !this.bar.hidden) {
      event.preventDefault();
      this.#cancel();
    }
    else if (event.key === "ArrowUp" && !event.altKey) this.#up(event);
    else if (event.key === "u" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.picked.click();
    }
  }

  /** In the empty field: edit the last own message; with Ctrl or ⌘: answer the message before. */
  #up(event) {
    const isAnswer = event.ctrlKey || event.metaKey;
    if (isAnswer) {
      const message = replyableBefore(this.state, this.conversation, this.#replyTo);
      if (message) this.reply(message);
    } else if (!this.field.value && !this.#editing && !event.shiftKey) {
      const message = lastEditable(this.state, this.conversation);
      if (message) this.edit(message);
    } else return;
    event.preventDefault();
  }

  #submit(event) {
    event.preventDefault();
    this.#fit();
    if (this.button.disabled) return;
    const words = this.field.value.trim();
    if (this.#editing) this.#save(words);
    else this.#send(words);
    this.field.focus();
  }

  async #send(words) {
    const replyTo = this.#replyTo;
    const media = this.uploads.entries.length ? await this.#taken() : [];
    if (!media) return;
    const preview = this.card.take?.() ?? null;
    this.field.value = "";
    this.#replyTo = "";
    this.#changed();
    this.#showBar();
    this.onSend({ text: words, replyTo, media, preview });
  }

  /** The files with their words; null where the node could not be told. */
  async #taken() {
    this.#isBusy = true;
    try {
      return await this.uploads.take();
    } catch (error) {
      setText(this.hint, errorText(error));
      return null;
    } finally {
      this.#isBusy = false;
    }
  }

  async #save(words) {
    const message = this.#editing;
    this.#isBusy = true;
    try {
      if (words !== message.text) await this.chat.edit(message, words);
      this.#endEditing();
      this.#changed();
      this.#showBar();
    } catch (error) {
      setText(this.hint, errorText(error));
    }
    this.#isBusy = false;
  }

  /** What goes along with a link; whoever writes none does not fetch it. */
  async #lookAtLinks(words) {
    if (!this.card.look && !words.includes("https://")) return;
    await import("./card-tray.js");
    this.card.look(this.#editing || !this.state.me?.previews ? "" : this.field.value.trim());
  }

  #changed() {
    this.#hasBegun = true;
    if (!this.#editing) this.chat.keepDraft(this.conversation, { text: this.field.value, replyTo: this.#replyTo });
    this.suggestions.update(this.conversation, this.state.me);
    this.#fit();
  }

  #strangersKey() {
    if (this.conversation.kind !== "group") return "composer.not_here";
    return mayInvite(this.conversation, this.state.me) ? "composer.may_be_added" : "composer.not_in_group";
  }

  #fit() {
    const words = this.field.value.trim();
    const over = words.length - (this.state?.me?.limits.message_characters ?? LONGEST);
    const { entries, isReady } = this.uploads;
    this.#lookAtLinks(words);
    setText(this.hint, over > 0 ? text("composer.too_long", { n: over }) : "");
    const strangers = this.conversation ? strangersIn(words, this.conversation) : [];
    setText(this.strangers, strangers.length ? text(this.#strangersKey(), { n: strangers.length, names: joinNames(strangers) }) : "");
    const isNothing = !words && (this.#editing || !entries.length);
    this.button.disabled = isNothing || over > 0 || this.#isBusy || !(this.#editing || isReady);
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + BORDERS_PX}px`;
  }
}

customElements.define("message-composer", MessageComposer);
