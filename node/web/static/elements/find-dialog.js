// Jump anywhere: conversations by name at once, then people and messages as the node finds them; or messages alone, by filters.

import { api } from "../api.js";
import { avatar, h, reconcile, setAttribute, setText } from "../dom.js";
import { parse, queryOf, settle, without } from "../find-query.js";
import { icon } from "../icons.js";
import { errorText, text } from "../strings.js";
import { joinNames, shortTime } from "../times.js";
import { bodyLine, titleOf } from "../titles.js";
import { listedConversations, nameOf, others, pictureOf } from "../views.js";
import { filterText } from "./search-filters.js";

const WAIT_MS = 200;
// Who is still writing is not told that it is wrong.
const COMPLAIN_MS = 900;
// How many pages are read before somebody is asked whether to go on.
const PAGES = 5;
const RECENT = 8;
const MATCHING = 12;
// Room for a few words before the first that was looked for.
const BEFORE = 24;
const AROUND = 120;
// How filters are written in the reader's language, beside English.
const SPOKEN = {
  [text("find.spoken.from")]: "from",
  [text("find.spoken.in")]: "in",
  [text("find.spoken.before")]: "before",
  [text("find.spoken.after")]: "after",
  [text("find.spoken.has")]: "has",
  [text("find.spoken.file")]: "file",
  [text("find.spoken.link")]: "link",
  [text("find.spoken.me")]: "me",
};
const WRONG = { from: "find.wrong.from", in: "find.wrong.in", before: "find.wrong.day", after: "find.wrong.day", has: "find.wrong.has" };

class FindDialog extends HTMLElement {
  #asked = 0;
  #timer = null;
  #active = 0;
  #found = null;
  #choice = null;
  // The filters that do not stand in the field, and what is asked with all of them.
  #chosen = [];
  #query = { words: "", filters: [], wrong: [] };

  get isOpen() {
    return this.dialog.open;
  }

