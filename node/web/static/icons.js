// The drawn signs, as SVG made node by node; each is hidden from readers and stands beside words.

import { h } from "./dom.js";

const PATHS = {
  back: ["M15 5l-7 7 7 7"],
  plus: ["M12 5v14", "M5 12h14"],
  send: ["M5 12h13", "M12 5l7 7-7 7"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.5c.8-3.9 3.7-5.7 7.5-5.7s6.7 1.8 7.5 5.7"],
  people: [
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    "M2.5 19.5c.6-3.4 3-5 6.5-5s5.9 1.6 6.5 5",
    "M16 4.8a3.3 3.3 0 0 1 0 6.4",
    "M18 14.8c2 .7 3.2 2.3 3.6 4.7",
  ],
  settings: ["M4 7h8", "M17 7h3", "M14.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z", "M4 17h3", "M12 17h8",
    "M9.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  signOut: ["M14 4H6v16h8", "M11 12h10", "M17.5 8.5L21 12l-3.5 3.5"],
  down: ["M12 5v13", "M6 12.5l6 6 6-6"],
  tick: ["M5 12.5l4.5 4.5L19 7.5"],
  ticks: ["M2.5 12.5l4.5 4.5L16 7.5", "M12 16l1 1 8.5-9.5"],
  clock: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 7.5V12l3 2"],
  barred: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M6 6l12 12"],
  alert: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 7.5v5.5", "M12 16.4v.1"],
  lock: ["M6.5 10.5h11v9h-11z", "M9 10.5V7.5a3 3 0 0 1 6 0v3"],
};
const SVG = "http://www.w3.org/2000/svg";

/** One sign by its name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  for (const line of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** A sign in the place of a picture, for whom one has not agreed to see. */
export function signAvatar(name, extra = "") {
  return h("span", { class: `avatar is-sign ${extra}`.trim(), "aria-hidden": "true" }, icon(name));
}
