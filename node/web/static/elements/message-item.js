// One message: whose it is, what it says, when, and what became of it, in words.

import { codecFor } from "../codec.js";
import { avatar, h, setAttribute, setText } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";
import { clockTime, completeTime } from "../times.js";
import { deliveryText, provenanceText } from "../titles.js";
import { fragmentOf } from "../trusted.js";
import { deliveryOf, nameOf } from "../views.js";

const SIGNS = { sending: "clock", sent: "tick", delivered: "ticks", waiting: "clock", refused: "barred", failed: "alert" };
const QUIET = new Set(["sending", "sent", "delivered"]);

class MessageItem extends HTMLElement {
  #shownBody;

  connectedCallback() {
    if (this.body) return;
    setAttribute(this, "role", "article");
    setAttribute(this, "tabindex", "-1");
    this.side = h("span", { class: "side" });
    this.author = h("p", { class: "author" });
    this.body = h("div", { class: "body", dir: "auto" });
    this.time = h("time");
    this.edited = h("span", { class: "edited" });
    this.sign = h("span", { class: "sign" });
    this.marks = h("p", { class: "marks", hidden: true });
    this.actions = h("p", { class: "actions", hidden: true });
    this.append(this.side,
      h("div", { class: "bubble" }, this.author, this.body,
        h("p", { class: "meta" }, this.edited, this.time, this.sign)),
      this.marks, this.actions);
  }

  update(item, { conversation, me }) {
    if (!this.body) this.connectedCallback();
    const message = item.message ?? { author: me, text: item.outgoing.text, html: null };
    this.classList.toggle("is-own", item.isOwn);
    this.classList.toggle("is-first", item.isFirst);
    this.classList.toggle("is-last", item.isLast);
    this.#showAuthor(item, message.author);
    this.#showBody(message, conversation.mode);
    setText(this.time, clockTime(item.at));
    setAttribute(this.time, "datetime", item.at);
    setAttribute(this.time, "title", completeTime(item.at));
    setText(this.edited, message.edited && !message.deleted ? text("message.edited") : "");
    this.#showDelivery(item);
    this.#showMarks(item, conversation);
  }

  #showAuthor(item, author) {
    const name = item.isOwn ? text("message.you") : nameOf(author);
    if (this.author.dataset.name === name) return;
    this.author.dataset.name = name;
    this.author.replaceChildren(h("bdi", { class: "name" }, name), " ", h("bdi", { class: "acct" }, author.acct));
    this.side.replaceChildren(avatar(name, author.uri));
  }

  #showBody(message, mode) {
    const read = message.deleted ? { kind: "note", text: text("message.deleted") } : codecFor(mode).read(message);
    const shown = JSON.stringify(read);
    if (shown === this.#shownBody) return;
    this.#shownBody = shown;
    this.body.className = `body is-${read.kind}`;
    if (read.kind === "html") this.body.replaceChildren(fragmentOf(read.html));
    else this.body.replaceChildren(read.kind === "unreadable" ? text("message.unreadable") : read.text);
  }

  #showDelivery({ isOwn, message, outgoing }) {
    if (!isOwn || message?.deleted) {
      this.sign.replaceChildren();
      this.actions.hidden = true;
      return;
    }
    const delivery = outgoing ? { state: outgoing.state, hosts: [], reason: outgoing.reason } : deliveryOf(message);
    const words = outgoing ? outgoingText(outgoing) : deliveryText(delivery);
    if (this.sign.dataset.words !== words) {
      this.sign.dataset.words = words;
      this.sign.dataset.state = delivery.state;
      const hidden = QUIET.has(delivery.state) ? "visually-hidden" : "";
      this.sign.replaceChildren(icon(SIGNS[delivery.state]), h("span", { class: `words ${hidden}` }, words));
      this.sign.title = words;
    }
    this.#showActions(outgoing);
  }

  #showActions(outgoing) {
    const hasFailed = outgoing?.state === "failed";
    this.actions.hidden = !hasFailed;
    if (!hasFailed || this.actions.firstChild) return;
    const button = (key, act) => h("button", { type: "button", class: "link", on: { click: act } }, text(key));
    this.actions.append(
      button("delivery.retry", () => this.chat.retry(outgoing.key)),
      button("delivery.discard", () => this.chat.discard(outgoing.key)));
  }

  #showMarks({ message }, conversation) {
    const words = message ? provenanceText(message, conversation) : "";
    this.marks.hidden = !words;
    setText(this.marks, words);
  }
}

function outgoingText({ state, reason }) {
  if (state === "sending") return text("delivery.sending");
  return reason ? `${text("delivery.not_sent")}: ${reason}` : text("delivery.not_sent");
}

customElements.define("message-item", MessageItem);
