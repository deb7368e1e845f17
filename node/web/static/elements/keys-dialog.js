// The list of keys, whether letters act by themselves, and the way to where keys are chosen.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { keyList } from "../key-list.js";
import { showAsking } from "../layers.js";
import { lettersAct, letLettersAct } from "../keys.js";
import { text } from "../strings.js";

class KeysDialog extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.list = h("div");
    this.letters = h("input", { type: "checkbox", on: { change: () => letLettersAct(this.letters.checked) } });
    this.dialog = h("dialog", { "aria-labelledby": "keys-heading" },
      h("form", { method: "dialog" },
        h("header", { class: "bar" }, h("h2", { id: "keys-heading" }, text("keys.title")),
          h("button", { class: "round", title: text("keys.done") },
            icon("close"), h("span", { class: "visually-hidden" }, text("keys.done")))),
        this.list,
        h("label", { class: "choice" }, this.letters, " ", text("keys.letters")),
        h("a", { href: "/settings#keyboard" }, text("keys.settings"))));
    this.replaceChildren(this.dialog);
  }

  open() {
    this.list.replaceChildren(keyList());
    this.letters.checked = lettersAct();
    showAsking(this.dialog);
  }
}

customElements.define("keys-dialog", KeysDialog);
