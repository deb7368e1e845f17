// What heads a conversation with one person that has just begun: how they take what one writes before anything is
// said; and of somebody with whom one shares a group and nothing else, that it is so, and the ways out.

import { api } from "../api.js";
import { h, setText } from "../dom.js";
import { fitText } from "../people.js";
import { errorText, text } from "../strings.js";
import { joinNames } from "../times.js";

class MateNotice extends HTMLElement {
  async connectedCallback() {
    if (this.failure) return;
    this.failure = h("p", { class: "failure", role: "alert" });
    const person = await api.person(this.acct).catch(() => null);
    if (this.isUnsaid) {
      this.#tellDoor(person);
      return;
    }
    const groups = person?.shared.filter((one) => one.kind === "group") ?? [];
    if (!groups.length || person.following) return;
    const names = joinNames(groups.map(({ title }) => title ?? text("title.untitled")));
    const button = (key, kind, act) => h("button", { type: "button", class: kind, on: { click: () => this.#end(act) } }, text(key));
    this.setAttribute("role", "note");
    this.replaceChildren(
      h("p", { dir: "auto" }, text("request.groups", { n: groups.length, names })),
      h("p", { class: "buttons" },
        button("invitation.decline", "plain", () => api.refuse(this.conversationId)),
        button("request.block", "link danger", () => api.block(this.acct))),
      this.failure);
  }

  #tellDoor(person) {
    const words = person && fitText(person);
    if (!words) return;
    this.setAttribute("role", "note");
    this.replaceChildren(h("p", { dir: "auto" }, words));
  }

  /** Nobody is told, and the conversation is gone from the list. */
  async #end(act) {
    try {
      await act();
      const holder = this.closest("main");
      await this.chat.listAnew();
      holder.dispatchEvent(new CustomEvent("close-conversation", { bubbles: true }));
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }
}

customElements.define("mate-notice", MateNotice);
