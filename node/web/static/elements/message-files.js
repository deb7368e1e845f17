// What a message shows: pictures in their size before they are there, with their words on demand; other files as links.

import { meanColour } from "../blurhash.js";
import { h, setAttribute } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";
import { fileSize } from "../times.js";

/** Show the files; `onOpen(attachment)` opens a picture. */
export function showFiles(element, attachments, onOpen) {
  element.hidden = !attachments.length;
  const shown = JSON.stringify(attachments);
  if (element.shown === shown) return;
  element.shown = shown;
  element.classList.toggle("is-several", attachments.filter(isPicture).length > 1);
  element.replaceChildren(...attachments.map((one) => (isPicture(one) ? picture(one, onOpen) : file(one))));
}

export function isPicture({ media_type: kind, url }) {
  return kind.startsWith("image/") && isOurs(url);
}

/** SECURITY: nothing is fetched but from this node, which fetches what is elsewhere; tests/e2e/test_files.py. */
function isOurs(url) {
  return Boolean(url) && new URL(url, location.origin).origin === location.origin;
}

function picture(one, onOpen) {
  const { width, height, description } = one;
  const img = h("img", { src: one.thumbnail_url ?? one.url, alt: description || text("files.no_words"), loading: "lazy", decoding: "async",
    width: width ?? null, height: height ?? null });
  const open = h("button", { type: "button", class: "open", tabindex: "-1", title: text("files.open"), on: { click: () => onOpen(one) } }, img);
  if (width && height) open.style.aspectRatio = `${width} / ${height}`;
  open.style.backgroundColor = meanColour(one.blurhash);
  const figure = h("figure", { class: "shown" }, open);
  img.addEventListener("error", () => figure.replaceWith(file({ ...one, problem: "not-here" })), { once: true });
  if (description) figure.append(...wordsOnDemand(description));
  return figure;
}

function wordsOnDemand(description) {
  const words = h("figcaption", { class: "alt-words", dir: "auto", hidden: true }, description);
  const button = h("button", { type: "button", class: "alt", tabindex: "-1", "aria-expanded": "false", title: text("files.words"),
    on: { click: () => {
      words.hidden = !words.hidden;
      setAttribute(button, "aria-expanded", String(!words.hidden));
    } } }, text("files.alt"));
  return [button, words];
}

function file(one) {
  const problem = one.problem ? text(`files.problem.${one.problem.replaceAll("-", "_")}`) : "";
  const about = h("span", { class: "about" },
    h("bdi", { class: "name" }, one.description || nameOf(one)),
    h("span", { class: "quiet" }, problem || [kindOf(one), one.size && fileSize(one.size)].filter(Boolean).join(" · ")));
  if (!isOurs(one.url)) return h("p", { class: "file is-away" }, icon("file"), about);
  return h("a", { class: "file", href: one.url, download: "", rel: "noreferrer" }, icon("file"), about);
}

/** What a file is called in its address. */
export function nameOf({ url }) {
  const last = decodeURIComponent(new URL(url || "/", location.origin).pathname.split("/").pop());
  return last.includes(".") ? last : text("files.file");
}

/** The kind of a file in few letters; "" for one that is only bytes. */
function kindOf({ media_type: kind }) {
  if (kind === "application/octet-stream") return "";
  return kind === "text/plain" ? "TXT" : kind.split("/").pop().split(/[.+]/).pop().toUpperCase();
}
