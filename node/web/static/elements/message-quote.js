// What a message answers: whose words and their first line, and the way to them.

import { h, setText } from "../dom.js";
import { text } from "../strings.js";
import { bodyLine } from "../titles.js";
import { nameOf } from "../views.js";

export function makeQuote(onJump) {
  const quote = h("button", { type: "button", class: "quote", tabindex: "-1", hidden: true },
    h("bdi", { class: "quoted-name" }), h("bdi", { class: "quoted-line" }));
  quote.addEventListener("click", () => onJump(quote.dataset.id));
  return quote;
}

/** Show it: {id, message}, or null where nothing is answered. */
export function showQuote(element, quote, conversation, me) {
  element.hidden = !quote;
  if (!quote) return;
  const { id, message } = quote;
  element.dataset.id = id;
  const [name, line] = element.children;
  setText(name, message ? authorName(message, me) : "");
  if (message) setText(line, bodyLine(message, conversation));
  else setText(line, message === null ? text("quote.gone") : text("quote.loading"));
  element.title = text("quote.jump");
}

function authorName(message, me) {
  return message.author.uri === me?.uri ? text("message.you") : nameOf(message.author);
}
