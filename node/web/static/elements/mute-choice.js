// Whether a conversation makes itself heard, as its row in the list offers it as well.

import { h, setText } from "../dom.js";
import { muteChoices } from "../row-choices.js";
import { errorText, text } from "../strings.js";
import { recentTime } from "../times.js";

class MuteChoice extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.state = h("p", { class: "quiet" });
    this.button = h("button", { type: "button", class: "link", on: { click: () => this.#pressed() } });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.menu = h("choice-menu");
    this.replaceChildren(h("h3", {}, text("notify.title")), this.state, this.button, this.failure, this.menu);
  }

  update(conversation) {
    this.conversation = conversation;
    setText(this.state, heardText(conversation));
    setText(this.button, text(conversation.muted ? "row.unmute" : "row.mute"));
    if (conversation.muted) this.button.removeAttribute("aria-haspopup");
    else this.button.setAttribute("aria-haspopup", "menu");
  }

  #pressed() {
    const { chat, conversation } = this;
    if (conversation.muted) this.#try(() => chat.unmute(conversation.id));
    else this.menu.open(text("row.mute_for"), muteChoices(chat, conversation).map((one) => ({ ...one, act: () => this.#try(one.act) })), this.button);
  }

  async #try(act) {
    setText(this.failure, "");
    try {
      await act();
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }
}

/** What of it is heard, and until when. */
function heardText({ muted, muted_until: until, mutes_mentions: isSilent }) {
  if (!muted) return text("mute.all");
  if (isSilent) return text("mute.none");
  return until ? text("mute.until", { time: recentTime(until, new Date()) }) : text("mute.mentions");
}

customElements.define("mute-choice", MuteChoice);
