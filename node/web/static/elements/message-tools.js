// The few buttons that stand on the message under the pointer or the focus; one set for the whole list.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";

class MessageTools extends HTMLElement {
  connectedCallback() {
    if (this.more) return;
    this.role = "group";
    this.ariaLabel = text("menu.label");
    this.react = this.#button("smile", "menu.react", "react");
    this.reply = this.#button("reply", "menu.reply", "reply");
    this.more = this.#button("more", "menu.more", "menu");
    this.append(this.react, this.reply, this.more);
  }

  /** Stand on a message, of which this much may be done. */
  show(item, actions) {
    this.item = item;
    if (this.parentElement !== item.bubble) item.bubble.append(this);
    this.react.hidden = !actions.includes("react");
    this.reply.hidden = !actions.includes("reply");
    this.more.hidden = !actions.length;
  }

  #button(sign, key, act) {
    const press = (event) => {
      const detail = { act, message: this.item.message, beside: event.currentTarget.getBoundingClientRect() };
      this.dispatchEvent(new CustomEvent("message-act", { bubbles: true, detail }));
    };
    const menu = act === "menu" ? { "aria-haspopup": "menu" } : {};
    return h("button", { type: "button", title: text(key), "aria-label": text(key), ...menu, on: { click: press } }, icon(sign));
  }
}

customElements.define("message-tools", MessageTools);
