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
  reply: ["M9.5 6.5L4 12l5.5 5.5", "M4.5 12H14c3.6 0 6 2.2 6 6"],
  smile: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M8.5 14.2c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2", "M9 9.6v.1", "M15 9.6v.1"],
  more: ["M6 12v.1", "M12 12v.1", "M18 12v.1"],
  clip: ["M19 11.5l-7 7a4.6 4.6 0 0 1-6.5-6.5l7.5-7.5a3 3 0 0 1 4.3 4.3l-7.3 7.3a1.5 1.5 0 0 1-2.1-2.1l6.5-6.5"],
  file: ["M7 3.5h7l4 4v13H7z", "M14 3.5v4h4"],
  forward: ["M14.5 6.5L20 12l-5.5 5.5", "M19.5 12H10c-3.6 0-6 2.2-6 6"],
  copy: ["M9 9h10v11H9z", "M6 15H5V4h10v2"],
  edit: ["M5 19l.8-3.7L16 5.1l2.9 2.9L8.7 18.2z", "M13.5 7.6l2.9 2.9"],
  trash: ["M5 7h14", "M9.5 7V4.5h5V7", "M7 7l.8 12.5h8.4L17 7", "M10.5 10.5v5.5", "M13.5 10.5v5.5"],
  flag: ["M6 20.5V4.5h11l-2 4 2 4H6"],
  info: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 11v5.5", "M12 7.6v.1"],
  history: ["M4.5 12a7.5 7.5 0 1 0 2.5-5.6", "M4.5 4.5v3.5H8", "M12 8v4.2l2.8 1.7"],
  key: ["M8 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z", "M11.5 12H20v3", "M16.5 12v2.5"],
  bell: ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z", "M10 20.5a2.2 2.2 0 0 0 4 0"],
  admin: ["M12 3.5l7 2.5v5.5c0 4.4-3 7.4-7 9-4-1.6-7-4.6-7-9V6z"],
  lock: ["M6.5 10.5h11v9h-11z", "M9 10.5V7.5a3 3 0 0 1 6 0v3"],
  pin: ["M9 4h6l-.7 6 2.7 3.5H7L9.7 10z", "M12 13.5V20"],
  bell: ["M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5z", "M10.2 20.2a2 2 0 0 0 3.6 0"],
  bellOff: ["M7.2 8.2A5.4 5.4 0 0 0 6.5 11v5.5L5 18h12", "M9.5 6.1A5.5 5.5 0 0 1 17.5 11v4", "M10.2 20.2a2 2 0 0 0 3.6 0", "M4 4l16 16"],
  archive: ["M4 5h16v4H4z", "M5.5 9v10h13V9", "M10 12.5h4"],
  unread: ["M4.5 6h15v12h-15z", "M5 6.5l7 6 7-6"],
  calendar: ["M4.5 6h15v14h-15z", "M4.5 10.5h15", "M8.5 3.5V8", "M15.5 3.5V8"],
  search: ["M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z", "M15.3 15.3L20 20"],
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
