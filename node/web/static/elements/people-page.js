// Whom one follows and who follows one, and the way to anybody else by their address.

import { api } from "../api.js";
import { h, reconcile, setAttribute, setText } from "../dom.js";
import { icon } from "../icons.js";
import { addressIn, mutualFirst } from "../people.js";
import { errorText, text } from "../strings.js";
import { nameOf } from "../views.js";
import { backLink } from "./back-link.js";
import { noteRow, personLink } from "./person-row.js";

const SIDES = ["follows", "followers", "waiting"];

class PeoplePage extends HTMLElement {
  #side = "follows";
  #lists = { follows: null, followers: null, waiting: null };
  #waiting = 0;

  connectedCallback() {
    if (this.rows) return;
    this.heading = h("h2", { tabindex: "-1" }, text("people.title"));
    this.field = h("input", { id: "find-person", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      inputmode: "email", "aria-describedby": "find-hint", required: true });
    this.button = h("button", { type: "submit", class: "primary" }, text("people.find"));
    this.failure = h("p", { class: "failure", role: "alert" });
    this.tabs = SIDES.map((side) => h("button", { type: "button", class: "tab", on: { click: () => this.#turn(side) } }));
    this.rows = h("ul", { class: "rows" });
    this.empty = h("p", { class: "empty" });
    this.replaceChildren(
      h("header", { class: "bar" }, backLink(), this.heading),
      h("div", { class: "scroll" }, h("div", { class: "column" },
        h("form", { class: "finding", on: { submit: (event) => this.#find(event) } },
          h("label", { for: "find-person" }, text("people.find_label")),
          h("span", { class: "with-button" }, this.field, this.button),
          h("small", { id: "find-hint", class: "quiet" }, text("people.find_hint")), this.failure),
        h("p", {}, h("a", { class: "button plain", href: "/chat/new" }, text("people.group"))),
        h("div", { class: "tabs", role: "group", "aria-label": text("people.title") }, ...this.tabs),
        this.rows, this.empty)));
    this.#render();
    this.#load();
  }

  /** Who has come to wait meanwhile is shown. */
  update({ me }) {
    const waiting = me?.follow_requests ?? 0;
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#load();
  }

  focusFirst() {
    this.heading.focus();
  }

  async #load() {
    try {
      const [follows, followers, waiting] = await Promise.all([api.follows(), api.followers(), api.followersWaiting()]);
      this.#lists = { follows: mutualFirst(follows), followers: mutualFirst(followers), waiting };
    } catch (error) {
      setText(this.failure, errorText(error));
    }
    this.#render();
  }

  #turn(side) {
    this.#side = side;
    this.#render();
  }

  #render() {
    for (const [index, side] of SIDES.entries()) {
      const n = this.#lists[side]?.length;
      setText(this.tabs[index], text(`people.${side}`, { n: n ?? 0 }));
      setAttribute(this.tabs[index], "aria-pressed", String(side === this.#side));
    }
    this.tabs.at(-1).hidden = this.#side !== "waiting" && !this.#lists.waiting?.length;
    const listed = this.#lists[this.#side];
    const make = this.#side === "waiting" ? (person) => this.#waitingRow(person) : (person) => this.#followRow(person);
    reconcile(this.rows, listed ?? [], { keyOf: (person) => `${this.#side} ${person.uri}`, make,
      update: (element, person) => noteRow(element, this.#side === "waiting" ? "" : noteOf(person)) });
    this.empty.hidden = Boolean(listed?.length);
    setText(this.empty, listed ? text(`people.no_${this.#side}`) : text("app.loading"));
  }

  /** Somebody with whom a group may begin at once. */
  #followRow(person) {
    const label = text("people.group_with", { name: nameOf(person) });
    const begin = () => this.dispatchEvent(new CustomEvent("new-conversation", { bubbles: true, detail: [person.acct] }));
    const row = personLink(person);
    row.append(h("button", { type: "button", class: "round beside", title: label, on: { click: begin } },
      icon("people"), h("span", { class: "visually-hidden" }, label)));
    return row;
  }

  /** Somebody who waits, and the two answers. */
  #waitingRow(person) {
    const button = (key, kind, answer) =>
      h("button", { type: "button", class: kind, "aria-label": text(`people.${key}_label`, { acct: person.acct }),
        on: { click: () => this.#answer(person, answer) } }, text(`people.${key}`));
    const row = personLink(person);
    row.append(h("p", { class: "buttons" }, button("accept", "primary", api.acceptFollower),
      button("decline", "plain", api.declineFollower)));
    return row;
  }

  async #answer(person, answer) {
    setText(this.failure, "");
    try {
      await answer(person.acct);
      await this.#load();
      this.tabs.at(-1).focus();
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }

  async #find(event) {
    event.preventDefault();
    const acct = addressIn(this.field.value);
    setText(this.failure, acct ? "" : text("new.not_an_address", { acct: this.field.value.trim() }));
    if (!acct || this.button.disabled) return;
    this.button.disabled = true;
    try {
      const person = await api.resolve(acct);
      this.dispatchEvent(new CustomEvent("show-person", { bubbles: true, detail: person.acct }));
    } catch (error) {
      setText(this.failure, error.status === 404 ? text("new.not_found", { acct }) : errorText(error));
    }
    this.button.disabled = false;
  }
}

function noteOf(person) {
  if (person.state === "pending") return text("people.pending");
  return person.mutual ? text("people.mutual") : "";
}

customElements.define("people-page", PeoplePage);
