// The dialog that starts a conversation: a group of invited people, or one person or several directly.

import { api, idempotencyKey } from "../api.js";
import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { addressIn, fitText, mutualFirst, obstacleText, sizeText } from "../people.js";
import { errorText, text } from "../strings.js";
import { noteRow, personButton } from "./person-row.js";

const SHOWN = 8;
const PAUSE_MS = 200;
const ADDRESS = /^[^@\s]+@[^@\s]+$/;

class NewConversation extends HTMLElement {
  #people = [];
  #known = null;
  #looking = 0;
  #timer = null;
  #key = "";
  #isBusy = false;

  get isOpen() {
    return this.dialog.open;
  }

  connectedCallback() {
    if (this.dialog) return;
    this.kinds = h("fieldset", { class: "kinds" },
      h("legend", { class: "visually-hidden" }, text("new.title")), choice("group", true), choice("direct", false));
    this.name = h("input", { id: "new-title", name: "title", dir: "auto", maxlength: "100", autocomplete: "off" });
    this.nameRow = h("p", { class: "field" }, h("label", { for: "new-title" }, text("new.name")), this.name);
    this.chips = h("ul", { class: "chips" });
    this.field = h("input", { id: "new-people", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      inputmode: "email", "aria-describedby": "new-hint" });
    this.consent = h("p", { class: "quiet consent" });
    this.hint = h("small", { id: "new-hint", class: "quiet" });
    this.found = h("ul", { class: "rows found" });
    this.foundHeading = h("h3", { class: "quiet" });
    this.notes = h("ul", { class: "notes quiet" });
    this.obstacle = h("p", { class: "failure", role: "alert" });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.submit = h("button", { type: "submit", class: "primary" });
    this.dialog = h("dialog", { "aria-labelledby": "new-heading" },
      h("form", { on: { submit: (event) => this.#start(event) } },
        h("header", { class: "bar" }, h("h2", { id: "new-heading" }, text("new.title")), this.#closeButton()),
        this.kinds, this.nameRow,
        h("div", { class: "field" }, h("label", { for: "new-people" }, text("new.people")), this.chips, h("span", { class: "with-button" }, this.field, this.#addButton()), this.hint,
          this.foundHeading, this.found),
        this.notes, this.obstacle, this.failure,
        this.consent,
        h("p", { class: "buttons" }, this.submit)));
    this.kinds.addEventListener("change", () => this.#render());
    this.name.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#keyed(event));
    this.field.addEventListener("input", () => {
      this.#renderSubmit();
      this.#lookLater();
    });
    this.replaceChildren(this.dialog);
  }

  /** `accts` are of those who are in it from the start. */
  open(accts = []) {
    this.#people = [];
    this.#known = null;
    this.name.value = "";
    this.field.value = "";
    setText(this.failure, "");
    this.kinds.querySelector("input").checked = true;
    this.#changed();
    this.#render();
    this.dialog.showModal();
    this.field.focus();
    this.#addAll(accts);
    this.#look();
  }

  async #addAll(accts) {
    for (const acct of accts) await this.#add(acct);
  }

  get #kind() {
    return this.kinds.querySelector("input:checked").value;
  }

  #closeButton() {
    return h("button", { type: "button", class: "round", title: text("new.close"), on: { click: () => this.dialog.close() } },
      icon("close"), h("span", { class: "visually-hidden" }, text("new.close")));
  }

  #addButton() {
    this.add = h("button", { type: "button", class: "plain", on: { click: () => this.#addPerson() } }, text("new.add"));
    return this.add;
  }

  /** Another draft is another thing to make, so it gets another key. */
  #changed() {
    this.#key = idempotencyKey();
  }

  #render() {
    const isGroup = this.#kind === "group";
    this.nameRow.hidden = !isGroup;
    this.chips.hidden = !this.#people.length;
    setText(this.hint, this.#hintText());
    setText(this.consent, text(isGroup ? "new.consent" : "new.consent_direct"));
    this.chips.replaceChildren(...this.#people.map((person) => this.#chip(person)));
    const told = this.#people.map(fitText);
    this.notes.replaceChildren(...[...told, sizeText(this.#people)].filter(Boolean).map((words) => h("li", {}, words)));
    setText(this.obstacle, obstacleText(this.#people));
    this.#renderSubmit();
  }

  /** What pressing it does; whoever stands in the field is added by it as well. */
  #renderSubmit() {
    const n = this.#people.length + (this.field.value.trim() ? 1 : 0);
    this.submit.disabled = this.#isBusy || n === 0 || Boolean(this.obstacle.textContent);
    if (this.#kind === "direct") setText(this.submit, text("new.start_direct"));
    else setText(this.submit, n ? text("new.start_group", { n }) : text("new.start_group_none"));
  }

  #hintText() {
    return text(this.#kind === "group" ? "new.people_hint" : "new.direct_hint");
  }

  #chip(person) {
    const remove = () => {
      this.#people = this.#people.filter((other) => other !== person);
      this.#changed();
      this.#render();
      this.field.focus();
    };
    return h("li", { class: "chip" }, h("bdi", {}, person.acct),
      h("button", { type: "button", title: text("new.remove", { acct: person.acct }), on: { click: remove } },
        icon("close"), h("span", { class: "visually-hidden" }, text("new.remove", { acct: person.acct }))));
  }

  #keyed(event) {
    if (event.isComposing || !this.field.value.trim()) return;
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    this.#addPerson();
  }

  /** Look up the address in the field and add whom it names; answers whether nothing is wrong with it. */
  async #addPerson() {
    const typed = this.field.value.trim();
    return typed ? this.#add(addressIn(typed) || typed) : true;
  }

  async #add(acct) {
    const person = await this.#find(acct);
    if (!person) return false;
    if (person.uri === this.chat.state.me?.uri) return Boolean(this.#fail(text("new.yourself")));
    if (!this.#people.some((other) => other.uri === person.uri)) this.#people.push(person);
    this.field.value = "";
    setText(this.failure, "");
    this.#changed();
    this.#render();
    this.#look();
    return true;
  }

  async #find(acct) {
    if (!ADDRESS.test(acct)) return this.#fail(text("new.not_an_address", { acct }));
    setText(this.failure, "");
    setText(this.hint, text("new.checking", { acct }));
    try {
      return await api.resolveForConversation(acct);
    } catch (error) {
      return this.#fail(error.status === 404 ? text("new.not_found", { acct }) : errorText(error));
    } finally {
      setText(this.hint, this.#hintText());
    }
  }

  #lookLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  /** Show whom the field may mean; with nothing in it whom one follows, those who follow back first. */
  async #look() {
    const turn = ++this.#looking;
    const words = this.field.value.trim();
    try {
      this.#known ??= mutualFirst(await api.follows());
      const found = words ? await api.findPeople(words, SHOWN) : this.#known;
      if (turn === this.#looking) this.#show(found, Boolean(words));
    } catch {
      // Whoever is typed in full is found all the same.
    }
  }

  #show(found, isSearch) {
    const others = found.filter((one) => one.uri !== this.chat.state.me?.uri && !this.#people.some((held) => held.uri === one.uri));
    const follows = new Map(this.#known.map((one) => [one.uri, one]));
    const first = mutualFirst(others.map((one) => ({ ...one, ...follows.get(one.uri) }))).slice(0, SHOWN);
    setText(this.foundHeading, first.length && !isSearch ? text("new.followed") : "");
    this.found.replaceChildren(...first.map((person) => {
      const row = personButton(person, () => this.#add(person.acct));
      noteRow(row, person.mutual ? text("people.mutual") : "");
      return row;
    }));
  }

  #fail(words) {
    setText(this.failure, words);
    this.field.focus();
    return null;
  }

  async #start(event) {
    event.preventDefault();
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#renderSubmit();
    if (await this.#addPerson()) await this.#make();
    this.#isBusy = false;
    this.#renderSubmit();
  }

  async #make() {
    const kind = this.#kind;
    const draft = { kind, members: this.#people.map((person) => person.acct) };
    if (kind === "group" && this.name.value.trim()) draft.title = this.name.value.trim();
    try {
      const id = await this.chat.startConversation(draft, this.#key);
      this.dialog.close();
      this.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: id }));
    } catch (error) {
      this.#fail(errorText(error));
    }
  }
}

function choice(kind, isChosen) {
  return h("label", {}, h("input", { type: "radio", name: "kind", value: kind, checked: isChosen }), h("span", {}, text(`new.${kind}`)));
}

customElements.define("new-conversation", NewConversation);
