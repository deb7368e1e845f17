// What goes along with the first link of what is written: looked at by our server, and left out by a press.

import { api } from "../api.js";
import { makeCard } from "../cards.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";

const LINK = /(?:^|[\s(<"'])(https:\/\/[^\s<>"']+)/;
const BEHIND = /[.,;:!?)\]}]+$/;
const PAUSE_MS = 600;

class CardTray extends HTMLElement {
  #url = "";
  #card = null;
  #timer = 0;
  #unwanted = new Set();

  connectedCallback() {
    this.hidden = !this.#card;
  }

  /** Look at what is written; a new link is asked about once the writing pauses. */
  look(words) {
    const url = LINK.exec(words)?.[1].replace(BEHIND, "") ?? "";
    if (url === this.#url) return;
    this.#url = url;
    this.#show(null);
    clearTimeout(this.#timer);
    if (url && !this.#unwanted.has(url)) this.#timer = setTimeout(() => this.#ask(url), PAUSE_MS);
  }

  /** The card that is seen now, for the message that is sent now; nothing waits for one. */
  take() {
    const card = this.#card;
    clearTimeout(this.#timer);
    this.#url = "";
    this.#unwanted.clear();
    this.#show(null);
    return card;
  }

  async #ask(url) {
    // A page of which nothing is known is sent as the link that it is.
    const card = await api.preview(url).catch(() => null);
    if (url === this.#url) this.#show(card);
  }

  #show(card) {
    const shown = card && makeCard(card);
    this.#card = shown ? card : null;
    this.hidden = !shown;
    this.replaceChildren(...(shown ? [shown, this.#button()] : []));
  }

  #button() {
    const leaveOut = () => {
      this.#unwanted.add(this.#url);
      this.#show(null);
      this.dispatchEvent(new CustomEvent("left-out", { bubbles: true }));
    };
    return h("button", { type: "button", class: "round", title: text("card.leave_out"), on: { click: leaveOut } },
      icon("close"), h("span", { class: "visually-hidden" }, text("card.leave_out")));
  }
}

customElements.define("card-tray", CardTray);
