// A finger pulls a row of the list along, which shows beneath what it does, and does it when it is let go far enough.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isFarEnough, watchPull, watchTouch } from "./touch.js";

/** A row that is held still asks for its menu, also where the browser does not: `open(row)`. */
export function watchHeldRows(rows, open) {
  watchTouch(rows, { onHold: (target) => target.closest("li") && open(target.closest("li")), onDraw: () => {} });
}

/** `choose(row, isOn)` answers the choice for a row that is pulled on towards the end of the line, or back; null for none. */
export function watchPulledRows(rows, choose) {
  const isOn = (px) => px > 0 === (getComputedStyle(rows).direction === "ltr");
  watchPull(rows, {
    select: (target) => (target.closest("button") ? null : target.closest("li")),
    onPull: (row, px) => show(row, px, isOn(px), () => choose(row, isOn(px))),
    onLet: (row, px) => {
      hide(row);
      if (px) choose(row, isOn(px))?.act();
    },
  });
}

function show(row, px, isOn, choose) {
  const side = isOn ? "on" : "back";
  if (row.dataset.pulled !== side) {
    hide(row);
    const choice = choose();
    if (!choice) return;
    row.dataset.pulled = side;
    row.firstElementChild.after(h("span", { class: "beneath", "aria-hidden": "true" }, icon(choice.sign), choice.words));
  }
  row.classList.toggle("is-far", isFarEnough(px));
  row.style.setProperty("--pulled", `${Math.round(px)}px`);
}

function hide(row) {
  delete row.dataset.pulled;
  row.classList.remove("is-far");
  row.style.removeProperty("--pulled");
  row.querySelector(".beneath")?.remove();
}
