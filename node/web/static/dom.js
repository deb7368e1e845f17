// Making and reconciling elements: text stays text, attributes stay attributes.

import { initials } from "./initials.js";

/**
 * Make an element. `props`: `class`, `on` (listeners by name), `data` (data attributes) and plain attributes, where
 * false, null and undefined leave the attribute out and true sets it empty. Children are nodes, strings, or null.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else setAttribute(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Set, or with false, null and undefined remove, an attribute; untouched when it is already so. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value === true ? "" : value)) {
    element.setAttribute(name, value === true ? "" : value);
  }
}

/** Set an element's text, unless it says that already. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Make `parent` hold one child per item, in order, keeping the children whose key is still there.
 *
 * `keyOf(item)` is unique; `make(item)` makes a child; `update(child, item)` shows the item in it.
 */
export function reconcile(parent, items, { keyOf, make, update }) {
  const old = new Map();
  for (const child of parent.children) old.set(child.dataset.key, child);
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = old.get(key);
    if (child) old.delete(key);
    else {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const child of old.values()) child.remove();
}

/** A picture, or a name's coloured initials; the name itself stands beside it, so it is hidden from readers. */
export function avatar(name, seed, picture, extra = "") {
  // Without the picture the initials are left. All pictures are behind this node's API.
  const drop = (event) => event.target.remove();
  const isOurs = picture?.startsWith("/api/");
  return h("span", { class: `avatar ${extra}`.trim(), "aria-hidden": "true", data: { hue: hueOf(seed) } }, initials(name),
    isOurs ? h("img", { src: picture, alt: "", loading: "lazy", on: { error: drop } }) : null);
}

/** Put a picture where it is not yet. */
export function showAvatar(place, name, seed, picture, extra) {
  const shown = `${name} ${picture ?? ""}`;
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(avatar(name, seed, picture, extra));
}

function hueOf(seed) {
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return String(sum % 8);
}
