// One emoji of many, found by its words or by arrows.

import { h } from "../dom.js";
import { moveFocus, openBeside } from "../popover.js";
import { text } from "../strings.js";

const COLUMNS = 8;

class EmojiPicker extends HTMLElement {
  #onPick = () => {};
  #returnTo = null;

  connectedCallback() {
    if (this.field) return;
    this.popover = "auto";
    this.role = "dialog";
    this.ariaLabel = text("emoji.label");
    this.field = h("input", { type: "search", placeholder: text("emoji.search"), "aria-label": text("emoji.search"),
      autocomplete: "off", spellcheck: "false", on: { input: () => this.#render() } });
    this.grid = h("div", { class: "grid", role: "listbox", "aria-label": text("emoji.label") });
    this.none = h("p", { class: "quiet", role: "status" });
    this.replaceChildren(this.field, this.grid, this.none);
    this.grid.addEventListener("click", (event) => this.#pick(event.target.closest("button")));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("toggle", (event) => event.newState === "closed" && this.#returnTo?.focus());
  }

  /** Ask for one beside a rectangle of the window; the focus goes to `returnTo` afterwards. */
  async open(beside, returnTo, onPick) {
    this.emoji ??= await import("../emoji.js");
    this.#onPick = onPick;
    this.#returnTo = returnTo;
    this.field.value = "";
    this.#render();
    openBeside(this, beside);
    this.field.focus();
  }

  #render() {
    const asked = this.field.value.trim();
    const found = this.emoji.findEmoji(asked);
    const shown = asked ? found.map(choice) : grouped(found);
    this.grid.replaceChildren(...shown);
    for (const first of this.grid.querySelectorAll("button:first-of-type")) first.tabIndex = 0;
    this.none.textContent = found.length ? "" : text("emoji.none", { q: asked });
  }

  #key(event) {
    const parts = [...this.grid.querySelectorAll("button")];
    if (event.target !== this.field) {
      moveFocus(event, parts, COLUMNS);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      parts[0]?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#pick(parts[0]);
    }
  }

  #pick(button) {
    if (!button) return;
    this.hidePopover();
    this.#onPick(button.textContent);
  }
}

function grouped(all) {
  const groups = Map.groupBy(all, (one) => one.group);
  return [...groups].flatMap(([name, emoji]) => [h("h3", { "aria-hidden": "true" }, text(`emoji.${name}`)), ...emoji.map(choice)]);
}

function choice({ emoji, words }) {
  return h("button", { type: "button", role: "option", tabindex: "-1", title: words[0] }, emoji);
}

customElements.define("emoji-picker", EmojiPicker);
