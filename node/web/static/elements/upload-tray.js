// The files that go along with the next message: how far each is, its words, and what is wrong with it.

import { h, reconcile, setAttribute, setText } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";
import { drawSmall } from "../thumbnails.js";
import { fileSize } from "../times.js";
import { isPicture, nameOf } from "./message-files.js";

const SMALL_PX = 112;
// A larger one is not decoded only to be shown small.
const LARGEST_BYTES = 24 * 1024 * 1024;

class UploadTray extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.list = h("ul", { class: "uploads", "aria-label": text("upload.label") });
    this.replaceChildren(this.list);
    this.onChange = () => this.#render();
    this.uploads.addEventListener("change", this.onChange);
    this.#render();
  }

  disconnectedCallback() {
    this.uploads.removeEventListener("change", this.onChange);
  }

  #render() {
    this.hidden = !this.uploads.entries.length;
    reconcile(this.list, this.uploads.entries, {
      keyOf: (entry) => entry.key,
      make: (entry) => this.#make(entry),
      update: show,
    });
  }

  #make(entry) {
    const { key, size } = entry;
    const name = entry.name || nameOf(entry.upload);
    const words = h("input", { class: "words", dir: "auto", maxlength: "1500", placeholder: text("upload.words"),
      "aria-label": text("upload.words_for", { name }), autocomplete: "off",
      on: { input: () => this.uploads.describe(key, words.value), keydown: (event) => event.key === "Enter" && event.preventDefault() } });
    const remove = text("upload.remove", { name });
    return h("li", { class: "upload" },
      preview(entry),
      h("div", { class: "about" },
        h("p", { class: "line" }, h("bdi", { class: "name" }, name), h("span", { class: "quiet" }, fileSize(size))),
        words,
        h("progress", { max: "1", "aria-label": text("upload.progress", { name }) }),
        h("p", { class: "failure", role: "alert" }, h("span", {}),
          h("button", { type: "button", class: "link", on: { click: () => this.uploads.retry(key) } }, text("delivery.retry")))),
      h("button", { type: "button", class: "round", title: remove, "aria-label": remove, on: { click: () => this.uploads.remove(key) } },
        icon("close")));
  }
}

function show(element, { state, progress, reason, isPassing, description }) {
  const [bar, failure] = element.querySelectorAll("progress, .failure");
  bar.hidden = state !== "uploading";
  setAttribute(bar, "value", progress < 1 ? progress : null);
  failure.hidden = state !== "failed";
  setText(failure.firstElementChild, reason);
  failure.lastElementChild.hidden = !isPassing;
  const words = element.querySelector(".words");
  words.hidden = state === "failed";
  if (words !== document.activeElement && words.value !== description) words.value = description;
}

/** A picture drawn small, or a sign. */
function preview({ file, mediaType, size, upload }) {
  const holder = h("span", { class: "preview" }, icon("file"));
  if (!file) {
    const url = upload.thumbnail_url ?? upload.url;
    const img = h("img", { alt: "", on: { load: () => holder.replaceChildren(img) } });
    if (isPicture({ ...upload, url })) img.src = url;
  } else if (mediaType.startsWith("image/") && size < LARGEST_BYTES) drawSmall(file, holder, SMALL_PX);
  return holder;
}

customElements.define("upload-tray", UploadTray);
