// Sentences about conversations and messages, made from the views in the reader's language.

import { codecFor } from "./codec.js";
import { text, toldText } from "./strings.js";
import { hostOf, membersIn, nameOf, others } from "./views.js";
import { dayAndTimeOf, joinNames, recentTime } from "./times.js";

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
  const over = overLine(conversation);
  if (over) return over;
  if (conversation.state === "joining") return text("list.joining");
  const message = conversation.last_message;
  if (!message) return text("list.no_messages");
  const line = bodyLine(message, conversation);
  if (message.author.uri === me?.uri) return text("list.you", { text: line });
  const isPair = conversation.kind === "direct" && others(conversation, me).length < 2;
  return isPair ? line : text("list.author", { name: nameOf(message.author), text: line });
}

/** Why one is in it no more; "" for who is. */
function overLine({ state }) {
  if (state === "closed") return text("list.closed");
  if (state === "left") return text("list.you_left");
  return ["removed", "banned"].includes(state) ? text("list.left") : "";
}

/** A message in one line of plain text. */
export function bodyLine(message, conversation) {
  if (message.deleted) return text("message.deleted");
  if (message.removed) return text("list.removed");
  if (message.blocked) return text("message.blocked");
  if (message.muted && conversation?.kind === "group") return text("message.muted");
  return codecFor(conversation?.mode ?? "plain").preview(message) || filesLine(message) || text("message.unreadable");
}

/** What a message shows that says nothing. */
function filesLine({ attachments = [] }) {
  if (!attachments.length) return "";
  const isAll = attachments.every((one) => one.media_type.startsWith("image/"));
  if (attachments.length === 1 && attachments[0].description) return attachments[0].description;
  return text(isAll ? "files.pictures" : "files.files", { n: attachments.length });
}

/** Whose account is no more, or goes on under another name. */
export function departureText({ person, moved_to: now }, conversation) {
  if (!now) return text("departure.deleted", { acct: person.acct });
  const key = conversation.kind === "group" ? "departure.moved" : "departure.moved_direct";
  return text(key, { name: nameOf(person), acct: now.acct || now.uri });
}

/** How many people are in it, and how many have been asked; to whoever is out nobody tells that any more. */
export function memberLine(conversation) {
  const over = overLine(conversation);
  if (over) return over;
  const invited = conversation.members.filter((member) => ["invited", "requested"].includes(member.state)).length;
  const members = text("room.members", { n: membersIn(conversation).length });
  return invited ? text("room.member_count_invited", { members, n: invited }) : members;
}

/** What became of an own message, in words. */
export function deliveryText({ state, hosts, reason, since }) {
  const host = hosts.length > 1 && state !== "waiting" ? joinNames(hosts) : hosts[0];
  if (state === "waiting") {
    const time = recentTime(since, new Date());
    return hosts.length > 1
      ? text("delivery.waiting_more", { host, n: hosts.length - 1, time })
      : text("delivery.waiting", { host, time });
  }
  if (state === "refused" || state === "failed") {
    const why = toldText(reason) ?? reason;
    // A reason that is a sentence about that host needs it no second time.
    if (hosts.length === 1 && reason.startsWith(host)) return text(`delivery.${state}_why`, { reason: why });
    return reason ? text(`delivery.${state}_reason`, { host, reason: why }) : text(`delivery.${state}`, { host });
  }
  return text(`delivery.${state}`);
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
  return [...marks, ...(message.notices ?? []).map((notice) => markText(notice, me))];
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

/** Until when strangers are kept back more than usual, and why; "" while they are not. */
export function protectionText(me) {
  const { until, reason } = me?.protection ?? {};
  if (!until || new Date(until) <= new Date()) return "";
  const time = dayAndTimeOf(until);
  return reason ? text("app.protection_why", { time, reason }) : text("app.protection", { time });
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
