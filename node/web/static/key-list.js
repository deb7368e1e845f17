// Which keys do something in the chat, as a list: the dialog and the settings show it.

import { h } from "./dom.js";
import { enterBeginsLine } from "./keys.js";
import { text } from "./strings.js";

const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);
const CONTROL = isApple ? "⌘" : text("keys.control");
const SHIFT = text("keys.shift");
const ENTER = text("keys.enter");
// What a key does, and the ways to press it.
const KEYS = [
  ["keys.find", [CONTROL, "K"]],
  ["keys.find_here", [CONTROL, "F"]],
  ["keys.list", [CONTROL, "/"]],
  ["keys.chats", ["Alt", "↑"], ["Alt", "↓"]],
  ["keys.unread", ["Alt", SHIFT, "↑"], ["Alt", SHIFT, "↓"]],
  ["keys.region", ["F6"]],
  ["keys.close", ["Esc"]],
  ["keys.send", [ENTER]],
  ["keys.line", [SHIFT, ENTER]],
  ["keys.attach", [CONTROL, "U"]],
  ["keys.edit_last", ["↑"]],
  ["keys.answer_last", [CONTROL, "↑"]],
  ["keys.next", ["J"], ["↓"]],
  ["keys.previous", ["K"], ["↑"]],
  ["keys.reply", ["R"]],
  ["keys.react", ["E"]],
  ["keys.delete", [text("keys.del")]],
  ["keys.menu", [ENTER]],
  ["keys.row", [SHIFT, "F10"]],
];

/** The list, by what the person has chosen to send with. */
export function keyList() {
  const line = enterBeginsLine() ? { "keys.send": [[CONTROL, ENTER]], "keys.line": [[ENTER]] } : {};
  return h("dl", { class: "keys" }, KEYS.map(([key, ...ways]) =>
    h("div", {}, h("dt", {}, text(key)), h("dd", {}, (line[key] ?? ways).map(pressed)))));
}

/** Keys that are held together. */
function pressed(keys) {
  return h("span", {}, keys.map((key) => h("kbd", {}, key)));
}
