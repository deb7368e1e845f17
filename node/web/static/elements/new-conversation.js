// A conversation begins: people are chosen, and what the button does is said before it is pressed. One person alone is
// written to directly, unless a group is asked for; a group has a name, a picture and rules, all of which may be left as
// they are.

import { api, idempotencyKey } from "../api.js";
import { h, reconcile, setText, showAvatar } from "../dom.js";
import { historyChoice, inviteChoice } from "../group-choices.js";
import { icon } from "../icons.js";
import { addressIn, fitText, mutualFirst, obstacleText, serverText, sizeText, softwareText, takenTexts } from "../people.js";
import { pictureButton } from "../picture-button.js";
import { errorText, text } from "../strings.js";
import { drawSmall } from "../thumbnails.js";
import { titleOf } from "../titles.js";
import { nameOf } from "../views.js";
import { backLink } from "./back-link.js";
import { noteRow, personButton } from "./person-row.js";

const SHOWN = 8;
const PAUSE_MS = 200;
const FACE_PX = 96;
const ADDRESS = /^[^@\s]+@[^@\s]+$/;

class NewConversation extends HTMLElement {
  #people = [];
  #known = null;
  #looking = 0;
  #timer = null;
  #key = "";
  #isBusy = false;
  #picture = null;
  // What was typed last and names nobody whom one could write to.
  #wrong = "";

