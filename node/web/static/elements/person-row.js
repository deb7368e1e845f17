// One person in a list: picture, name, address, and what there is to know of them beside it.

import { avatar, h, setText } from "../dom.js";
import { profilePath } from "../people.js";
import { nameOf } from "../views.js";

/** A row that leads to the profile of a person. */
export function personLink(person) {
  return h("li", {}, h("a", { class: "row", href: profilePath(person.acct) }, ...parts(person)));
}

/** A row that is a button: `act` is called when it is pressed. */
export function personButton(person, act) {
  return h("li", {}, h("button", { type: "button", class: "row", on: { click: act } }, ...parts(person)));
}

/** Show the note of a row, such as that both follow each other. */
export function noteRow(element, note) {
  setText(element.querySelector(".note"), note);
}

function parts(person) {
  return [
    avatar(nameOf(person), person.uri, person.picture),
    h("span", { class: "words" },
      h("span", { class: "line" }, h("bdi", { class: "title" }, nameOf(person))),
      h("span", { class: "line" }, h("bdi", { class: "last" }, person.acct))),
    h("span", { class: "note quiet" }),
  ];
}
