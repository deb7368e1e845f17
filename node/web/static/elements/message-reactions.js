// The emoji below a message, each with how many people chose it and whether one did oneself.

import { h, reconcile, setAttribute, setText } from "../dom.js";
import { text } from "../strings.js";

export function showReactions(list, message, onToggle) {
  const reactions = message.deleted || message.removed ? [] : message.reactions ?? [];
  list.hidden = !reactions.length;
  list.onToggle = onToggle;
  reconcile(list, reactions, {
    keyOf: ({ emoji }) => emoji,
    make: ({ emoji }) => h("li", {},
      h("button", { type: "button", class: "reaction", tabindex: "-1", on: { click: () => list.onToggle(emoji) } },
        h("bdi", { class: "emoji" }, emoji), h("span", { class: "count" }))),
    update: (element, { emoji, count, mine }) => {
      const button = element.firstElementChild;
      setText(button.lastElementChild, String(count));
      setAttribute(button, "aria-pressed", String(mine));
      const words = text("reactions.one", { emoji, n: count });
      setAttribute(button, "aria-label", mine ? text("reactions.mine", { words }) : words);
      setAttribute(button, "title", mine ? text("reactions.take_back") : text("reactions.join"));
    },
  });
}
