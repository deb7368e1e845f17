// One picture, as large as the window lets it be, with its words and the way to keep it.

import { meanColour } from "../blurhash.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";

class PictureViewer extends HTMLElement {
  connectedCallback() {
    if (this.dialog) return;
    this.dialog = h("dialog", { class: "viewer", "aria-label": text("files.viewer") });
    this.dialog.addEventListener("click", (event) => !event.target.closest("a, figcaption") && this.dialog.close());
    this.dialog.addEventListener("close", () => this.dialog.replaceChildren());
    this.replaceChildren(this.dialog);
  }

  open({ url, description, width, height, blurhash }) {
    const img = h("img", { src: url, alt: description || text("files.no_words"), width: width ?? null, height: height ?? null });
    img.style.backgroundColor = meanColour(blurhash);
    img.addEventListener("load", () => (img.style.backgroundColor = ""), { once: true });
    this.dialog.replaceChildren(
      h("p", { class: "viewer-bar" },
        h("a", { class: "round button", href: url, download: "", title: text("files.save"), "aria-label": text("files.save") }, icon("down")),
        h("button", { type: "button", class: "round", title: text("dialog.close"), "aria-label": text("dialog.close") }, icon("close"))),
      h("figure", {}, img, description ? h("figcaption", { dir: "auto" }, description) : null));
    this.dialog.showModal();
  }
}

customElements.define("picture-viewer", PictureViewer);
