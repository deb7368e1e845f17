// The messages of one conversation: anchored at the end, kept in place while others come, with a pill for newer ones.

import { actionsOn } from "../actions.js";
import { h, reconcile, setText } from "../dom.js";
import { icon } from "../icons.js";
import { lettersAct } from "../keys.js";
import { pointRect, whenReleased } from "../popover.js";
import { changeText, gapText } from "../room-words.js";
import { text } from "../strings.js";
import { watchTouch } from "../touch.js";
import { timeline } from "../timeline.js";
import { dayName } from "../times.js";
import { historyOf } from "../state.js";

const NEAR_END_PX = 60;
const NEAR_BEGIN_PX = 600;
const LINES = {
  day: ({ at }, now) => dayName(at, now),
  unread: () => text("room.unread_line"),
  change: ({ change }) => changeText(change),
  gap: ({ gap }) => gapText(gap),
};
const ACTS = { r: "reply", e: "react", Delete: "delete" };
const STEPS = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 };

class MessageList extends HTMLElement {
  #isAtEnd = true;
  #newestSeen = null;
  #newCount = 0;
  #target = "";
  #targetBlock = "center";
  #isPlaced = false;
  // Messages that have come late and are not drawn yet; the ids of those that stand above what is in view.
  #late = [];
  #above = [];