  connectedCallback() {
    if (this.dialog) return;
    this.field = h("input", { type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "find-results",
      "aria-autocomplete": "list", "aria-label": text("find.label"), placeholder: text("find.label"), autocomplete: "off",
      spellcheck: "false", enterkeyhint: "go", maxlength: "200", "aria-describedby": "find-wrong", dir: "auto" });
    this.results = h("div", { id: "find-results", role: "listbox", "aria-label": text("find.label") });
    this.note = h("p", { class: "quiet note", role: "status" });
    this.more = h("button", { type: "button", class: "plain", hidden: true, on: { click: () => this.#goOn() } }, text("find.more"));
    const close = h("button", { type: "button", class: "round", title: text("find.close"), on: { click: () => this.dialog.close() } },
      icon("close"), h("span", { class: "visually-hidden" }, text("find.close")));
    this.toggle = h("button", { type: "button", class: "round", title: text("find.filters"), "aria-controls": "find-filters",
      "aria-expanded": "false", on: { click: () => this.#showFields() } },
      icon("settings"), h("span", { class: "visually-hidden" }, text("find.filters")));
    this.wrong = h("p", { class: "failure note", id: "find-wrong", role: "status" });
    this.filters = Object.assign(h("search-filters"), {
      onSet: (name, value) => this.#set((filter) => filter.name === name, value && { name, value }),
      onHas: (value, isOn) => this.#set((filter) => filter.name === "has" && filter.value === value, isOn && { name: "has", value }),
      onDrop: (dropped) => {
        this.#set((filter) => filter.name === dropped.name && filter.value === dropped.value);
        this.field.focus();
      },
    });
    this.dialog = h("dialog", { class: "find", "aria-label": text("find.label") },
      h("header", { class: "bar" }, icon("search"), this.field, this.toggle, close), this.wrong, this.filters,
      h("div", { class: "scroll" }, this.results, this.note, this.more),
      h("button", { type: "button", class: "link show-keys", "aria-keyshortcuts": "Control+/ Meta+/", on: { click: () => this.#showKeys() } }, text("keys.show")));
    this.field.addEventListener("input", () => this.#changed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.replaceChildren(this.dialog);
  }

  /** Search everything, or in the conversation with this id, or for what has a "file" or a "link". */
  open({ conversation = "", has = "" } = {}) {
    const chosen = Object.entries({ in: conversation, has }).filter(([, value]) => value);
    this.#begin(text("find.label"), null, chosen.map(([name, value]) => ({ name, value })));
  }

  /** Have another conversation chosen in which one can write, and go on with its id. */
  choose(label, from, goOn) {
    this.#begin(label, { from, goOn });
  }

  #begin(label, choice, chosen = []) {
    this.#choice = choice;
    this.#chosen = chosen;
    this.toggle.hidden = this.filters.hidden = Boolean(choice);
    this.#showFields(false);
    for (const named of [this.dialog, this.field, this.results]) named.ariaLabel = label;
    this.field.placeholder = label;
    this.field.value = "";
    this.#changed();
    this.dialog.showModal();
    this.field.focus();
  }

  #showFields(isShown) {
    setAttribute(this.toggle, "aria-expanded", String(this.filters.toggle(isShown)));
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#found = null;
    this.#active = 0;
    this.#takeQuery();
    const { words, filters, wrong } = this.#query;
    const isAsked = (words || filters.length) && !wrong.length && !this.#choice;
    setText(this.wrong, "");
    setAttribute(this.field, "aria-invalid", null);
    if (isAsked) this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
    else if (wrong.length) this.#timer = setTimeout(() => this.#complain(), COMPLAIN_MS);
    setText(this.note, isAsked ? text("find.searching") : text(this.#choice ? "find.hint" : "find.hint_filters"));
    this.#render();
  }

  /** Understand what is asked. */
  #takeQuery() {
    if (this.#choice) {
      this.#query = { words: this.field.value.trim(), filters: [], wrong: [] };
      return;
    }
    this.known = findable(this.chat.state, this.#chosen);
    const { words, asked } = parse(this.field.value, SPOKEN);
    this.#query = { words, ...settle([...this.#chosen, ...asked], { ...this.known, spoken: SPOKEN }) };
    this.filters.update(this.#query.filters, this.known);
  }

  /** Have another filter instead of some, wherever those stand. */
  #set(isOld, filter = null) {
    const old = this.#query.filters.filter(isOld);
    for (const one of old) if (one.raw) this.field.value = without(this.field.value, one);
    this.#chosen = [...this.#chosen.filter((one) => !isOld(one)), ...(filter ? [filter] : [])];
    this.#changed();
  }

  #complain() {
    const [{ name, value }] = this.#query.wrong;
    setText(this.wrong, text(WRONG[name], { value }));
    setAttribute(this.field, "aria-invalid", "true");
  }

  /** Ask the node; an answer that comes after something else was asked is let go. */
  async #ask(next = "") {
    const asked = this.#asked;
    const { words, filters } = this.#query;
    try {
      let found = await api.search(queryOf(words, filters), next);
      const people = next ? this.#found.people : found.people;
      // Nothing on one page is not yet an answer.
      for (let page = 1; page < PAGES && !found.items.length && found.next && asked === this.#asked; page++) {
        found = await api.search("", found.next);
      }
      if (asked !== this.#asked) return;
      this.#found = { items: [...(next ? this.#found.items : []), ...found.items], people, next: found.next };
      const isEmpty = !this.#sections().length;
      setText(this.note, isEmpty && !found.next ? this.#nothing() : "");
    } catch (error) {
      if (asked === this.#asked) setText(this.note, errorText(error));
    }
    this.#render();
  }

  #nothing() {
    const { words: q, filters } = this.#query;
    const named = joinNames(filters.map((filter) => filterText(filter, this.known)));
    if (!filters.length) return text("find.nothing", { q });
    return q ? text("find.nothing_with", { q, filters: named }) : text("find.nothing_by", { filters: named });
  }

  #showKeys() {
    this.dialog.close();
    this.dispatchEvent(new CustomEvent("show-keys", { bubbles: true }));
  }

  #goOn() {
    setText(this.note, text("find.searching"));
    this.#ask(this.#found.next);
  }

  #render() {
    const options = [];
    const items = this.#sections().flatMap(([key, rows]) => {
      const numbered = rows.map((row) => ({ ...row, number: options.push(row) - 1 }));
      return [{ key: `heading ${key}`, heading: text(key) }, ...numbered];
    });
    this.options = options;
    this.#active = Math.min(this.#active, Math.max(0, options.length - 1));
    reconcile(this.results, items, {
      keyOf: (item) => item.key,
      make: (item) => (item.heading ? h("h3", { role: "presentation" }, item.heading) : this.#makeOption(item)),
      update: (element, item) => item.heading || this.#showOption(element, item),
    });
    const isActive = options.length > 0;
    setAttribute(this.field, "aria-activedescendant", isActive ? `find-${this.#active}` : null);
    this.more.hidden = !this.#found?.next;
  }

  /** What is found, by kind: [key of its heading, rows]. */
  #sections() {
    const { state } = this.chat;
    const words = this.#query.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const messages = (this.#found?.items ?? []).map((message) => messageRow(message, state, words));
    // Filters are of messages.
    if (this.#query.filters.length || this.#query.wrong.length) return messages.length ? [["find.messages", messages]] : [];
    const all = everyConversation(state);
    const from = this.#choice?.from;
    const open = this.#choice ? all.filter(({ id, state: standing }) => standing === "joined" && id !== from) : all;
    const named = open.filter((conversation) => isNamed(conversation, words, state.me));
    const shown = named.slice(0, words.length ? MATCHING : RECENT).map((one) => conversationRow(one, state.me));
    const people = (this.#found?.people ?? []).filter((person) => person.uri !== state.me?.uri).map(personRow);
    const sections = [["find.recent", shown], ["find.people", people], ["find.messages", messages]];
    return sections.filter(([, rows]) => rows.length);
  }

  #makeOption(item) {
    const element = h("div", { role: "option", class: "row" }, avatar(item.name ?? item.title, item.seed, item.picture),
      h("span", { class: "words" },
        h("span", { class: "line" }, h("bdi", { class: "title" }), h("time", {})),
        h("span", { class: "line" }, h("bdi", { class: "last" }))));
    element.addEventListener("click", () => this.#open(element.item));
    element.addEventListener("pointermove", () => this.#activate(element.item.number));
    return element;
  }

  #showOption(element, item) {
    element.item = item;
    setAttribute(element, "id", `find-${item.number}`);
    setAttribute(element, "aria-selected", String(item.number === this.#active));
    setText(element.querySelector(".title"), item.title);
    setText(element.querySelector(".last"), item.last);
    setText(element.querySelector("time"), item.at ? shortTime(item.at, new Date()) : "");
  }

  #activate(number) {
    if (number === this.#active) return;
    this.#active = number;
    this.#render();
  }

  #key(event) {
    const count = this.options.length;
    if (event.isComposing || !count || event.target !== this.field) return;
    if (event.key === "Enter") this.#open(this.options[this.#active]);
    else if (event.key === "ArrowDown") this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#activate((this.#active - 1 + count) % count);
    else return;
    event.preventDefault();
    this.results.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #open({ conversation, message, acct }) {
    this.dialog.close();
    if (this.#choice) {
      this.#choice.goOn(conversation);
      return;
    }
    const tell = (type, detail) => this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
    if (acct) tell("show-person", acct);
    else if (message) tell("open-message", { conversation, message });
    else tell("open-conversation", conversation);
  }
}

function everyConversation(state) {
  return [...listedConversations(state), ...listedConversations(state, "archived")];
}

/** What can be named in a filter: rooms, the newest first, and people: oneself, then who is in the chosen room, or anywhere. */
function findable(state, chosen) {
  const all = everyConversation(state);
  const me = state.me?.acct ?? "";
  const alone = (conversation) => others(conversation, state.me).length === 1 && conversation.kind === "direct";
  const rooms = all.map((conversation) => ({
    id: conversation.id,
    title: titleOf(conversation, state.me),
    acct: alone(conversation) ? others(conversation, state.me)[0].acct : "",
  }));
  const place = chosen.find(({ name }) => name === "in")?.value;
  const here = all.filter(({ id }) => id === place);
  const found = new Map((here.length ? here : all).flatMap((one) => one.members).map((person) => [person.acct, person]));
  found.delete(me);
  const sorted = [...found.values()].filter(({ acct }) => acct).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return { rooms, me, people: [...(state.me ? [state.me] : []), ...sorted] };
}

/** Whether all words are in a conversation's title or in the names of who is there. */
function isNamed(conversation, words, me) {
  const names = others(conversation, me).flatMap((member) => [member.name, member.acct]);
  const whole = [conversation.title, ...names].join(" ").toLocaleLowerCase();
  return words.every((word) => whole.includes(word));
}

function conversationRow(conversation, me) {
  return {
    key: `c ${conversation.id}`,
    seed: conversation.uri ?? conversation.id,
    picture: pictureOf(conversation, me),
    title: titleOf(conversation, me),
    last: others(conversation, me).slice(0, 4).map(nameOf).join(", "),
    conversation: conversation.id,
  };
}

function personRow(person) {
  return { key: `p ${person.uri}`, seed: person.uri, picture: person.picture, title: nameOf(person), last: person.acct, acct: person.acct };
}

function messageRow(message, { conversations, me }, words) {
  const conversation = conversations[message.conversation];
  const name = message.author.uri === me?.uri ? text("message.you") : nameOf(message.author);
  return {
    key: `m ${message.id}`,
    name,
    seed: message.author.uri,
    picture: message.author.picture,
    title: conversation ? text("find.in", { name, title: titleOf(conversation, me) }) : name,
    last: around(bodyLine(message, conversation), words),
    at: message.published,
    conversation: message.conversation,
    message: message.id,
  };
}

/** The part of a line in which the first of the words stands. */
function around(line, words) {
  const lower = line.toLocaleLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const first = places.length ? Math.min(...places) : 0;
  const start = Math.max(0, first - BEFORE);
  return (start ? "…" : "") + line.slice(start, first + AROUND);
}

customElements.define("find-dialog", FindDialog);