  connectedCallback() {
    if (this.form) return;
    this.kinds = h("fieldset", { class: "kinds", on: { change: () => this.#render() } },
      h("legend", { class: "visually-hidden" }, text("new.title")), kind("group", true), kind("direct", false));
    this.chosen = h("ul", { class: "people" });
    this.field = h("input", { id: "new-people", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      inputmode: "email", "aria-describedby": "new-hint",
      on: { keydown: (event) => this.#keyed(event), input: () => this.#typed() } });
    this.hint = h("small", { id: "new-hint", class: "quiet" });
    this.found = h("ul", { class: "rows found" });
    this.foundHeading = h("h3", { class: "quiet found-heading" });
    this.notes = h("ul", { class: "notes quiet" });
    this.obstacle = h("p", { class: "failure", role: "alert" });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.consent = h("div", { class: "quiet consent" });
    this.submit = h("button", { type: "submit", class: "primary" });
    this.wantsGroup = h("input", { type: "checkbox", on: { change: () => this.#render() } });
    this.aboutOne = h("label", { class: "check" }, this.wantsGroup, h("span", {}, text("new.group_of_two")));
    this.about = this.#aboutGroup();
    this.form = h("form", { class: "column", on: { submit: (event) => this.#start(event) } },
      this.kinds,
      h("div", { class: "field" }, h("label", { for: "new-people" }, text("new.people")), this.chosen,
        h("span", { class: "with-button" }, this.field, this.#addButton()), this.hint, this.failure, this.foundHeading, this.found),
      this.aboutOne, this.about, this.notes, this.obstacle, this.consent, h("p", { class: "buttons" }, this.submit));
    this.heading = h("h2", {}, text("new.title"));
    this.replaceChildren(h("header", { class: "bar" }, backLink(), this.heading), h("div", { class: "scroll" }, this.form));
    this.begin();
  }

  /** Begin with those whom the address of the page names. */
  begin() {
    this.#people = [];
    this.#known = null;
    this.#picture = null;
    this.form.reset();
    this.face.replaceChildren();
    setText(this.failure, "");
    this.#changed();
    this.#render();
    this.#addAll(new URLSearchParams(location.search).getAll("with"));
    this.#look();
  }

  focusFirst() {
    this.field.focus();
  }

  async #addAll(accts) {
    for (const acct of accts) await this.#add(acct);
  }

  get #kind() {
    return this.kinds.querySelector("input:checked").value;
  }

  /** One person, and nobody has asked for a group of two. */
  get #isAlone() {
    return this.#kind === "group" && this.#count === 1 && !this.wantsGroup.checked;
  }

  /** Whether people are invited; else they are written to. */
  get #invites() {
    return this.#kind === "group" && !this.#isAlone;
  }

  /** Whoever stands in the field is added by pressing the button as well, unless it names nobody. */
  get #count() {
    const typed = this.field.value.trim();
    return this.#people.length + (typed && typed !== this.#wrong ? 1 : 0);
  }

  #aboutGroup() {
    this.name = h("input", { id: "new-title", name: "title", dir: "auto", maxlength: "100", autocomplete: "off",
      "aria-describedby": "new-name-hint", on: { input: () => this.#named() } });
    this.nameHint = h("small", { id: "new-name-hint", class: "quiet", dir: "auto" });
    this.face = h("span");
    this.drop = h("button", { type: "button", class: "link", on: { click: () => this.#showPicture(null) } }, text("group.picture_remove"));
    this.invite = inviteChoice("new-invite");
    this.history = historyChoice("new-history");
    const field = (id, key, control, more) => h("p", { class: "field" }, h("label", { for: id }, text(key)), control, more);
    return h("div", { class: "about-group" },
      field("new-title", "new.name", this.name, this.nameHint),
      h("p", { class: "own-face" }, this.face, pictureButton("group.picture_choose", (file) => this.#showPicture(file)), this.drop),
      field("new-invite", "group.who_invites", this.invite),
      field("new-history", "group.history_for", this.history));
  }

  #addButton() {
    return h("button", { type: "button", class: "plain", on: { click: () => this.#addPerson() } }, text("new.add"));
  }

  /** Another draft is another thing to make, so it gets another key. */
  #changed() {
    this.#key = idempotencyKey();
  }

  #named() {
    this.#changed();
    this.#render();
  }

  #typed() {
    setText(this.failure, "");
    this.#wrong = "";
    this.#render();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  #showPicture(file) {
    this.#picture = file;
    this.face.replaceChildren();
    if (file) drawSmall(file, this.face, FACE_PX);
    this.#changed();
    this.#render();
  }

  #render() {
    const isGroup = this.#kind === "group";
    const people = this.#people;
    this.aboutOne.hidden = !isGroup || this.#count !== 1;
    this.about.hidden = !isGroup || this.#count === 0 || this.#isAlone;
    this.chosen.hidden = !people.length;
    this.drop.hidden = !this.#picture;
    setText(this.hint, this.#hintText());
    setText(this.nameHint, people.length > 1 ? text("new.name_default", { title: titleOf({ kind: "group", title: "", members: people }) }) : "");
    const invites = this.#invites;
    const taken = invites ? [text("new.consent")] : takenTexts(people);
    reconcile(this.consent, taken, { keyOf: (words) => words, make: (words) => h("p", { dir: "auto" }, words), update: () => {} });
    // How somebody takes an invitation is another thing than how they take a message.
    const keyOf = (person) => `${invites} ${person.uri}`;
    reconcile(this.chosen, people, { keyOf, make: (person) => this.#row(person, invites), update: () => {} });
    const size = sizeText(people);
    this.notes.replaceChildren(...(size ? [h("li", {}, size)] : []));
    setText(this.obstacle, obstacleText(people, { isGroup: invites }));
    this.#renderSubmit();
  }

  /** What pressing it does. */
  #renderSubmit() {
    const n = this.#count;
    this.submit.disabled = this.#isBusy || n === 0 || Boolean(this.obstacle.textContent);
    if (this.#kind === "direct") setText(this.submit, text("new.start_direct"));
    else if (this.#isAlone) setText(this.submit, text("new.start_alone", { name: this.#nameOfOnly() }));
    else setText(this.submit, n ? text("new.start_group", { n }) : text("new.start_group_none"));
  }

  #nameOfOnly() {
    const [person] = this.#people;
    return person ? nameOf(person) : this.field.value.trim();
  }

  #hintText() {
    return text(this.#kind === "group" ? "new.people_hint" : "new.direct_hint");
  }

  /** One who is chosen, where they are, and what becomes of an invitation; of a first message is told below. */
  #row(person, invites) {
    const fit = invites ? fitText(person, { isGroup: true }) : softwareText(person);
    const picture = h("span", { class: "picture" });
    showAvatar(picture, nameOf(person), person.uri, person.picture);
    return h("li", { class: "person" }, picture,
      h("div", { class: "about" }, h("bdi", { class: "name" }, nameOf(person)), h("bdi", { class: "acct" }, person.acct),
        ...[serverText(person), fit].filter(Boolean).map((words) => h("p", { class: "quiet" }, words))),
      h("button", { type: "button", class: "round", title: text("new.remove", { acct: person.acct }), on: { click: () => this.#remove(person) } },
        icon("close"), h("span", { class: "visually-hidden" }, text("new.remove", { acct: person.acct }))));
  }

  #remove(person) {
    this.#choose(this.#people.filter((other) => other !== person));
    this.field.focus();
  }

  /** The address names who is chosen, so that it can be opened again. */
  #choose(people) {
    this.#people = people;
    const query = new URLSearchParams(people.map((person) => ["with", person.acct]));
    history.replaceState(null, "", people.length ? `/chat/new?${query}` : "/chat/new");
    this.#changed();
    this.#render();
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
    if (!person || !this.isConnected) return false;
    if (person.uri === this.chat.state.me?.uri) return Boolean(this.#rule(acct, text("new.yourself")));
    this.field.value = "";
    setText(this.failure, "");
    if (!this.#people.some((other) => other.uri === person.uri)) this.#choose([...this.#people, { ...this.#follow(person), ...person }]);
    this.#render();
    this.#look();
    return true;
  }

  #follow(person) {
    return this.#known?.find((one) => one.uri === person.uri);
  }

  async #find(acct) {
    if (!ADDRESS.test(acct)) return this.#rule(acct, text("new.not_an_address", { acct }));
    setText(this.failure, "");
    setText(this.hint, text("new.checking", { acct }));
    try {
      return await api.resolveForConversation(acct);
    } catch (error) {
      if (error.status === 404) return this.#rule(acct, text("new.not_found", { acct }));
      return this.#fail(errorText(error));
    } finally {
      setText(this.hint, this.#hintText());
    }
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
    const isChosen = (one) => this.#people.some((held) => held.uri === one.uri);
    const others = found.filter((one) => one.uri !== this.chat.state.me?.uri && !isChosen(one));
    const first = mutualFirst(others.map((one) => ({ ...one, ...this.#follow(one) }))).slice(0, SHOWN);
    setText(this.foundHeading, first.length && !isSearch ? text("new.followed") : "");
    this.found.replaceChildren(...first.map((person) => {
      const row = personButton(person, () => this.#add(person.acct));
      noteRow(row, person.mutual ? text("people.mutual") : "");
      return row;
    }));
  }

  /** What stands in the field is nobody to write to: the button offers nothing until it is another address. */
  #rule(acct, words) {
    const typed = this.field.value.trim();
    this.#wrong = typed === acct || addressIn(typed) === acct ? typed : this.#wrong;
    this.#fail(words);
    this.#render();
    return null;
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
    // Who was added just now may be one who takes nothing of it.
    if (await this.#addPerson() && !this.obstacle.textContent) await this.#make();
    this.#isBusy = false;
    this.#renderSubmit();
  }

  async #make() {
    const members = this.#people.map((person) => person.acct);
    const isGroup = this.#kind === "group" && !this.#isAlone;
    const draft = isGroup ? { kind: "group", members, ...this.#rules() } : { kind: "direct", members };
    try {
      const id = await this.chat.startConversation(draft, this.#key);
      if (isGroup && this.#picture) await this.#sendPicture(id);
      this.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: id }));
    } catch (error) {
      this.#fail(errorText(error));
    }
  }

  #rules() {
    const title = this.name.value.trim();
    return { ...(title ? { title } : {}), settings: { invite: this.invite.value, history: this.history.value } };
  }

  /** The group is there without it as well. */
  async #sendPicture(id) {
    try {
      await this.chat.setPicture(id, this.#picture);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("went-wrong", { bubbles: true, detail: error }));
    }
  }
}

function kind(value, isChosen) {
  return h("label", {}, h("input", { type: "radio", name: "kind", value, checked: isChosen }), h("span", {}, text(`new.${value}`)));
}

customElements.define("new-conversation", NewConversation);
