// The two answers to an invitation or a request, and what went wrong with one.

import { h, setText } from "../dom.js";
import { errorText, text } from "../strings.js";

class AnswerButtons extends HTMLElement {
  #isBusy = false;

  connectedCallback() {
    if (this.failure) return;
    const button = (key, kind, act) =>
      h("button", { type: "button", class: kind, on: { click: () => this.#act(act) } }, text(key));
    this.failure = h("p", { class: "failure", role: "alert" });
    this.replaceChildren(
      this.failure,
      h("p", { class: "buttons" },
        button("invitation.accept", "primary", () => this.chat.accept(this.conversationId)),
        button("invitation.decline", "plain", () => this.#decline()),
        this.more ?? null));
  }

  async #decline() {
    // The card is gone from the page once the answer is known; what held it is not.
    const holder = this.closest("main");
    await this.chat.decline(this.conversationId);
    holder.dispatchEvent(new CustomEvent("close-conversation", { bubbles: true }));
  }

  async #act(act) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (const button of this.querySelectorAll("button")) button.disabled = true;
    setText(this.failure, "");
    try {
      await act();
    } catch (error) {
      setText(this.failure, errorText(error));
    }
    this.#isBusy = false;
    for (const button of this.querySelectorAll("button")) button.disabled = false;
  }
}

customElements.define("answer-buttons", AnswerButtons);
