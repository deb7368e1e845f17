// What is to be seen of conversations and people, worked out from the state: rows and sentences' parts; no DOM.

import { text } from "./strings.js";

const HIDDEN = new Set(["refused", "invited", "requested"]);
const READING = new Set(["joined", "joining"]);
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

/** Whether a member is in it, and has not only been asked. */
export function isInside(member) {
  return READING.has(member.state);
}

export function membersIn(conversation) {
  return conversation.members.filter(isInside);
}

/** The hosts whose administrators can read what is written there: our own first, then by name. */
export function readingHosts(conversation, me) {
  const hosts = new Set(membersIn(conversation).map((member) => hostOf(member.acct)));
  if (conversation.kind === "group" && conversation.uri) hosts.add(new URL(conversation.uri).host);
  const own = hostOf(me?.acct ?? "");
  hosts.delete(own);
  return [own, ...[...hosts].sort()];
}

/** The worst state of a message's deliveries with the hosts in it, and since when; "sent" where every member is here. */
export function deliveryOf(message) {
  const rows = message.delivery ?? [];
  for (const state of WORST_FIRST) {
    const found = rows.filter((row) => row.state === state);
    if (found.length) {
      return { state, hosts: found.map((row) => row.host), reason: found[0].reason || "", since: found[0].since };
    }
  }
  return { state: "sent", hosts: [], reason: "", since: "" };
}

/** Whether this node keeps the group's member list. */
export function isHomeHere(conversation, me) {
  return Boolean(conversation.uri) && new URL(conversation.uri).origin === new URL(me?.uri ?? conversation.uri).origin;
}

export function isAdmin(conversation, me) {
  return conversation.members.some((member) => member.uri === me?.uri && member.role === "admin");
}
