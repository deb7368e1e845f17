// Sentences about conversations and messages, made from the views in the reader's language.

import { codecFor } from "./codec.js";
import { text } from "./strings.js";
import { hostOf, membersIn, nameOf, others } from "./views.js";
import { joinNames } from "./times.js";

const NAMED = 3;

/** A conversation's title; without one, who else is in it. */
export function titleOf(conversation, me) {
  if (conversation.title) return conversation.title;
  const names = others(conversation, me).map(nameOf);
  if (!names.length) return text("title.alone");
  if (names.length <= NAMED) return joinNames(names);
  return text("title.more", { names: names.slice(0, NAMED - 1).join(", "), n: names.length - NAMED + 1 });
}

/** The row's last line: who said what, or what there is to know instead. */
export function lastLine(conversation, me) {
  if (["left", "removed", "banned", "closed"].includes(conversation.state)) return text("list.left");
  if (conversation.state === "joining") return text("list.joining");
  const message = conversation.last_message;
  if (!message) return text("list.no_messages");
  const line = bodyLine(message, conversation);
  if (message.author.uri === me?.uri) return text("list.you", { text: line });
  const isPair = conversation.kind === "direct" && others(conversation, me).length < 2;
  return isPair ? line : text("list.author", { name: nameOf(message.author), text: line });
}

/** A message in one line of plain text. */
export function bodyLine(message, conversation) {
  if (message.deleted) return text("message.deleted");
  return codecFor(conversation?.mode ?? "plain").preview(message) ?? text("message.unreadable");
}

/** Whose account is no more, or goes on under another name. */
export function departureText({ person, moved_to: now }, conversation) {
  if (!now) return text("departure.deleted", { acct: person.acct });
  const key = conversation.kind === "group" ? "departure.moved" : "departure.moved_direct";
  return text(key, { name: nameOf(person), acct: now.acct || now.uri });
}

/** How many people are in it, and how many have been asked. */
export function memberLine(conversation) {
  const invited = conversation.members.filter((member) => ["invited", "requested"].includes(member.state)).length;
  const members = text("room.members", { n: membersIn(conversation).length });
  return invited ? text("room.member_count_invited", { members, n: invited }) : members;
}

/** What became of an own message, in words. */
export function deliveryText({ state, hosts, reason }) {
  const host = hosts.length > 1 && state !== "waiting" ? joinNames(hosts) : hosts[0];
  if (state === "waiting") {
    return hosts.length > 1
      ? text("delivery.waiting_more", { host, n: hosts.length - 1 })
      : text("delivery.waiting", { host });
  }
  if (state === "refused" || state === "failed") {
    return reason ? text(`delivery.${state}_reason`, { host, reason }) : text(`delivery.${state}`, { host });
  }
  return text(`delivery.${state}`);
}

/** Where a message's bytes were vouched for by less than its author's signature; "" where they were not. */
export function provenanceText(message, conversation) {
  if (message.provenance === "fetched") return text("message.fetched", { host: hostOf(message.author.acct) });
  if (message.provenance !== "relayed") return "";
  const home = conversation.uri ? new URL(conversation.uri).host : hostOf(message.author.acct);
  return text("message.relayed", { host: home });
}

/** Who can read here besides the members, said plainly. */
export function readableText(hosts) {
  const [first, second, ...more] = hosts;
  if (!more.length) return text("room.readable", { hosts: joinNames([first, second].filter(Boolean)) });
  return text("room.readable_more", { hosts: `${first}, ${second}`, n: more.length });
}
