// A dialog that tells something, or asks before something is done that cannot be undone.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { showAsking } from "../layers.js";
import { errorText, text } from "../strings.js";

let count = 0;

class AskDialog extends HTMLElement {
  #isBusy = false;

  connectedCallback() {
    if (this.dialog) return;
    const id = `ask-heading-${++count}`;
    this.heading = h("h2", { id });
    this.content = h("div", { class: "content" });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.buttons = h("p", { class: "buttons" });
    const close = h("button", { type: "button", class: "round", title: text("dialog.close"), on: { click: () => this.dialog.close() } },
      icon("close"), h("span", { class: "visually-hidden" }, text("dialog.close")));
    const form = h("form", {}, h("header", { class: "bar" }, this.heading, close), this.content, this.failure, this.buttons);
    this.dialog = h("dialog", { "aria-labelledby": id }, form);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.content.replaceChildren());
    this.replaceChildren(this.dialog);
  }

  open(heading, content) {
    setText(this.heading, heading);
    this.content.replaceChildren(...content.filter(Boolean));
    setText(this.failure, "");
    this.buttons.replaceChildren();
    if (!this.dialog.open) showAsking(this.dialog);
  }

  /** Show in place of what is there what `fetched` answers, or why it could not be had. */
  async fill(fetched) {
    try {
      this.content.replaceChildren(...(await fetched()));
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }

  /** The button that does it, and the one that does not, which has the focus. `act` may answer that it goes on. */
  offer(words, kind, act) {
    const run = async () => {
      if (this.#isBusy) return;
      this.#isBusy = true;
      try {
        if (!(await act())) this.dialog.close();
      } catch (error) {
        setText(this.failure, errorText(error));
      }
      this.#isBusy = false;
    };
    const cancel = h("button", { type: "button", class: "plain", on: { click: () => this.dialog.close() } }, text("details.cancel"));
    this.buttons.replaceChildren(h("button", { type: "submit", class: kind, on: { click: run } }, words), cancel);
    (this.content.querySelector("textarea, input[type='text']") ?? cancel).focus();
  }
}

customElements.define("ask-dialog", AskDialog);
