// A menu of named choices beside what opened it; arrows move in it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { moveFocus, openBeside } from "../popover.js";

class ChoiceMenu extends HTMLElement {
  connectedCallback() {
    if (this.popover) return;
    this.popover = "auto";
    this.role = "menu";
    this.addEventListener("keydown", (event) => {
      if (event.key === "Tab") this.hidePopover();
      else moveFocus(event, [...this.querySelectorAll("button")]);
    });
  }

  /** Offer choices, [{words, sign, isGrave, act}], beside what opened it, or where in it the pointer was. */
  open(label, choices, opener, beside = opener.getBoundingClientRect()) {
    this.ariaLabel = label;
    this.replaceChildren(...choices.map(({ words, sign, isGrave, act }) => {
      const choose = () => {
        this.hidePopover();
        act();
      };
      return h("button", { type: "button", role: "menuitem", tabindex: "-1", class: isGrave ? "item grave" : "item", on: { click: choose } },
        icon(sign), h("span", {}, words));
    }));
    openBeside(this, beside);
    this.querySelector("button")?.focus();
  }
}

customElements.define("choice-menu", ChoiceMenu);
