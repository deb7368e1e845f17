// A button behind which a picture is chosen.

import { h } from "./dom.js";
import { text } from "./strings.js";

/** The button and its field; `onChoose` gets the file. */
export function pictureButton(key, onChoose) {
  const choose = () => {
    const [file] = input.files;
    input.value = "";
    if (file) onChoose(file);
  };
  const input = h("input", { type: "file", accept: "image/*", hidden: true, on: { change: choose } });
  return [h("button", { type: "button", class: "plain", on: { click: () => input.click() } }, text(key)), input];
}
