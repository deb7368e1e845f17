// The answers to an invitation or a request, what else can be done about it, and what went wrong with one.

import { api } from "../api.js";
import { h, setAttribute, setText } from "../dom.js";
import { historyOf } from "../state.js";
import { errorText, text } from "../strings.js";
import { hostOf } from "../views.js";

class AnswerButtons extends HTMLElement {
  #isBusy = false;

  connectedCallback() {
    if (this.failure) return;
    const button = (key, kind, act) =>
      h("button", { type: "button", class: kind, on: { click: () => this.#act(act) } }, text(key));
    this.failure = h("p", { class: "failure", role: "alert" });
    this.ask = h("ask-dialog");
    this.replaceChildren(
      this.failure,
      h("p", { class: "buttons" },
        button("invitation.accept", "primary", () => this.chat.accept(this.conversationId)),
        button("invitation.decline", "plain", () => this.#decline()),
        this.more ?? null),
      h("details", {}, h("summary", {}, text("request.more")),
        h("p", { class: "buttons" },
          button("request.accept_muted", "link", () => this.#acceptMuted()),
          this.isDirect ? button("request.delete", "link", () => this.#ending(() => api.deleteRequest(this.conversationId))) : null,
          ...this.#against(button))),
      this.ask);
  }

  /** What can be done about whoever has sent it, once it is known who that is. */
  #against(button) {
    if (!this.author) return [];
    const { acct } = this.author;
    const host = hostOf(acct);
    return [
      button("request.block", "link danger", () => this.#ending(() => api.block(acct))),
      host === hostOf(this.chat.state.me.acct) ? null
        : Object.assign(button("request.block_host", "link danger", () => this.#ending(() => api.blockHost(host))),
          { textContent: text("request.block_host", { host }) }),
      h("button", { type: "button", class: "link danger", on: { click: () => this.#report() } },
        text(this.isDirect ? "request.report" : "menu.report")),
    ];
  }

  async #acceptMuted() {
    await api.mute(this.conversationId, {});
    await this.chat.accept(this.conversationId);
  }

  /** The messages that wait go along, as they are shown here. */
  async #report() {
    setText(this.failure, "");
    try {
      const { askReport } = await import("../reporting.js");
      if (this.isDirect) await this.chat.readRequest(this.conversationId);
      if (!this.isConnected) return;
      const { messages } = historyOf(this.chat.state, this.conversationId);
      askReport(this.ask, { person: this.author, me: this.chat.state.me, messages, onBlocked: () => this.#act(() => this.#ending(() => {})) });
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }

  /** What ends the request: it is gone from the page, and from the list. */
  async #ending(act) {
    await act();
    const holder = this.closest("main");
    await this.chat.listAnew();
    holder.dispatchEvent(new CustomEvent("close-conversation", { bubbles: true }));
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
    // A button that cannot be pressed would lose the focus.
    setAttribute(this, "aria-busy", "true");
    setText(this.failure, "");
    try {
      await act();
    } catch (error) {
      setText(this.failure, errorText(error));
    }
    this.#isBusy = false;
    setAttribute(this, "aria-busy", null);
  }
}

customElements.define("answer-buttons", AnswerButtons);
