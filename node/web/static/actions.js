// What somebody may do with a message, a member and a group, by who they are in it; no DOM.

import { historyOf } from "./state.js";
import { canPost, isAdmin, isInside } from "./views.js";

const ROLES = ["member", "moderator", "admin"];

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
  const isLeading = own.role === "admin";
  const mayTake = isLeading || (own.role === "moderator" && rank(person.role) < rank("moderator"));
  const isIn = isInside(person);
  const roles = isLeading && isIn ? ["admin", "moderator", "member"].filter((role) => role !== person.role) : [];
  return [
    ...roles.map((role) => `make_${role}`),
    ...(mayTake && isIn ? ["remove", "ban"] : []),
    ...(!isIn && (mayTake || person.refusal) ? ["withdraw"] : []),
  ];
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

