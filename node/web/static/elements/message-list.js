// The messages of one conversation: anchored at the end, kept in place while older ones come, with a pill for newer.

import { h, reconcile, setText } from "../dom.js";
import { icon } from "../icons.js";
import { text } from "../strings.js";
import { dayName } from "../times.js";
import { historyOf } from "../state.js";
import { timeline } from "../views.js";

const NEAR_END_PX = 60;
const NEAR_BEGIN_PX = 600;

class MessageList extends HTMLElement {
  #isAtEnd = true;
  #newestSeen = null;
  #newCount = 0;

  connectedCallback() {
    if (this.items) return;
    this.begin = h("p", { class: "begin" });
    this.items = h("div", { class: "items" });
    this.scroller = h("div", { class: "scroll", role: "feed", tabindex: "0", "aria-label": text("room.messages") },
      this.begin, this.items);
    this.pillText = h("span");
    this.pill = h("button", { type: "button", class: "pill", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"), this.pillText);
    this.replaceChildren(this.scroller, this.pill);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    this.onVisible = () => this.#readIfSeen();
    document.addEventListener("visibilitychange", this.onVisible);
    this.resizes = new ResizeObserver(() => this.#isAtEnd && this.#jumpToEnd());
    this.resizes.observe(this.scroller);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisible);
    this.resizes?.disconnect();
  }

  focus(options) {
    this.scroller.focus(options);
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#jumpToEnd();
    this.#readIfSeen();
    this.#showPill();
  }

  update(state, conversation) {
    const history = historyOf(state, conversation.id);
    const shown = timeline(state, conversation.id);
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    const oldFirst = this.items.firstElementChild?.nextElementSibling?.dataset.key;
    this.#countNew(shown);
    this.#showBegin(history, conversation);
    this.#showItems(shown, { conversation, me: state.me });
    this.scroller.setAttribute("aria-busy", String(history.isLoading));
    if (this.#isAtEnd) this.#jumpToEnd();
    else if (oldFirst !== this.items.firstElementChild?.nextElementSibling?.dataset.key) {
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    }
    this.#readIfSeen();
    this.#showPill();
    requestAnimationFrame(() => this.#loadIfShort());
  }

  #showItems(shown, around) {
    const now = new Date();
    reconcile(this.items, shown, {
      keyOf: (item) => item.key,
      make: (item) => (item.kind === "day" ? makeDay() : Object.assign(h("message-item"), { chat: this.chat })),
      update: (element, item) => {
        if (item.kind === "day") setText(element.firstElementChild, dayName(item.at, now));
        else element.update(item, around);
      },
    });
  }

  #showBegin(history, conversation) {
    const waiting = conversation.members.filter((member) => member.state === "invited").length;
    if (!history.isComplete) setText(this.begin, history.isLoading ? text("room.loading_older") : "");
    else if (history.messages.length) setText(this.begin, text("room.begins"));
    else setText(this.begin, waiting ? text("room.nobody_yet", { n: waiting }) : text("room.only_invited"));
  }

  /** What came after the last message in view, unless it is one's own. */
  #countNew(shown) {
    const keys = shown.map((item) => item.key);
    if (this.#isAtEnd || this.#newestSeen === null) this.#newestSeen = keys.at(-1) ?? null;
    const newer = shown.slice(keys.indexOf(this.#newestSeen) + 1);
    this.#newCount = newer.filter((item) => item.kind === "message" && !item.isOwn).length;
  }

  #showPill() {
    this.pill.hidden = this.#isAtEnd;
    setText(this.pillText, this.#newCount ? text("room.new", { n: this.#newCount }) : text("room.to_newest"));
  }

  #jumpToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#isAtEnd) {
      this.#newestSeen = this.items.lastElementChild?.dataset.key ?? null;
      this.#newCount = 0;
    }
    this.#readIfSeen();
    this.#showPill();
    this.#loadIfShort();
  }

  #loadIfShort() {
    if (this.isConnected && this.scroller.scrollTop < NEAR_BEGIN_PX) this.chat.loadOlder(this.conversationId);
  }

  #readIfSeen() {
    if (this.#isAtEnd && document.visibilityState === "visible") this.chat.markRead(this.conversationId);
  }

  #key(event) {
    const step = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...this.items.querySelectorAll("message-item")];
    const here = all.findIndex((item) => item.contains(document.activeElement));
    const there = here < 0 ? all.at(-1) : all[here + step];
    if (!there) return;
    event.preventDefault();
    there.focus();
  }
}

function makeDay() {
  return h("div", { class: "day" }, h("span"));
}

customElements.define("message-list", MessageList);
