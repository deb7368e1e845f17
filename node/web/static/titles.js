// Sentences about conversations and messages, made from the views in the reader's language.

import { codecFor } from "./codec.js";
import { text, toldText } from "./strings.js";
import { nameOf, others } from "./views.js";
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
export function overLine({ state }) {
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

/** Until when strangers are kept back more than usual, and why; "" while they are not. */
export function protectionText(me) {
  const { until, reason } = me?.protection ?? {};
  if (!until || new Date(until) <= new Date()) return "";
  const time = dayAndTimeOf(until);
  return reason ? text("app.protection_why", { time, reason }) : text("app.protection", { time });
}
