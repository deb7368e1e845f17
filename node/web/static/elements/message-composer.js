// Where a message is written: it grows with its text; Enter sends and Shift+Enter begins a line.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";

const LONGEST = 10_000;

class MessageComposer extends HTMLElement {
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
    this.button = h("button", { type: "submit", class: "round accent", title: text("composer.send"), disabled: true },
      icon("send"), h("span", { class: "visually-hidden" }, text("composer.send")));
    const form = h("form", {}, this.field, this.button);
    this.replaceChildren(this.hint, form);
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    this.field.value = this.draft;
    if (this.draft) requestAnimationFrame(() => this.#fit());
  }

  focus() {
    this.field.focus();
  }

  #submit(event) {
    event.preventDefault();
    const words = this.field.value.trim();
    if (!words || words.length > LONGEST) return;
    this.field.value = "";
    this.#changed();
    this.onSend(words);
    this.field.focus();
  }

  #changed() {
    this.onDraft(this.field.value);
    this.#fit();
  }

  #fit() {
    const over = this.field.value.trim().length - LONGEST;
    setText(this.hint, over > 0 ? text("composer.too_long", { n: over }) : "");
    this.button.disabled = !this.field.value.trim() || over > 0;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}

customElements.define("message-composer", MessageComposer);
