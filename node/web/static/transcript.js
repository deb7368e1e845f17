// A conversation as a plain text that can be read without this page; no DOM.
//
// Who wrote stands at the beginning of a line, and what they wrote is set in, so that nothing written looks like
// another's message.

import { codecFor } from "./codec.js";
import { text } from "./strings.js";
import { completeTime, dayAndTimeOf } from "./times.js";
import { bodyLine, titleOf } from "./titles.js";
import { nameOf } from "./views.js";

const SET_IN = "    ";
const IN = new Set(["joined", "joining"]);

/** What stands above all messages. */
export function headOf(conversation, me, now) {
  const people = conversation.members.filter(({ state }) => IN.has(state)).map((member) => `${SET_IN}${named(member)}`);
  return [titleOf(conversation, me), text("save.made", { time: completeTime(now), acct: me.acct }), "", text("details.people"), ...people, "", ""].join("\n");
}

/** One message with whoever wrote it, when, and its files by name. */
export function entryOf(message, conversation) {
  const head = `${named(message.author)}, ${dayAndTimeOf(message.published)}`;
  return [head, ...bodyOf(message, conversation).map((line) => SET_IN + line), "", ""].join("\n");
}

function bodyOf(message, conversation) {
  const isHidden = message.deleted || message.removed || message.blocked;
  const words = isHidden ? null : codecFor(conversation.mode).words(message);
  const lines = words ? words.split(/\r\n|[\n\r\u0085\u2028\u2029\v\f]/) : [bodyLine(message, conversation)];
  const files = isHidden ? [] : message.attachments.map((file) => text("save.file", { description: file.description || file.media_type, url: addressOf(file) }));
  return [...lines, ...files, ...(message.edited && !isHidden ? [text("save.edited")] : [])];
}

function addressOf({ url }) {
  return url ? new URL(url, location.origin).href : "";
}

function named(person) {
  return person.acct ? `${nameOf(person)} (${person.acct})` : nameOf(person);
}
