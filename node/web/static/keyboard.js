// In the settings: whether letters act on this device, and the list of keys, which Ctrl / opens here too.

import { h } from "./dom.js";
import { keyList } from "./key-list.js";
import { lettersAct, letLettersAct } from "./keys.js";
import { text } from "./strings.js";

const letters = h("input", { type: "checkbox", id: "letters", "aria-describedby": "letters-hint",
  on: { change: () => letLettersAct(letters.checked) } });
const summary = h("summary", {}, text("keys.show"));
const list = h("details", {}, summary, keyList());
letters.checked = lettersAct();
document.querySelector("[data-keyboard]").replaceChildren(
  h("p", { class: "check" }, letters, h("label", { for: "letters" }, text("keys.letters")),
    h("small", { id: "letters-hint" }, text("keys.letters_hint"))),
  list);

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  list.open = true;
  list.scrollIntoView();
  summary.focus({ preventScroll: true });
});
