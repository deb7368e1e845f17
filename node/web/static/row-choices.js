// What a person can do with a conversation from its row: read, pin, mute, put away, and be done with it.

import { text } from "./strings.js";
import { canPost, isUnread } from "./views.js";

const HOUR_MS = 60 * 60 * 1000;
const MUTES = [["hour", HOUR_MS], ["hours", 8 * HOUR_MS], ["week", 7 * 24 * HOUR_MS], ["always", 0]];

/** The choices of a row's menu; `offer` shows others in their place, `askOut` asks whether to leave or refuse. */
export function rowChoices(chat, conversation, { offer, askOut }) {
  const { id, pinned, muted } = conversation;
  return [
    readChoice(chat, conversation),
    choice(pinned ? "unpin" : "pin", "pin", () => chat.arrange(id, { pinned: !pinned })),
    muted
      ? choice("unmute", "bell", () => chat.unmute(id))
      : choice("mute", "bellOff", () => offer(text("row.mute_for"), muteChoices(chat, conversation))),
    archiveChoice(chat, conversation),
    ...(canPost(conversation) ? [{ ...choice(conversation.kind === "group" ? "leave" : "refuse", "signOut", askOut), isGrave: true }] : []),
  ];
}

/** What a row does that is pulled along: on towards the end of the line `isOn`, or back. */
export function pullChoice(chat, conversation, isOn) {
  return isOn ? readChoice(chat, conversation) : archiveChoice(chat, conversation);
}

/** For how long, and how quietly, a conversation may be muted. */
export function muteChoices(chat, { id }) {
  const until = (ms) => (ms ? { until: new Date(Date.now() + ms).toISOString() } : {});
  return [
    ...MUTES.map(([name, ms]) => choice(`mute_${name}`, "bellOff", () => chat.mute(id, until(ms)))),
    choice("mute_all", "bellOff", () => chat.mute(id, { mentions: true })),
  ];
}

function readChoice(chat, conversation) {
  const { id } = conversation;
  return isUnread(conversation)
    ? choice("read", "unread", () => chat.readAll(id))
    : choice("unread", "unread", () => chat.arrange(id, { marked_unread: true }));
}

function archiveChoice(chat, { id, archived }) {
  return choice(archived ? "unarchive" : "archive", "archive", () => chat.arrange(id, { archived: !archived }));
}

function choice(name, sign, act) {
  return { words: text(`row.${name}`), sign, act };
}
