// What there is to know of somebody who waits for an answer: their server, and what one has to do with them.

import { api } from "../api.js";
import { h } from "../dom.js";
import { text } from "../strings.js";
import { dateOf, joinNames } from "../times.js";
import { nameOf } from "../views.js";

/** Fill a place with it, once it has come; what cannot be told is left out. */
export async function showStranger(place, conversationId) {
  const stranger = await api.stranger(conversationId).catch(() => null);
  if (!stranger) return;
  const { first_seen: since, host, groups, contacts } = stranger;
  const words = [
    since ? text("request.first_seen", { host, date: dateOf(since) }) : "",
    groups.length ? text("request.groups", { n: groups.length, names: joinNames(groups.map(({ title }) => title ?? text("title.untitled"))) }) : "",
    contacts.length ? text("request.contacts", { n: contacts.length, names: joinNames(contacts.map(nameOf)) }) : text("request.no_contacts"),
  ];
  place.replaceChildren(...words.filter(Boolean).map((line) => h("p", { class: "from", dir: "auto" }, line)));
}
