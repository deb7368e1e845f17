// The seam between message bodies and everything that shows or writes them: nothing else looks into a body.

import { lineOf, oneLine } from "./trusted.js";

// A list of conversations is drawn again whenever anything changes, and its messages stay.
const lines = new WeakMap();

/**
 * A codec answers
 *   read(message)  → {kind: "html", html} | {kind: "text", text} | {kind: "unreadable"}
 *   words(message) → the body as text without links, or null where it cannot be read
 *   preview(message) → the same on one line
 *   write(text)    → the fields of a POST that carry the body
 */
const plain = {
  read({ html, text }) {
    if (html !== null) return { kind: "html", html };
    if (text !== null) return { kind: "text", text };
    return { kind: "unreadable" };
  },
  words: ({ text }) => text,
  preview(message) {
    if (!lines.has(message)) lines.set(message, lineFor(message));
    return lines.get(message);
  },
  write(text) {
    return { text };
  },
};

/** As it is read and not as it was typed: without the marks of Markdown. */
function lineFor({ html, text }) {
  if (html !== null) return lineOf(html);
  return text === null ? null : oneLine(text);
}

const unreadable = {
  read: () => ({ kind: "unreadable" }),
  words: () => null,
  preview: () => null,
};

const BY_MODE = new Map([["plain", plain]]);

/** The codec of a conversation's mode; one that this page does not know shows nothing of a body and writes none. */
export function codecFor(mode) {
  return BY_MODE.get(mode) ?? unreadable;
}

/** Whether this page can write into a conversation of this mode. */
export function canWrite(mode) {
  return "write" in codecFor(mode);
}
