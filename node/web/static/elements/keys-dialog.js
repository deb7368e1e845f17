// The list of keys, and whether letters act by themselves.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { enterBeginsLine, lettersAct, letLettersAct } from "../keys.js";
import { text } from "../strings.js";

const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);
const CONTROL = isApple ? "⌘" : text("keys.control");
const SHIFT = text("keys.shift");
const ENTER = text("keys.enter");
// What a key does, and the ways to press it.
const KEYS = [
  ["keys.find", [CONTROL, "K"]],
  ["keys.find_here", [CONTROL, "F"]],
  ["keys.list", [CONTROL, "/"]],
  ["keys.chats", ["Alt", "↑"], ["Alt", "↓"]],
  ["keys.unread", ["Alt", SHIFT, "↑"], ["Alt", SHIFT, "↓"]],
  ["keys.region", ["F6"]],
  ["keys.close", ["Esc"]],
  ["keys.send", [ENTER]],
  ["keys.line", [SHIFT, ENTER]],
  ["keys.attach", [CONTROL, "U"]],
  ["keys.edit_last", ["↑"]],
  ["keys.answer_last", [CONTROL, "↑"]],
  ["keys.next", ["J"], ["↓"]],
  ["keys.previous", ["K"], ["↑"]],
  ["keys.reply", ["R"]],
  ["keys.react", ["E"]],
  ["keys.delete", [text("keys.del")]],
  ["keys.menu", [ENTER]],
  ["keys.row", [SHIFT, "F10"]],
];

class KeysDialog extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.list = h("dl", { class: "keys" });
    this.letters = h("input", { type: "checkbox", on: { change: () => letLettersAct(this.letters.checked) } });
    this.dialog = h("dialog", { "aria-labelledby": "keys-heading" },
      h("form", { method: "dialog" },
        h("header", { class: "bar" }, h("h2", { id: "keys-heading" }, text("keys.title")),
          h("button", { class: "round", title: text("keys.done") },
            icon("close"), h("span", { class: "visually-hidden" }, text("keys.done")))),
        this.list,
        h("label", { class: "choice" }, this.letters, " ", text("keys.letters"))));
    this.replaceChildren(this.dialog);
  }

  open() {
    this.#render();
    this.letters.checked = lettersAct();
    this.dialog.showModal();
  }

  #render() {
    const line = enterBeginsLine() ? { "keys.send": [[CONTROL, ENTER]], "keys.line": [[ENTER]] } : {};
    this.list.replaceChildren(...KEYS.map(([key, ...ways]) =>
      h("div", {}, h("dt", {}, text(key)), h("dd", {}, (line[key] ?? ways).map(pressed)))));
  }
}

/** Keys that are held together. */
function pressed(keys) {
  return h("span", {}, keys.map((key) => h("kbd", {}, key)));
}

customElements.define("keys-dialog", KeysDialog);
