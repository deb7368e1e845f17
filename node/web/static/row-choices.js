// What a person can do with a conversation from its row: read, pin, mute, put away, and be done with it.

import { text } from "./strings.js";
import { canPost, isUnread } from "./views.js";

const HOUR_MS = 60 * 60 * 1000;
const MUTES = [["hour", HOUR_MS], ["hours", 8 * HOUR_MS], ["week", 7 * 24 * HOUR_MS], ["always", 0]];

/** The choices of a row's menu; `offer` shows others in their place, `askOut` asks whether to leave or refuse. */
export function rowChoices(chat, conversation, { offer, askOut }) {
  const { id, pinned, archived, muted } = conversation;
  const unread = isUnread(conversation);
  return [
    choice(unread ? "read" : "unread", "unread", () =>
      unread ? chat.readAll(id) : chat.arrange(id, { marked_unread: true })),
    choice(pinned ? "unpin" : "pin", "pin", () => chat.arrange(id, { pinned: !pinned })),
    muted
      ? choice("unmute", "bell", () => chat.unmute(id))
      : choice("mute", "bellOff", () => offer(text("row.mute_for"), muteChoices(chat, conversation))),
    choice(archived ? "unarchive" : "archive", "archive", () => chat.arrange(id, { archived: !archived })),
    ...(canPost(conversation) ? [{ ...choice(conversation.kind === "group" ? "leave" : "refuse", "signOut", askOut), isGrave: true }] : []),
  ];
}

/** For how long, and how quietly, a conversation may be muted. */
export function muteChoices(chat, { id }) {
  const until = (ms) => (ms ? { until: new Date(Date.now() + ms).toISOString() } : {});
  return [
    ...MUTES.map(([name, ms]) => choice(`mute_${name}`, "bellOff", () => chat.mute(id, until(ms)))),
    choice("mute_all", "bellOff", () => chat.mute(id, { mentions: true })),
  ];
}

function choice(name, sign, act) {
  return { words: text(`row.${name}`), sign, act };
}
