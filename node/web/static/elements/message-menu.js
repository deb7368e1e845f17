// What can be done with one message: a menu by right click, long press, button or key; arrows move in it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { moveFocus, openBeside } from "../popover.js";
import { text } from "../strings.js";

export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const ICONS = {
  reply: "reply", react: "smile", copy: "copy", forward: "forward", edit: "edit", history: "history", details: "info", report: "flag",
  delete: "trash", remove: "trash",
};
const GRAVE = new Set(["report", "delete", "remove"]);

class MessageMenu extends HTMLElement {
  connectedCallback() {
    if (this.popover) return;
    this.popover = "auto";
    this.role = "menu";
    this.ariaLabel = text("menu.label");
    this.addEventListener("keydown", (event) => {
      if (event.key === "Tab") this.hidePopover();
      else moveFocus(event, this.#parts);
    });
  }

  get #parts() {
    return [...this.querySelectorAll("button")];
  }

  /** Show what may be done with a message beside a rectangle of the window. */
  open(message, actions, beside) {
    this.beside = beside;
    const act = (name, emoji) => () => {
      this.hidePopover();
      this.dispatchEvent(new CustomEvent("message-act", { bubbles: true, detail: { act: name, message, emoji, beside } }));
    };
    const others = actions.filter((name) => name !== "react");
    this.replaceChildren(
      ...(actions.includes("react") ? [quickRow(message, act)] : []),
      ...others.map((name) => item(name, act(name))));
    openBeside(this, beside);
    this.#parts[0]?.focus();
  }
}

function quickRow(message, act) {
  const isMine = (emoji) => message.reactions.some((one) => one.emoji === emoji && one.mine);
  const quick = (emoji) =>
    h("button", { type: "button", role: "menuitemcheckbox", class: "quick", tabindex: "-1", "aria-checked": String(isMine(emoji)),
      "aria-label": text("menu.react_with", { emoji }), on: { click: act("toggle", emoji) } }, emoji);
  return h("div", { class: "quick-row", role: "group", "aria-label": text("menu.react") },
    QUICK.map(quick),
    h("button", { type: "button", role: "menuitem", class: "quick", tabindex: "-1", "aria-label": text("menu.react"), title: text("menu.react"),
      on: { click: act("react") } }, icon("plus")));
}

function item(name, onClick) {
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", class: GRAVE.has(name) ? "item grave" : "item",
    data: { act: name }, on: { click: onClick } }, icon(ICONS[name]), h("span", {}, text(`menu.${name}`)));
}

customElements.define("message-menu", MessageMenu);
