// What a room shows between its first and its newest message, worked out from the state; no DOM.

import { historyOf, quotedOf } from "./state.js";

const RUN_MS = 5 * 60 * 1000;
const NOBODY = Object.freeze([]);

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
