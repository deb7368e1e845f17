// Links by which people join a group whose home is here: for so many, for so long; each address is shown once.

import { api, idempotencyKey } from "../api.js";
import { h, reconcile, setText } from "../dom.js";
import { errorText, text } from "../strings.js";
import { recentTime } from "../times.js";

const USES = [1, 5, 25, 100];
const DAYS = [1, 7, 30];
const DAY_S = 24 * 60 * 60;

class JoinLinks extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.uses = choice("link-uses", USES, (n) => text("links.uses", { n }), 25);
    this.days = choice("link-days", DAYS, (n) => text("links.days", { n }), 7);
    this.made = h("div", { class: "made", hidden: true });
    this.list = h("ul", { class: "links" });
    this.answer = h("p", { class: "hint", role: "status" });
    this.replaceChildren(
      h("h3", {}, text("links.heading")), this.list,
      h("form", { class: "terms", on: { submit: (event) => this.#make(event) } },
        h("label", { for: "link-uses" }, text("links.for_how_many")), this.uses,
        h("label", { for: "link-days" }, text("links.for_how_long")), this.days,
        h("button", { type: "submit", class: "plain" }, text("links.make"))),
      this.made, this.answer);
  }

  /** Show the links of a group; another group's address is not kept. */
  update(conversation) {
    if (this.conversationId === conversation.id) return;
    this.conversationId = conversation.id;
    this.made.hidden = true;
    this.#show([]);
    this.#load();
  }

  async #load() {
    await this.#try(async () => {
      const id = this.conversationId;
      const links = await api.links(id);
      if (id === this.conversationId) this.#show(links);
    });
  }

  #show(links) {
    const now = new Date();
    reconcile(this.list, links, {
      keyOf: (link) => link.id,
      make: (link) => h("li", {}, h("span", { class: "quiet" }),
        h("button", { type: "button", class: "link danger", on: { click: () => this.#end(link.id) } }, text("links.end"))),
      update: (element, link) =>
        setText(element.firstElementChild, text("links.one", { n: link.uses_left, time: recentTime(link.expires, now) })),
    });
  }

  async #make(event) {
    event.preventDefault();
    await this.#try(async () => {
      const terms = { uses: Number(this.uses.value), expires_in_s: Number(this.days.value) * DAY_S };
      const { url } = await api.makeLink(this.conversationId, terms, idempotencyKey());
      await this.#showAddress(url);
      await this.#load();
    });
  }

  /** The node keeps no address, so that it is shown now or never. */
  async #showAddress(url) {
    const field = h("input", { type: "text", readonly: true, value: url, "aria-label": text("links.address"), dir: "ltr" });
    const copy = async () => {
      await navigator.clipboard.writeText(url);
      setText(this.answer, text("menu.copied"));
    };
    this.made.replaceChildren(
      h("p", { class: "quiet" }, text("links.once")),
      h("span", { class: "with-button" }, field, h("button", { type: "button", class: "plain", on: { click: copy } }, text("links.copy"))));
    this.made.hidden = false;
    field.select();
    const { qrImage } = await import("../qr.js");
    const image = qrImage(url, text("links.qr"));
    if (image && field.isConnected) this.made.append(image);
  }

  #end(link) {
    return this.#try(async () => {
      await api.endLink(this.conversationId, link);
      await this.#load();
    });
  }

  async #try(act) {
    setText(this.answer, "");
    try {
      await act();
    } catch (error) {
      setText(this.answer, errorText(error));
    }
  }
}

function choice(id, values, words, chosen) {
  return h("select", { id }, values.map((value) => h("option", { value, selected: value === chosen }, words(value))));
}

customElements.define("join-links", JoinLinks);
