// Jump anywhere: conversations by name at once, then people and messages as the node finds them.

import { api } from "../api.js";
import { avatar, h, reconcile, setAttribute, setText } from "../dom.js";
import { icon } from "../icons.js";
import { errorText, text } from "../strings.js";
import { shortTime } from "../times.js";
import { bodyLine, titleOf } from "../titles.js";
import { listedConversations, nameOf, others, pictureOf } from "../views.js";

const WAIT_MS = 200;
const RECENT = 8;
const MATCHING = 12;
// Room for a few words before the first that was looked for.
const BEFORE = 24;
const AROUND = 120;

class FindDialog extends HTMLElement {
  #asked = 0;
  #timer = null;
  #active = 0;
  #found = null;
  #choice = null;

  get isOpen() {
    return this.dialog.open;
  }

  connectedCallback() {
    if (this.dialog) return;
    this.field = h("input", { type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "find-results",
      "aria-autocomplete": "list", "aria-label": text("find.label"), placeholder: text("find.label"), autocomplete: "off",
      spellcheck: "false", enterkeyhint: "go", maxlength: "200", dir: "auto" });
    this.results = h("div", { id: "find-results", role: "listbox", "aria-label": text("find.label") });
    this.note = h("p", { class: "quiet note", role: "status" });
    this.more = h("button", { type: "button", class: "plain", hidden: true, on: { click: () => this.#goOn() } }, text("find.more"));
    const close = h("button", { type: "button", class: "round", title: text("find.close"), on: { click: () => this.dialog.close() } },
      icon("close"), h("span", { class: "visually-hidden" }, text("find.close")));
    this.dialog = h("dialog", { class: "find", "aria-label": text("find.label") },
      h("header", { class: "bar" }, icon("search"), this.field, close),
      h("div", { class: "scroll" }, this.results, this.note, this.more),
      h("button", { type: "button", class: "link show-keys", "aria-keyshortcuts": "Control+/ Meta+/", on: { click: () => this.#showKeys() } }, text("keys.show")));
    this.field.addEventListener("input", () => this.#changed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.replaceChildren(this.dialog);
  }

  open() {
    this.#begin(text("find.label"), null);
  }

  /** Have another conversation chosen in which one can write, and go on with its id. */
  choose(label, from, goOn) {
    this.#begin(label, { from, goOn });
  }

  #begin(label, choice) {
    this.#choice = choice;
    for (const named of [this.dialog, this.field, this.results]) named.ariaLabel = label;
    this.field.placeholder = label;
    this.field.value = "";
    this.#changed();
    this.dialog.showModal();
    this.field.focus();
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#found = null;
    this.#active = 0;
    const words = this.field.value.trim();
    const isAsked = words && !this.#choice;
    if (isAsked) this.#timer = setTimeout(() => this.#ask(words), WAIT_MS);
    setText(this.note, isAsked ? text("find.searching") : text("find.hint"));
    this.#render();
  }

  /** Ask the node; an answer that comes after other words were written is let go. */
  async #ask(words, next = "") {
    const asked = this.#asked;
    try {
      const found = await api.search(words, next);
      if (asked !== this.#asked) return;
      const before = next ? this.#found : { items: [], people: [] };
      this.#found = {
        items: [...before.items, ...found.items],
        people: next ? before.people : found.people,
        next: found.next,
      };
      const isEmpty = !this.#sections().length;
      setText(this.note, isEmpty && !found.next ? text("find.nothing", { q: words }) : "");
    } catch (error) {
      if (asked === this.#asked) setText(this.note, errorText(error));
    }
    this.#render();
  }

  #showKeys() {
    this.dialog.close();
    this.dispatchEvent(new CustomEvent("show-keys", { bubbles: true }));
  }

  #goOn() {
    setText(this.note, text("find.searching"));
    this.#ask(this.field.value.trim(), this.#found.next);
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
    const words = this.field.value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const all = [...listedConversations(state), ...listedConversations(state, "archived")];
    const from = this.#choice?.from;
    const open = this.#choice ? all.filter(({ id, state: standing }) => standing === "joined" && id !== from) : all;
    const named = open.filter((conversation) => isNamed(conversation, words, state.me));
    const shown = named.slice(0, words.length ? MATCHING : RECENT).map((one) => conversationRow(one, state.me));
    const people = (this.#found?.people ?? []).filter((person) => person.uri !== state.me?.uri).map(personRow);
    const messages = (this.#found?.items ?? []).map((message) => messageRow(message, state, words));
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
