// The list of what a word may become, above the field in which it is written; the field keeps the focus.

import { suggestionsFor, wordAt } from "../completion.js";
import { h, setAttribute } from "../dom.js";
import { text } from "../strings.js";

class WordSuggestions extends HTMLElement {
  #word = null;
  #found = [];
  #chosen = 0;
  // What was closed by Escape stays closed until another word begins.
  #closedAt = -1;
  #findEmoji = null;

  connectedCallback() {
    if (this.list) return;
    this.hidden = true;
    this.list = h("ul", { id: "suggestions", role: "listbox", "aria-label": text("suggestions.label") });
    this.replaceChildren(this.list);
    setAttribute(this.field, "aria-controls", "suggestions");
    setAttribute(this.field, "aria-autocomplete", "list");
    // The field must not lose the focus to what is pressed here.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take([...this.list.children].indexOf(event.target.closest("li"))));
  }

  update(conversation, me) {
    const { value, selectionStart, selectionEnd } = this.field;
    this.#word = selectionStart === selectionEnd ? wordAt(value, selectionStart) : null;
    if (this.#word?.from !== this.#closedAt) this.#closedAt = -1;
    if (this.#word?.sign === ":" && !this.#findEmoji) this.#learnEmoji(conversation, me);
    const isOpen = this.#word && this.#closedAt < 0 && (this.#word.sign === "@" || this.#findEmoji);
    this.#found = isOpen ? suggestionsFor(this.#word, conversation, me, this.#findEmoji) : [];
    this.#chosen = 0;
    this.#render();
  }

  async #learnEmoji(conversation, me) {
    const { findEmoji } = await import("../emoji.js");
    const isFirst = !this.#findEmoji;
    this.#findEmoji = findEmoji;
    if (isFirst && this.field.isConnected) this.update(conversation, me);
  }

  close() {
    this.#closedAt = this.#word?.from ?? -1;
    this.#found = [];
    this.#render();
  }

  /** Answers whether a key of the field was meant for the list. */
  takeKey(event) {
    if (this.hidden || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.#take(this.#chosen);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(step) {
    this.#chosen = (this.#chosen + step + this.#found.length) % this.#found.length;
    this.#render();
  }

  #take(index) {
    const chosen = this.#found[index];
    if (!chosen) return;
    const { from, asked } = this.#word;
    this.field.setRangeText(`${chosen.insert} `, from, from + 1 + asked.length, "end");
    this.#found = [];
    this.#render();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #render() {
    this.hidden = !this.#found.length;
    this.list.replaceChildren(...this.#found.map(({ label, detail }, index) =>
      h("li", { role: "option", id: `suggestion-${index}`, "aria-selected": String(index === this.#chosen) },
        h("bdi", { class: "label" }, label), h("bdi", { class: "quiet" }, detail))));
    setAttribute(this.field, "aria-activedescendant", this.hidden ? null : `suggestion-${this.#chosen}`);
  }
}

customElements.define("word-suggestions", WordSuggestions);
