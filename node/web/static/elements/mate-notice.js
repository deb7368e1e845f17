// What heads the first messages of somebody with whom one shares a group and nothing else, and the ways out.

import { api } from "../api.js";
import { h, setText } from "../dom.js";
import { errorText, text } from "../strings.js";
import { joinNames } from "../times.js";

class MateNotice extends HTMLElement {
  async connectedCallback() {
    if (this.failure) return;
    this.failure = h("p", { class: "failure", role: "alert" });
    const person = await api.person(this.acct).catch(() => null);
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