  connectedCallback() {
    if (this.items) return;
    this.begin = h("p", { class: "begin" });
    this.items = h("div", { class: "items" });
    this.tools = h("message-tools");
    this.scroller = h("div", { class: "scroll", role: "feed", tabindex: "0", "aria-label": text("room.messages") },
      this.begin, this.items);
    this.pillText = h("span");
    this.pill = h("button", { type: "button", class: "pill", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"), this.pillText);
    this.abovePill = h("button", { type: "button", class: "pill above", hidden: true, on: { click: () => this.jumpTo(this.#above[0]) } });
    this.replaceChildren(this.scroller, this.abovePill, this.pill);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    this.scroller.addEventListener("contextmenu", (event) => this.#contextMenu(event));
    watchTouch(this.items, { onHold: (target, x, y) => this.#openMenu(target, pointRect(x, y)), onDraw: (target) => this.#answer(target) });
    this.scroller.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.#showTools(event.target));
    this.scroller.addEventListener("focusin", (event) => this.#focused(event.target));
    // For the pointer alone: a list of messages has no buttons between them, and the room and its details have one.
    this.scroller.addEventListener("click", (event) => this.#askDate(event.target.closest(".day > span")?.parentElement));
    this.scroller.addEventListener("jump-to", (event) => this.jumpTo(event.detail));
    this.onVisible = () => this.#readIfSeen();
    document.addEventListener("visibilitychange", this.onVisible);
    this.resizes = new ResizeObserver(() => this.#isAtEnd && this.#jumpToEnd());
    this.resizes.observe(this.scroller);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisible);
    this.resizes?.disconnect();
  }

  /** A message has come late and may stand above what is in view. */
  arrived(message) {
    if (message.notices?.some(({ kind }) => kind === "late")) this.#late.push(message);
  }

  /** Where they stand is seen once they are drawn; what is before all that is held is above it. */
  #placeLate() {
    if (!this.#late.length) return;
    const { messages } = historyOf(this.state, this.conversationId);
    const isAbove = ({ id, published }) => this.itemOf(id) || published < (messages[0]?.published ?? "");
    this.#above.push(...this.#late.filter(isAbove).map(({ id }) => id));
    this.#late = [];
    this.#showAbove();
  }

  #showAbove() {
    const top = this.scroller.getBoundingClientRect().top;
    this.#above = this.#above.filter((id) => (this.itemOf(id)?.getBoundingClientRect().bottom ?? 0) < top);
    this.abovePill.hidden = !this.#above.length;
    if (this.#above.length) setText(this.abovePill, text("room.arrived_above", { n: this.#above.length }));
  }

  focus(options) {
    this.scroller.focus(options);
  }

  /** Go to the newest message, which is fetched where what is shown ends before it. */
  async toEnd() {
    if (historyOf(this.state, this.conversationId).hasNewer) await this.chat.reading.loadNewest(this.conversationId);
    this.#isAtEnd = true;
    this.#jumpToEnd();
    this.#readIfSeen();
    this.#showPill();
  }

  /** Go to a message wherever it stands, and give it the focus; `block` is where it comes to stand. */
  async jumpTo(id, block = "center") {
    this.#target = id;
    this.#targetBlock = block;
    if (!(await this.chat.reading.loadAround(this.conversationId, id))) this.#target = "";
    else this.#goToTarget();
  }

  /** Go to a message that a day begins with, below the line that names the day; with "" to the newest. */
  async openFrom(id) {
    if (id) return this.jumpTo(id, "start");
    await this.toEnd();
    this.items.querySelector(":scope > message-item:last-of-type")?.focus({ preventScroll: true });
  }

  /** When what stands first in view was said; undefined where there is nothing. */
  momentInView() {
    return this.#placeInView()?.element.at;
  }

  #askDate(line) {
    if (line) this.dispatchEvent(new CustomEvent("ask-date", { bubbles: true, detail: line.at }));
  }

  /** The element of a message, if it is in the list. */
  itemOf(id) {
    return [...this.items.children].find((item) => item.dataset.key === id);
  }

  update(state, conversation) {
    this.state = state;
    this.conversation = conversation;
    const history = historyOf(state, conversation.id);
    const shown = timeline(state, conversation.id);
    const place = this.#isAtEnd ? null : this.#placeInView();
    this.#countNew(shown);
    this.#showBegin(history, conversation);
    this.#showItems(shown, { conversation, me: state.me });
    const isOpened = conversation.id in state.firstUnread && history.messages.length > 0;
    if (isOpened && !this.#isPlaced) this.#placeFirst(shown);
    for (const item of shown) if (item.quote && item.quote.message === undefined) this.chat.reading.learnQuoted(item.quote.id);
    this.scroller.setAttribute("aria-busy", String(history.isLoading));
    if (this.#isAtEnd && !history.hasNewer) this.#jumpToEnd();
    else if (place) this.#keepPlace(place);
    this.#goToTarget();
    this.#placeLate();
    this.#readIfSeen();
    this.#showPill();
    requestAnimationFrame(() => this.#loadIfShort());
  }

  /** A room opens at its first unread message, where that is out of sight from the end. */
  #placeFirst(shown) {
    this.#isPlaced = true;
    const line = this.items.querySelector(":scope > .unread");
    if (!line) return;
    const unreadPx = this.items.getBoundingClientRect().bottom - line.getBoundingClientRect().top;
    if (unreadPx < this.scroller.clientHeight) return;
    this.#isAtEnd = false;
    line.scrollIntoView({ block: "start" });
    this.#newestSeen = line.dataset.key;
    this.#countNew(shown);
  }

  #showItems(shown, around) {
    const now = new Date();
    reconcile(this.items, shown, {
      keyOf: (item) => item.key,
      make: (item) => (item.kind in LINES ? makeLine(item.kind) : Object.assign(h("message-item"), { chat: this.chat })),
      update: (element, item) => {
        element.at = item.at;
        if (item.kind in LINES) setText(element.firstElementChild, LINES[item.kind](item, now));
        else element.update(item, around);
      },
    });
    if (this.tools.isConnected && this.tools.item.message) this.tools.show(this.tools.item, this.#actionsOn(this.tools.item));
  }

  #showBegin(history, conversation) {
    const waiting = conversation.members.filter((member) => member.state === "invited").length;
    if (!history.isComplete) setText(this.begin, history.isLoading ? text("room.loading_older") : "");
    else if (history.messages.length) setText(this.begin, text("room.begins"));
    else setText(this.begin, waiting ? text("room.nobody_yet", { n: waiting }) : text("room.only_invited"));
  }

  /** The first message in view and where it stands, so that it can stay there whatever comes and goes. */
  #placeInView() {
    const top = this.scroller.getBoundingClientRect().top;
    const element = [...this.items.children].find((item) => item.getBoundingClientRect().bottom > top);
    return element && { element, top: element.getBoundingClientRect().top };
  }

  #keepPlace({ element, top }) {
    if (element.isConnected) this.scroller.scrollTop += element.getBoundingClientRect().top - top;
  }

  #goToTarget() {
    const item = this.#target && this.itemOf(this.#target);
    if (!item) return;
    this.#target = "";
    this.#isAtEnd = false;
    const line = item.previousElementSibling;
    const isUnderDay = this.#targetBlock === "start" && line?.classList.contains("day");
    (isUnderDay ? line : item).scrollIntoView({ block: this.#targetBlock });
    item.focus({ preventScroll: true });
    item.classList.remove("is-found");
    requestAnimationFrame(() => item.classList.add("is-found"));
  }

  /** What came after the last message in view, unless it is one's own. */
  #countNew(shown) {
    const keys = shown.map((item) => item.key);
    if (this.#isAtEnd || this.#newestSeen === null) this.#newestSeen = keys.at(-1) ?? null;
    const seen = keys.indexOf(this.#newestSeen);
    const newer = seen < 0 ? [] : shown.slice(seen + 1);
    this.#newCount = newer.filter((item) => item.kind === "message" && !item.isOwn).length;
  }

  #showPill() {
    this.pill.hidden = this.#isAtEnd;
    const n = historyOf(this.state, this.conversationId).hasNewer ? this.conversation.unread : this.#newCount;
    setText(this.pillText, n ? text("room.new", { n }) : text("room.to_newest"));
  }

  #jumpToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    if (!this.state) return;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const { hasNewer } = historyOf(this.state, this.conversationId);
    this.#isAtEnd = !hasNewer && scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#isAtEnd) {
      this.#newestSeen = this.items.lastElementChild?.dataset.key ?? null;
      this.#newCount = 0;
    }
    if (this.#above.length) this.#showAbove();
    this.#readIfSeen();
    this.#showPill();
    this.#loadIfShort();
  }

  #loadIfShort() {
    if (!this.isConnected) return;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollTop < NEAR_BEGIN_PX) this.chat.reading.loadOlder(this.conversationId);
    else if (scrollHeight - scrollTop - clientHeight < NEAR_BEGIN_PX) this.chat.reading.loadNewer(this.conversationId);
  }

  #readIfSeen() {
    if (this.#isPlaced && this.#isAtEnd && document.visibilityState === "visible") this.chat.markRead(this.conversationId);
  }

  #actionsOn(item) {
    return item?.message ? actionsOn(item.message, this.conversation, this.state.me) : [];
  }

  #showTools(target) {
    const item = target.closest("message-item");
    if (!item?.message || this.tools.item === item || this.tools.contains(document.activeElement)) return;
    this.tools.show(item, this.#actionsOn(item));
  }

  /** What is in a message can be reached by Tab while the focus is on it, and not in the hundreds of others. */
  #focused(target) {
    const item = target.closest("message-item");
    if (item !== this.current) {
      for (const button of this.current?.querySelectorAll("[tabindex='0']") ?? []) button.tabIndex = -1;
      this.current = item;
    }
    for (const button of item?.querySelectorAll("[tabindex='-1']") ?? []) button.tabIndex = 0;
    this.#showTools(target);
  }

  #contextMenu(event) {
    const isByKey = event.button < 0 || (!event.clientX && !event.clientY);
    if (!this.#hasMenu(event.target)) return;
    event.preventDefault();
    whenReleased(event, () => this.#openMenu(event.target, isByKey ? null : pointRect(event.clientX, event.clientY)));
  }

  /** Whether there is a menu: what can be opened or is selected has the browser's own. */
  #hasMenu(target) {
    const item = target.closest("message-item");
    return Boolean(item?.message && !target.closest("a") && getSelection().isCollapsed && this.#actionsOn(item).length);
  }

  #openMenu(target, beside) {
    if (!this.#hasMenu(target)) return;
    const item = target.closest("message-item");
    this.#act("menu", item, beside ?? item.bubble.getBoundingClientRect());
  }

  #answer(target) {
    const item = target.closest("message-item");
    if (this.#actionsOn(item).includes("reply")) this.#act("reply", item);
  }

  #act(act, item, beside = item.bubble.getBoundingClientRect()) {
    this.dispatchEvent(new CustomEvent("message-act", { bubbles: true, detail: { act, message: item.message, beside } }));
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea")) return;
    if (event.key.length === 1 && !lettersAct()) return;
    const item = event.target.closest("message-item");
    if (item && this.#actByKey(event, item)) return;
    const step = STEPS[event.key];
    const all = [...this.items.querySelectorAll("message-item")];
    const here = all.indexOf(item);
    const there = { Home: all[0], End: all.at(-1) }[event.key] ?? (step && (here < 0 ? all.at(-1) : all[here + step]));
    if (!there) return;
    event.preventDefault();
    there.focus();
  }

  #actByKey(event, item) {
    const actions = this.#actionsOn(item);
    const isMenu = event.key === "Enter" && event.target === item;
    let act = isMenu ? "menu" : ACTS[event.key];
    if (act === "delete" && actions.includes("remove")) act = "remove";
    if (!act || !(isMenu ? actions.length : actions.includes(act))) return false;
    event.preventDefault();
    this.#act(act, item);
    return true;
  }
}

function makeLine(kind) {
  return h("div", { class: `line ${kind}` }, h("span", { dir: "auto" }));
}

customElements.define("message-list", MessageList);
