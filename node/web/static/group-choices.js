// What may be chosen for a group: who invites, and how far back newcomers read.

import { h } from "./dom.js";
import { text } from "./strings.js";

const INVITE = ["member", "moderator", "admin"];
const HISTORY = ["invited", "joined", "shared"];

export function inviteChoice(id) {
  return choice(id, INVITE, "moderator", (value) => text(`group.invite.${value}`));
}

export function historyChoice(id) {
  return choice(id, HISTORY, "invited", (value) => text(`group.history.${value}`));
}

/** With the value that a group has unless another one is chosen. */
function choice(id, values, usual, words) {
  return h("select", { id }, values.map((value) => h("option", { value, selected: value === usual }, words(value))));
}
