// What is to be seen, worked out from the state: rows, timelines and sentences' parts; no DOM.

import { historyOf } from "./state.js";
import { text } from "./strings.js";

const RUN_MS = 5 * 60 * 1000;
const HIDDEN = new Set(["refused", "invited", "requested"]);
const READING = new Set(["joined", "joining"]);
const WORST_FIRST = ["failed", "refused", "waiting", "sent", "delivered"];

/** The conversations to list: newest first. */
export function listedConversations(state) {
  return byNewest(Object.values(state.conversations).filter((conversation) => !HIDDEN.has(conversation.state)));
}

/** Invitations that wait for an answer: from people known, then from strangers. */
export function openInvitations(state) {
  const all = Object.values(state.conversations);
  return {
    invited: byNewest(all.filter((conversation) => conversation.state === "invited")),
    requested: byNewest(all.filter((conversation) => conversation.state === "requested")),
  };
}

function byNewest(conversations) {
  // Ids sort by time, so one without messages takes its place by when it was made.
  return conversations.sort((a, b) => {
    const [first, second] = [a.last_message?.id ?? a.id, b.last_message?.id ?? b.id];
    return first < second ? 1 : -1;
  });
}

export function totalUnread(state) {
  return listedConversations(state).reduce((sum, conversation) => sum + (conversation.unread ?? 0), 0);
}

/** Whether this person can write there at present. */
export function canPost(conversation) {
  return conversation.state === "joined";
}

/** The members but oneself, those who have not yet answered included. */
export function others(conversation, me) {
  return conversation.members.filter((member) => member.uri !== me?.uri);
}

/** A person's name as shown: the given one, else the front part of the address, else where they are. */
export function nameOf(person) {
  if (person.deleted) return text("person.deleted");
  return person.name || person.acct.replace(/^@/, "").split("@")[0] || new URL(person.uri).host;
}

export function hostOf(acct) {
  return acct.slice(acct.lastIndexOf("@") + 1);
}

/** Who sent the invitation: what the node says, else the conversation's admin. */
export function inviterOf(conversation, me) {
  return conversation.inviter ?? others(conversation, me).find((member) => member.role === "admin") ?? null;
}

/** Those who are in it, without those who have only been asked. */
export function membersIn(conversation) {
  return conversation.members.filter((member) => READING.has(member.state));
}

/** The hosts whose administrators can read what is written there: our own first, then by name. */
export function readingHosts(conversation, me) {
  const hosts = new Set(membersIn(conversation).map((member) => hostOf(member.acct)));
  if (conversation.kind === "group" && conversation.uri) hosts.add(new URL(conversation.uri).host);
  const own = hostOf(me?.acct ?? "");
  hosts.delete(own);
  return [own, ...[...hosts].sort()];
}

/** The worst state of a message's deliveries with the hosts in it; "sent" where every member is here. */
export function deliveryOf(message) {
  const rows = message.delivery ?? [];
  for (const state of WORST_FIRST) {
    const found = rows.filter((row) => row.state === state);
    if (found.length) return { state, hosts: found.map((row) => row.host), reason: found[0].reason || "" };
  }
  return { state: "sent", hosts: [], reason: "" };
}

/**
 * A conversation's timeline: {key, kind: "day", at}, and {key, kind: "message", message, isOwn, isFirst, isLast} and
 * {key, kind: "outgoing", outgoing, isOwn, isFirst, isLast}, where first and last are those of a run by one author.
 */
export function timeline(state, id) {
  const { messages, held } = historyOf(state, id);
  const shown = messages.filter((message) => !held.includes(message.id));
  const sent = shown.map((message) => ({
    key: message.id,
    kind: "message",
    message,
    author: message.author.uri,
    at: message.published,
    isOwn: message.author.uri === state.me?.uri,
  }));
  const outgoing = state.outbox
    .filter((entry) => entry.conversation === id)
    .map((entry) => ({ key: entry.key, kind: "outgoing", outgoing: entry, author: state.me?.uri, at: entry.at, isOwn: true }));
  return withDays(withRuns([...sent, ...outgoing]));
}

function withRuns(items) {
  return items.map((item, index) => ({
    ...item,
    isFirst: !isOneRun(items[index - 1], item),
    isLast: !isOneRun(item, items[index + 1]),
  }));
}

function isOneRun(a, b) {
  if (!a || !b || a.author !== b.author) return false;
  return dayOf(a.at) === dayOf(b.at) && Math.abs(new Date(b.at) - new Date(a.at)) < RUN_MS;
}

function withDays(items) {
  const lines = [];
  let day = "";
  for (const item of items) {
    if (dayOf(item.at) !== day) {
      day = dayOf(item.at);
      lines.push({ key: `day ${day}`, kind: "day", at: item.at });
    }
    lines.push(item);
  }
  return lines;
}

function dayOf(at) {
  return new Date(at).toDateString();
}
