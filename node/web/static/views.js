// What is to be seen, worked out from the state: rows, timelines and sentences' parts; no DOM.

import { historyOf, quotedOf } from "./state.js";
import { text } from "./strings.js";

const RUN_MS = 5 * 60 * 1000;
const HIDDEN = new Set(["refused", "invited", "requested"]);
const READING = new Set(["joined", "joining"]);
const NOBODY = Object.freeze([]);
const ROLES = ["member", "moderator", "admin"];
const WORST_FIRST = ["failed", "refused", "waiting", "sent", "delivered"];

const SHOWN_BY = {
  all: (conversation) => !conversation.archived,
  unread: (conversation) => !conversation.archived && isUnread(conversation),
  groups: (conversation) => !conversation.archived && conversation.kind === "group",
  people: (conversation) => !conversation.archived && conversation.kind === "direct",
  archived: (conversation) => Boolean(conversation.archived),
  // They stand above the rows.
  requests: () => false,
};
export const FILTERS = Object.keys(SHOWN_BY);

/** The conversations to list by one of FILTERS: what is pinned, then the newest. */
export function listedConversations(state, filter = "all") {
  const listed = Object.values(state.conversations).filter((conversation) => !HIDDEN.has(conversation.state));
  const all = byNewest(listed.filter(SHOWN_BY[filter]));
  return [...all.filter((conversation) => conversation.pinned), ...all.filter((conversation) => !conversation.pinned)];
}

