// Sentences about a room and what is said in it, made from the views in the reader's language.

import { text } from "./strings.js";
import { dateOf, dayAndTimeOf, joinNames, recentTime } from "./times.js";
import { overLine } from "./titles.js";
import { hostOf, membersIn, nameOf } from "./views.js";

const NAMED = 3;

/** Whose account is no more, or goes on under another name. */
export function departureText({ person, moved_to: now }, conversation) {
  if (!now) return text("departure.deleted", { acct: person.acct });
  const key = conversation.kind === "group" ? "departure.moved" : "departure.moved_direct";
  return text(key, { name: nameOf(person), acct: now.acct || now.uri });
}

/** Since when, and why, nothing is exchanged with a server. */
export function keptOutText({ host, since, reason }) {
  const values = { host, day: dateOf(since), reason };
  return text(reason ? "room.kept_out_why" : "room.kept_out", values);
}

/** How many people are in it, and how many have been asked; to whoever is out nobody tells that any more. */
export function memberLine(conversation) {
  const over = overLine(conversation);
  if (over) return over;
  const invited = conversation.members.filter((member) => ["invited", "requested"].includes(member.state)).length;
  const members = text("room.members", { n: membersIn(conversation).length });
  return invited ? text("room.member_count_invited", { members, n: invited }) : members;
}

/** How many hosts have a message, in each state that there is. */
export function deliveryCounts(rows) {
  if (!rows.length) return text("details.delivery.here");
  const count = (state) => rows.filter((row) => row.state === state).length;
  const states = ["delivered", "sent", "waiting", "refused", "failed"].filter(count);
  return joinNames(states.map((state) => text(`details.delivery.count_${state}`, { n: count(state), all: rows.length })));
}

/** What became of a message at one host, with the time. */
export function hostDelivery({ host, state, since, next_try: next }) {
  const now = new Date();
  if (next && new Date(next) > now) return text("details.delivery.next_try", { host, since: recentTime(since, now), time: recentTime(next, now) });
  return text(`details.delivery.${state}`, { host, time: recentTime(since, now) });
}

/** Until when a host that does not answer is asked; "" where the node does not say. */
export function triedText({ host, since }, me) {
  const until = Date.parse(since) + me.limits?.delivery_seconds * 1000;
  return Number.isFinite(until) ? text("details.delivery.until", { host, date: dayAndTimeOf(until) }) : "";
}

/** What there is to know of how a message came: [{words, isWarning}]. */
export function markTexts(message, conversation, me) {
  const marks = [];
  if (message.provenance === "fetched") marks.push({ words: text("message.fetched", { host: hostOf(message.author.acct) }) });
  if (message.provenance === "relayed" && !message.notices?.some(({ kind }) => kind === "relayed")) {
    const home = conversation.uri ? new URL(conversation.uri).host : hostOf(message.author.acct);
    marks.push({ words: text("message.relayed", { host: home }) });
  }
  // What a request is marked by is over once it is accepted.
  const told = (message.notices ?? []).filter(({ kind }) => kind !== "marked");
  return [...marks, ...told.map((notice) => markText(notice, me))];
}

function markText({ kind, host, people, title }, me) {
  const others = people.filter((acct) => acct !== me?.acct);
  const names = joinNames(others.length < people.length ? [text("mark.you"), ...others] : others);
  const words = {
    relayed: () => text("message.relayed", { host }),
    late: () => text("mark.late"),
    public: () => text("mark.public"),
    followers: () => text("mark.followers"),
    "also-to": () => text("mark.also_to", { n: people.length, names }),
    "only-to": () => text("mark.only_to", { names }),
    aside: () => text("mark.aside", { title }),
    "unheard-answer": () => text("mark.unheard", { title }),
    "media-kept-back": () => text("mark.media_kept_back"),
    "links-off": () => text("mark.links_off"),
    "no-preview": () => text("mark.no_preview"),
  };
  return { words: words[kind](), isWarning: ["public", "followers", "also-to"].includes(kind) };
}

/** What became of a group, and who asked for that. */
export function changeText({ kind, person, by, role, title }) {
  const values = { name: person && nameOf(person), by: by && nameOf(by), title };
  const key = kind === "role" ? `change.role_${role}` : `change.${kind}`;
  const hasActor = by && !["created", "left"].includes(kind);
  return text(hasActor ? `${key}_by` : key, values);
}

/** What somebody wrote and this node has not got. */
export function gapText({ person, count, hidden }) {
  if (hidden) return text("room.gap_hidden", { n: count });
  return text("room.gap", { n: count, name: nameOf(person) });
}

/** Who is writing now; "" when nobody is. */
export function typingText(people) {
  if (!people.length) return "";
  if (people.length > NAMED) return text("room.typing_many", { n: people.length });
  return text("room.typing", { n: people.length, names: joinNames(people.map(nameOf)) });
}

/** Who can read here besides the members, said plainly. */
export function readableText(hosts) {
  const [first, second, ...more] = hosts;
  if (!more.length) return text("room.readable", { hosts: joinNames([first, second].filter(Boolean)) });
  return text("room.readable_more", { hosts: `${first}, ${second}`, n: more.length });
}
