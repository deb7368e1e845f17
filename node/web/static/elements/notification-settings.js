// What the bell beneath the conversations opens: whether this browser tells of messages, and whether of their words.

import { h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { showAsking } from "../layers.js";
import { situation, turnOff, turnOn } from "../notifications.js";
import { errorText, text } from "../strings.js";

class NotificationSettings extends HTMLElement {
  #isBusy = false;

  connectedCallback() {
    if (this.dialog) return;
    this.says = h("p", { role: "status" });
    this.showText = h("input", { type: "checkbox", on: { change: () => this.#change(() => turnOn(this.showText.checked)) } });
    this.choice = h("label", { class: "choice", hidden: true }, this.showText, " ", text("notify.show_text"));
    this.button = h("button", { type: "button", class: "primary", hidden: true, on: { click: () => this.#press() } });
    this.dialog = h("dialog", { "aria-labelledby": "notify-heading" },
      h("form", { method: "dialog" },
        h("header", { class: "bar" }, h("h2", { id: "notify-heading" }, text("notify.title")),
          h("button", { class: "round", title: text("notify.close") },
            icon("close"), h("span", { class: "visually-hidden" }, text("notify.close")))),
        this.says, this.choice, h("p", { class: "buttons" }, this.button)));
    this.replaceChildren(this.dialog);
  }

  open() {
    showAsking(this.dialog);
    this.#change(() => {});
  }

  #press() {
    return this.#change(() => (this.isOn ? turnOff() : turnOn(false)));
  }

  /** Do something, and show how things stand then. */
  async #change(act) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await act();
      this.#show(await situation());
    } catch (error) {
      setText(this.says, error.status === undefined ? text("notify.failed") : errorText(error));
    }
    this.#isBusy = false;
  }

  #show({ can, isRefused, isOn, showText }) {
    this.isOn = isOn;
    this.showText.checked = showText;
    this.choice.hidden = !isOn;
    this.button.hidden = !can || isRefused;
    setText(this.button, text(isOn ? "notify.turn_off" : "notify.turn_on"));
    setText(this.says, text(sentence(can, isRefused, isOn)));
  }
}

function sentence(can, isRefused, isOn) {
  if (!can) return "notify.cannot";
  if (isRefused) return "notify.refused";
  return isOn ? "notify.on" : "notify.off";
}

customElements.define("notification-settings", NotificationSettings);