/** Whether something in it waits to be read, or it was marked so by hand. */
export function isUnread(conversation) {
  return Boolean(conversation.unread || conversation.marked_unread);
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

/** How many messages wait in what is neither muted nor put away. */
export function totalUnread(state) {
  const loud = listedConversations(state).filter((conversation) => !conversation.muted);
  return loud.reduce((sum, conversation) => sum + (conversation.unread ?? 0), 0);
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

/** What shows a conversation: the picture of a group, or of the only other person; none for most. */
export function pictureOf(conversation, me) {
  if (conversation.kind === "group") return conversation.picture;
  const all = others(conversation, me);
  return all.length === 1 ? all[0].picture : null;
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

/** What a person may do with a message, in the order of its menu. */
export function actionsOn(message, conversation, me) {
  const isOwn = message.author.uri === me?.uri;
  const isThere = !message.deleted && !message.removed && !message.blocked;
  const canAnswer = isThere && canPost(conversation);
  const may = {
    reply: canAnswer,
    react: canAnswer,
    copy: isThere && message.text !== null,
    forward: isThere && Boolean(message.text),
    edit: canAnswer && isOwn && message.text !== null,
    history: isThere && Boolean(message.edited),
    details: isOwn && !message.deleted,
    report: !isOwn,
    delete: isOwn && !message.deleted,
    remove: !isOwn && isThere && mayRemove(message, conversation, me),
  };
  return Object.keys(may).filter((name) => may[name]);
}

/** What somebody may do with a member of a group, in the order of their menu. */
export function actionsOnMember(person, conversation, me) {
  const own = conversation.members.find((member) => member.uri === me?.uri);
  if (!own || conversation.kind !== "group" || conversation.state !== "joined" || person.uri === me.uri) return [];
  const rank = (role) => ROLES.indexOf(role);
  const isAdmin = own.role === "admin";
  const mayRemove = isAdmin || (own.role === "moderator" && rank(person.role) < rank("moderator"));
  const isIn = READING.has(person.state);
  const roles = isAdmin && isIn ? ["admin", "moderator", "member"].filter((role) => role !== person.role) : [];
  return [
    ...roles.map((role) => `make_${role}`),
    ...(mayRemove && isIn ? ["remove", "ban"] : []),
    ...(!isIn && (mayRemove || person.refusal) ? ["withdraw"] : []),
  ];
}

/** Whether this node keeps the group's member list. */
export function isHomeHere(conversation, me) {
  return Boolean(conversation.uri) && new URL(conversation.uri).origin === new URL(me?.uri ?? conversation.uri).origin;
}

export function isAdmin(conversation, me) {
  return conversation.members.some((member) => member.uri === me?.uri && member.role === "admin");
}

/** Who becomes admin when the last one leaves; null where others are, or nobody can be: then the group is closed. */
export function heirOf(conversation, me) {
  const inside = conversation.members.filter((member) => member.state === "joined" && member.uri !== me?.uri);
  const isLast = isAdmin(conversation, me) && !inside.some((member) => member.role === "admin");
  if (!isLast) return { isLast, heir: null };
  const aware = inside.filter((member) => member.aware !== false);
  return { isLast, heir: aware.find((member) => member.role === "moderator") ?? aware[0] ?? null };
}

/** Moderators take away what members wrote, admins what anybody wrote. */
function mayRemove(message, conversation, me) {
  if (conversation.kind !== "group" || conversation.state !== "joined") return false;
  const roleOf = (uri) => conversation.members.find((member) => member.uri === uri)?.role;
  const lowest = roleOf(message.author.uri) === "admin" ? "admin" : "moderator";
  return ROLES.indexOf(roleOf(me?.uri)) >= ROLES.indexOf(lowest);
}

/** The newest own message that can still be edited, or undefined. */
export function lastEditable(state, conversation) {
  const { messages } = historyOf(state, conversation.id);
  return messages.findLast((message) => actionsOn(message, conversation, state.me).includes("edit"));
}

/** The message to reply to next, going back from one that is replied to already, or from the end. */
export function replyableBefore(state, conversation, id) {
  const { messages } = historyOf(state, conversation.id);
  const end = messages.findIndex((message) => message.id === id);
  const earlier = messages.slice(0, end < 0 ? messages.length : end);
  return earlier.findLast((message) => actionsOn(message, conversation, state.me).includes("reply"));
}

/**
 * A conversation's timeline: {key, kind, at} and more by kind, in the order shown.
 *
 * "message" {message, quote, isOwn, isFirst, isLast, readers} and "outgoing" {outgoing, quote, isOwn, isFirst, isLast}:
 * first and last are those of a run by one author, `quote` is {id, message} of what is answered, where that message is
 * undefined before it was fetched, `readers` are the people who have read up to there. "day", "unread": lines.
 * "change" {change}: what became of the group. "gap" {gap}: what is missing.
 */
export function timeline(state, id) {
  const { messages, held, hasNewer } = historyOf(state, id);
  const quoteOf = (answered) => (answered ? { id: answered, message: quotedOf(state, id, answered) } : null);
  const shown = messages.filter((message) => !held.includes(message.id));
  const readers = readersOf(state, id);
  const sent = shown.map((message) => ({
    key: message.id,
    kind: "message",
    message,
    quote: quoteOf(message.reply_to),
    readers: readers.get(message.id) ?? NOBODY,
    author: message.author.uri,
    at: message.published,
    isOwn: message.author.uri === state.me?.uri,
  }));
  const outgoing = state.outbox
    .filter((entry) => entry.conversation === id && !hasNewer)
    .map((entry) => ({
      key: entry.key,
      kind: "outgoing",
      outgoing: entry,
      quote: quoteOf(entry.replyTo),
      readers: NOBODY,
      author: state.me?.uri,
      at: entry.at,
      isOwn: true,
    }));
  const withOthers = woven(sent, linesOf(state, id)).concat(outgoing);
  return withDays(withRuns(withUnread(withOthers, state.firstUnread[id])));
}

/** Lines that belong into the stretch of messages that is held. */
function linesOf(state, id) {
  const { messages, isComplete, hasNewer } = historyOf(state, id);
  const changes = (state.changes[id]?.items ?? []).map((change) => ({
    key: `change ${change.epoch}`,
    kind: "change",
    change,
    at: change.at,
  }));
  const gaps = (state.conversations[id]?.gaps ?? []).map((gap) => ({
    key: `gap ${gap.person.uri}`,
    kind: "gap",
    gap,
    at: gap.since,
  }));
  const [first, last] = [messages[0]?.published ?? "", messages.at(-1)?.published ?? ""];
  const isHeld = ({ at }) => (isComplete || at >= first) && (!hasNewer || at <= last);
  return [...changes, ...gaps].filter(isHeld).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Both in one order; at one moment what became of the group comes first. */
function woven(items, lines) {
  const all = [];
  let next = 0;
  for (const item of items) {
    while (next < lines.length && lines[next].at <= item.at) all.push(lines[next++]);
    all.push(item);
  }
  return [...all, ...lines.slice(next)];
}

function withUnread(items, first) {
  const place = first ? items.findIndex((item) => item.key === first) : -1;
  return place < 0 ? items : items.toSpliced(place, 0, { key: "unread", kind: "unread", at: items[place].at });
}

/** By message the members who have read up to it. */
function readersOf(state, id) {
  const found = new Map();
  const members = state.conversations[id]?.members ?? [];
  for (const [acct, messageId] of Object.entries(state.reads[id] ?? {})) {
    const person = members.find((member) => member.acct === acct);
    if (person && person.uri !== state.me?.uri) found.set(messageId, [...(found.get(messageId) ?? []), person]);
  }
  return found;
}

/** Who types in a conversation. */
export function typists(state, id) {
  const typing = state.typing[id] ?? {};
  return (state.conversations[id]?.members ?? []).filter((member) => member.acct in typing);
}

function withRuns(items) {
  return items.map((item, index) => ({
    ...item,
    isFirst: !isOneRun(items[index - 1], item),
    isLast: !isOneRun(item, items[index + 1]),
  }));
}

function isOneRun(a, b) {
  if (!a?.author || a.author !== b?.author) return false;
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
