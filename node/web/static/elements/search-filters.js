// What narrows a search: fields for it, and the filters in force, each of which can be taken away.

import { h, reconcile, setAttribute, setText } from "../dom.js";
import { beginningOf } from "../find-query.js";
import { icon } from "../icons.js";
import { LANGUAGE, text } from "../strings.js";
import { nameOf } from "../views.js";

const CHOICES_MAX = 300;
const KINDS = [["file", "find.filter.file"], ["link", "find.filter.link"]];
const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium" });

/** A filter in words, as part of a sentence. `known` is what findable() answers. */
export function filterText({ name, value }, { people, rooms }) {
  if (name === "from") {
    const person = people.find(({ acct }) => acct === value);
    return text("find.chip.from", { name: person ? nameOf(person) : value });
  }
  if (name === "in") return text("find.chip.in", { title: rooms.find(({ id }) => id === value)?.title ?? value });
  if (name === "has") return text(value === "file" ? "find.chip.file" : "find.chip.link");
  return text(name === "before" ? "find.chip.before" : "find.chip.after", { day: day.format(beginningOf(value)) });
}

class SearchFilters extends HTMLElement {
  connectedCallback() {
    if (this.fields) return;
    this.from = h("select", { id: "find-from", on: { change: () => this.onSet("from", this.from.value) } });
    this.in = h("select", { id: "find-in", on: { change: () => this.onSet("in", this.in.value) } });
    this.after = this.#dayField("after");
    this.before = this.#dayField("before");
    this.kinds = KINDS.map(([value, key]) => {
      const box = h("input", { type: "checkbox", on: { change: () => this.onHas(value, box.checked) } });
      return { value, box, label: h("label", { class: "choice" }, box, text(key)) };
    });
    this.fields = h("div", { class: "fields", role: "group", "aria-label": text("find.filters"), id: "find-filters", hidden: true },
      labelled(text("find.filter.from"), this.from), labelled(text("find.filter.in"), this.in),
      labelled(text("find.filter.after"), this.after), labelled(text("find.filter.before"), this.before),
      this.kinds.map(({ label }) => label));
    this.chips = h("ul", { class: "chips", "aria-label": text("find.filters_in_force") });
    this.replaceChildren(this.fields, this.chips);
  }

  /** Show the fields or put them away; answers whether they are there. */
  toggle(isShown = this.fields.hidden) {
    this.fields.hidden = !isShown;
    return isShown;
  }

  /** Show which filters are in force, in the fields as well. */
  update(filters, known) {
    const valueOf = (name) => filters.find((filter) => filter.name === name)?.value ?? "";
    const people = known.people.map((person) => [person.acct, person.acct === known.me ? text("message.you") : nameOf(person)]);
    showChoices(this.from, text("find.filter.anybody"), people, valueOf("from"));
    showChoices(this.in, text("find.filter.anywhere"), known.rooms.map(({ id, title }) => [id, title]), valueOf("in"));
    // What is being typed into it is no day yet, and is left alone.
    for (const field of [this.after, this.before]) {
      if (field !== document.activeElement || valueOf(field.name)) field.value = valueOf(field.name);
    }
    for (const { value, box } of this.kinds) box.checked = filters.some((filter) => filter.name === "has" && filter.value === value);
    this.chips.hidden = !filters.length;
    reconcile(this.chips, filters, {
      keyOf: ({ name, value }) => `${name} ${value}`,
      make: () => this.#makeChip(),
      update: (element, filter) => showChip(element, filter, filterText(filter, known)),
    });
  }

  #dayField(name) {
    const field = h("input", { type: "date", id: `find-${name}`, name, min: "1000-01-01", max: "9999-12-31" });
    field.addEventListener("change", () => this.onSet(name, field.value));
    return field;
  }

  #makeChip() {
    const element = h("li", {},
      h("button", { type: "button", class: "chip", on: { click: () => this.onDrop(element.filter) } }, h("bdi", {}), icon("close")));
    return element;
  }
}

function showChip(element, filter, words) {
  element.filter = filter;
  const label = text("find.chip.remove", { filter: words });
  setText(element.querySelector("bdi"), words);
  setAttribute(element.firstElementChild, "aria-label", label);
  setAttribute(element.firstElementChild, "title", label);
}

function labelled(words, field) {
  return h("div", { class: "field" }, h("label", { for: field.id }, words), field);
}

/** Let a field offer these values; what is in force is among them, whatever it is. */
function showChoices(field, none, choices, value) {
  const offered = [["", none], ...choices.slice(0, CHOICES_MAX)];
  if (!offered.some(([each]) => each === value)) offered.push(choices.find(([each]) => each === value) ?? [value, value]);
  reconcile(field, offered, {
    keyOf: ([each]) => each,
    make: ([each]) => h("option", { value: each, dir: "auto" }),
    update: (element, [, words]) => setText(element, words),
  });
  field.value = value;
}

customElements.define("search-filters", SearchFilters);
