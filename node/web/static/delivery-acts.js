// What the author of a message may do about a host that does not have it: be told, or do without who refuses.

import { actionsOnMember } from "./actions.js";
import { h, setText } from "./dom.js";
import { askTaking } from "./elements/member-list.js";
import { situation } from "./notifications.js";
import { registration } from "./installed.js";
import { text } from "./strings.js";
import { bodyLine, titleOf } from "./titles.js";

// What this page tells of once it is settled, by message and host; gone with the page.
const awaited = new Map();
const SETTLED = { delivered: "reached", sent: "reached", refused: "failed_there", failed: "failed_there" };
let isListening = false;

/** What is offered beside one host of a message's delivery details; null for nothing. */
export function deliveryActs(row, message, chat, ask) {
  if (row.state === "waiting") return tellChoice(row, message, chat);
  const conversation = chat.state.conversations[message.conversation];
  if (row.state !== "refused" || conversation?.kind !== "group") return null;
  return row.members.map((acct) => h("p", { class: "buttons", role: "group", "aria-label": acct },
    removeButton(acct, conversation, chat, ask),
    h("a", { class: "button plain", href: `/chat/new?${new URLSearchParams({ with: acct })}` }, text("details.delivery.alone"))));
}

function removeButton(acct, conversation, chat, ask) {
  const member = conversation.members.find((one) => one.acct === acct);
  if (!member || !actionsOnMember(member, conversation, chat.state.me).includes("remove")) return null;
  const take = () => chat.removeMember(conversation.id, acct);
  return h("button", { type: "button", class: "plain", on: { click: () => askTaking(ask, "remove", member, take) } }, text("members.remove"));
}

function tellChoice({ host }, message, chat) {
  const key = `${message.id} ${host}`;
  const input = h("input", { type: "checkbox", role: "switch" });
  input.checked = awaited.has(key);
  input.addEventListener("change", () => {
    if (!input.checked) awaited.delete(key);
    else awaited.set(key, { host, id: message.id, conversation: message.conversation });
    if (!isListening) chat.listen(tellSettled);
    isListening = true;
  });
  return h("label", { class: "check" }, input, h("span", {}, text("details.delivery.tell")));
}

/** Tell of what has been settled since, each once. */
function tellSettled(state) {
  for (const [key, { host, id, conversation }] of awaited) {
    const message = state.histories[conversation]?.messages.find((one) => one.id === id);
    const outcome = SETTLED[message?.delivery?.find((row) => row.host === host)?.state];
    if (!outcome) continue;
    awaited.delete(key);
    const there = state.conversations[conversation];
    tell(text(`details.delivery.${outcome}`, { host, text: bodyLine(message, there) }), titleOf(there, state.me), `/chat/${encodeURIComponent(conversation)}`);
  }
}

async function tell(body, title, path) {
  setText(document.querySelector("covey-app").live, body);
  const { isOn } = await situation().catch(() => ({ isOn: false }));
  if (isOn) await (await registration()).showNotification(title, { body, data: path, dir: "auto" });
}
