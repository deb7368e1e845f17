// A page that a message links to, in the words that came along with the message: nothing is fetched to show it.

import { h, setText } from "./dom.js";

/** What a card holds; null where its address is none of the web. */
export function makeCard({ url, title, description }) {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (!["https:", "http:"].includes(address?.protocol)) return null;
  return h("a", { class: "card", href: address.href, rel: "nofollow noopener noreferrer", target: "_blank" },
    h("span", { class: "card-host", dir: "ltr" }, address.hostname),
    h("bdi", { class: "card-title" }, title),
    description ? h("bdi", { class: "card-words" }, description) : null);
}

/** Show a message's card in its place, or that there is none. */
export function showCard(place, preview) {
  const shown = preview ? JSON.stringify(preview) : "";
  if ((place.dataset.shown ?? "") === shown) return;
  place.dataset.shown = shown;
  const card = preview && makeCard(preview);
  place.hidden = !card;
  if (card) place.replaceChildren(card);
  else setText(place, "");
}
