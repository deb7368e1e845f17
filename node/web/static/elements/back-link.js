// The way back to the list, shown where only one pane fits.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";

export function backLink() {
  return h("a", { class: "round back", href: "/chat", title: text("room.back") },
    icon("back"), h("span", { class: "visually-hidden" }, text("room.back")));
}
