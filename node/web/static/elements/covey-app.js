// The frame: list, room and details by width, one address per view, and the region that speaks new messages.

import { Chat } from "../chat.js";
import { h, setText } from "../dom.js";
import { whenAsked } from "../installed.js";
import { goBy, Layers } from "../layers.js";
import { isSheet } from "../popover.js";
import { backLink } from "./back-link.js";
import { profilePath } from "../people.js";
import { errorText, text } from "../strings.js";
import { bodyLine, protectionText } from "../titles.js";
import { listedConversations, nameOf, totalUnread } from "../views.js";

const REGIONS = ["nav", "main", "aside"];
// No conversations' ids: the addresses of people, and of what begins.
const PEOPLE = "people";
const NEW = "new";
const LIST = "/chat";
// What the list can be without: it is fetched when it is wanted, or once the list is there.
const LATER = new Set(["conversation-room", "invitation-card", "message-request"]);
const WANTED_SOON = ["conversation-room", "conversation-details", "find-dialog", "new-conversation"];

class CoveyApp extends HTMLElement {
  #chat = new Chat();
  #id = null;
  #acct = "";
  #shown = null;
  #isFocusAwaited = false;
  // On a wide screen the details lie beside the room.
  #layers = new Layers({
    details: { open: () => this.#setDetails(true), close: () => this.#setDetails(false) },
    find: { open: (where) => this.#showFind(where), close: () => this.find.dialog?.close() },
    viewer: { open: (picture) => this.#showPicture(picture), close: () => this.viewer.dialog?.close() },
    // What asks is over once it was left: nothing opens it anew.
    asking: { open: () => {}, close: () => this.#closeAsking() },
  });
  #asking = null;

  connectedCallback() {
    this.#build();
    this.#chat.listen(() => this.#render());
    this.#chat.addEventListener("arrived", (event) => this.#speak(event.detail));
    this.addEventListener("click", (event) => this.#follow(event));
    this.addEventListener("open-conversation", (event) => this.go(`/chat/${encodeURIComponent(event.detail)}`));
    this.addEventListener("close-conversation", () => this.#toList());
    this.addEventListener("show-person", (event) => this.go(profilePath(event.detail)));
    this.addEventListener("new-conversation", (event) => this.go(newPath(event.detail)));
    this.addEventListener("show-keys", () => this.#openKeys());
    // A field of the browser's for searches sends an event of this name too, without a detail.
    this.addEventListener("search", ({ detail }) => detail !== undefined && this.#openOver("find", detail ?? {}));
    this.addEventListener("open-picture", (event) => this.#openOver("viewer", pictureIn(event.detail)));
    this.addEventListener("asks", (event) => this.#laidOver(event.target));
    this.addEventListener("toggle", (event) => this.#toggled(event), true);
    this.addEventListener("close", (event) => this.#closed(event.target), true);
    this.addEventListener("open-message", (event) => this.#openMessage(event.detail));
    this.addEventListener("ask-date", (event) => this.#askDate(event.detail));
    this.addEventListener("forward", (event) => this.#openOver("find", { forward: event.detail }));
    this.addEventListener("went-wrong", (event) => setText(this.failure, errorText(event.detail)));
    this.addEventListener("toggle-details", () => this.#toggleDetails());
    this.addEventListener("left-conversation", () => this.#showLeft());
    whenAsked((path) => this.go(path));
    addEventListener("popstate", () => {
      this.#route();
      this.#layers.restore();
    });
    addEventListener("keydown", (event) => this.#key(event));
    // They are there before somebody wants them, and after what they want at once.
    addEventListener("load", () => WANTED_SOON.forEach((tag) => import(`./${tag}.js`)), { once: true });
    this.#route();
    this.#layers.restore();
    this.#chat.start();
  }

  /** Show another address of this page. Going back from there does not lead to the search it was found by. */
  async go(path) {
    await this.#layers.close("asking");
    await this.#layers.close("find");
    if (path !== location.pathname + location.search) {
      this.#layers.leave();
      history.pushState({ from: location.pathname }, "", path);
    }
    this.#route();
  }

  /** Back to the list, where somebody has come from there, and on to it otherwise. */
  async #toList() {
    await this.#layers.close("asking");
    if (history.state?.from === LIST && !history.state.over?.length) await goBy(-1);
    else await this.go(LIST);
  }

  #build() {
    const chat = this.#chat;
    this.list = Object.assign(h("conversation-list"), { chat });
    this.details = Object.assign(h("conversation-details"), { chat });
    this.find = Object.assign(h("find-dialog"), { chat });
    this.viewer = h("picture-viewer");
    this.keys = h("keys-dialog");
    this.failure = h("p", { class: "banner", role: "alert", on: { click: () => setText(this.failure, "") } });
    this.nav = h("nav", { "aria-label": text("list.label"), tabindex: "-1" }, this.list);
    this.main = h("main", { tabindex: "-1" });
    this.aside = h("aside", { "aria-label": text("details.label"), tabindex: "-1", hidden: true }, this.details);
    this.banner = h("p", { class: "banner", role: "status" });
    this.protection = h("p", { class: "banner" });
    this.live = h("div", { class: "visually-hidden", "aria-live": "polite" });
    const title = h("h1", { class: "visually-hidden" }, text("app.title"));
    this.replaceChildren(h("header", { class: "banners" }, title, this.protection, this.banner, this.failure), this.nav, this.main, this.aside, this.live, this.find, this.viewer, this.keys);
    this.wantsDetails = isWide();
  }

  #route() {
    const found = /^\/chat\/([^/]+)(?:\/([^/]+))?\/?$/.exec(location.pathname);
    const [id, acct] = [found?.[1] ?? "", found?.[2] ?? ""].map(decodeURIComponent);
    if (id === NEW && id === this.#id) this.#shown.begin?.();
    if (id === this.#id && acct === this.#acct) return;
    const before = this.#id;
    this.#id = id;
    this.#acct = acct;
    this.dataset.pane = id ? "room" : "list";
    // Fetched while the node is asked for what is in it.
    if (id && id !== PEOPLE && id !== NEW) import("./conversation-room.js");
    this.wantsDetails &&= isWide();
    this.#render();
    if (before && !id) this.list.focusAfter(before);
    else this.#focusShown();
  }

  /** Where there is no room beside them the details make way for what they cover. */
  async #uncover() {
    if (!isWide()) await this.#hideDetails();
  }

  async #hideDetails() {
    if (!(await this.#layers.close("details"))) this.#setDetails(false);
  }

  /** Whatever is not there yet is focused once it is. */
  #focusShown() {
    this.#isFocusAwaited = !this.#shown?.focusFirst;
    if (!this.#isFocusAwaited) this.#shown.focusFirst();
    else if (this.#id && this.#shown?.className === "empty" && this.#chat.state.isLoaded) this.main.focus();
  }

  async #bring(tag, shown) {
    await import(`./${tag}.js`);
    this.#render();
    if (this.#isFocusAwaited && this.#shown === shown) this.#focusShown();
  }

  #render() {
    const { state } = this.#chat;
    const conversation = shownConversation(state, this.#id);
    setText(this.banner, state.isConnected ? "" : text("app.connection.lost"));
    setText(this.protection, protectionText(state.me));
    this.list.update(state, this.#id);
    this.#renderMain(state, conversation);
    this.aside.hidden = !(this.wantsDetails && this.#shown?.localName === "conversation-room");
    this.classList.toggle("with-details", !this.aside.hidden);
    if (!this.aside.hidden) this.#showDetails(state, conversation);
    const unread = totalUnread(state);
    document.title = (unread ? `(${unread}) ` : "") + text("app.title");
  }

  async #showDetails(state, conversation) {
    if (!this.details.update) {
      await import("./conversation-details.js");
      this.#render();
    } else this.details.update(state, conversation);
  }

  #renderMain(state, conversation) {
    if (this.#id === PEOPLE || this.#id === NEW) {
      this.#renderPage(state);
      return;
    }
    const tag = conversation ? elementFor(conversation) : "div";
    const key = `${tag} ${this.#id} ${state.isLoaded}`;
    if (this.main.dataset.key !== key) {
      const hadFocus = this.main.contains(document.activeElement);
      this.main.dataset.key = key;
      this.#shown = conversation
        ? Object.assign(h(tag), { chat: this.#chat, conversationId: conversation.id })
        : h("div", { class: "empty" }, this.#id ? backLink() : null, h("p", {}, this.#emptyText(state)));
      this.main.replaceChildren(this.#shown);
      if (LATER.has(tag)) this.#bring(tag, this.#shown);
      if (conversation) this.#shown.update?.(state, conversation);
      if (hadFocus || this.#isFocusAwaited) this.#focusShown();
    } else if (conversation) this.#shown.update?.(state, conversation);
  }

  /** What is no conversation. */
  #renderPage(state) {
    const tag = this.#id === NEW ? "new-conversation" : this.#acct ? "person-profile" : "people-page";
    // It is drawn as soon as it has come.
    import(`./${tag}.js`);
    const key = `${tag} ${this.#acct}`;
    if (!state.isLoaded) return;
    if (this.main.dataset.key === key) {
      this.#shown.update?.(state);
      return;
    }
    this.main.dataset.key = key;
    this.#shown = Object.assign(h(tag), { chat: this.#chat, acct: this.#acct });
    this.main.replaceChildren(this.#shown);
    this.#bring(tag, this.#shown);
  }

  #emptyText(state) {
    if (!state.isLoaded) return text("app.loading");
    return this.#id ? text("app.not_found") : text("app.choose");
  }

  #toggleDetails() {
    if (!this.aside.hidden) this.#hideDetails();
    else if (isWide()) this.#setDetails(true);
    else this.#layers.open("details");
  }

  async #setDetails(isWanted) {
    const hadFocus = this.aside.contains(document.activeElement);
    this.wantsDetails = isWanted;
    if (isWanted) await import("./conversation-details.js");
    this.#render();
    if (isWanted) this.details.querySelector("button")?.focus();
    else if (hadFocus) this.querySelector(".show-details")?.focus();
  }

  /** A search, or the choice of a conversation in which a copy of some words is begun: who has looked at it sends it. */
  async #showFind({ forward, ...where }) {
    await import("./find-dialog.js");
    if (!this.#layers.has("find")) return;
    if (forward === undefined) this.find.open(where);
    else this.find.choose(text("find.forward"), this.#id, (id) => {
      this.#chat.beginWith(id, forward);
      this.go(`/chat/${encodeURIComponent(id)}`);
    });
  }

  async #showPicture(picture) {
    await import("./picture-viewer.js");
    if (this.#layers.has("viewer")) this.viewer.open(picture);
  }

  /** A dialog was closed by what is in it, or by a key. */
  #closed(dialog) {
    // Word of it comes in a task of its own: by then it may have been opened again.
    if (dialog.open) return;
    for (const name of ["find", "viewer"]) if (dialog === this[name].dialog) this.#layers.close(name);
    if (dialog === this.#asking) this.#layers.close("asking");
  }

  /** What has taken the place of another needs no entry of its own. */
  #laidOver(element) {
    this.#asking = element;
    this.#layers.open("asking");
  }

  /** On a phone a menu is a sheet, which one leaves by going back. */
  #toggled({ target, newState }) {
    if (!target.popover) return;
    if (newState === "closed") this.#closed(target);
    else if (isSheet()) this.#laidOver(target);
  }

  #closeAsking() {
    const element = this.#asking;
    this.#asking = null;
    if (!element?.popover) element?.close();
    else if (element.matches(":popover-open")) element.hidePopover();
  }

  /** Open what does not lie over a menu or a question: it takes their place. */
  async #openOver(name, detail) {
    await this.#layers.close("asking");
    await this.#layers.open(name, detail);
  }

  async #openKeys() {
    await this.#layers.close("find");
    await import("./keys-dialog.js");
    this.keys.open();
  }

  async #openMessage({ conversation, message }) {
    await this.go(`/chat/${encodeURIComponent(conversation)}`);
    await this.#uncover();
    await import("./conversation-room.js");
    this.#shown?.jumpTo?.(message);
  }

  /** Ask for a day to go to in the room, at first that of `at`, or of what is in view. */
  async #askDate(at) {
    const room = this.#shown;
    const { askDate } = await import("../go-to-date.js");
    if (!this.ask) this.append((this.ask = h("ask-dialog")));
    askDate(this.ask, at ?? room.momentInView() ?? new Date(), async (moment) => {
      const first = await this.#chat.reading.findSince(room.conversationId, moment);
      // It gives the focus back when it closes, and what covers the room makes way: both before somebody is taken elsewhere.
      this.ask.dialog.close();
      await this.#uncover();
      await room.openFrom(first);
    });
  }

  /** Whoever has left is back in the room, before the words that say so. */
  async #showLeft() {
    await this.#hideDetails();
    this.#shown.focusNotice?.();
  }

  #speak(message) {
    const { me, conversations } = this.#chat.state;
    if (message.conversation !== this.#id || message.author.uri === me?.uri || message.muted) return;
    const line = bodyLine(message, conversations[message.conversation]);
    setText(this.live, text("message.announce", { name: nameOf(message.author), text: line }));
  }

  #follow(event) {
    const link = event.target.closest("a[href^='/chat']");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches(".back")) this.#toList();
    else this.go(link.getAttribute("href"));
  }

  #key(event) {
    // What is open above the page has the keys.
    if (document.querySelector(":modal, :popover-open")) return;
    const isHeld = event.ctrlKey || event.metaKey;
    const isFound = isHeld && event.key.toLowerCase() === "f" && this.#shown?.localName === "conversation-room";
    if (isFound || (isHeld && event.key.toLowerCase() === "k")) {
      event.preventDefault();
      this.#openOver("find", isFound ? { conversation: this.#id } : {});
    } else if (isHeld && event.key === "/") {
      event.preventDefault();
      this.#openKeys();
    } else if (event.key === "F6") this.#nextRegion(event);
    else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) this.#nextConversation(event);
    else if (event.key === "Escape" && this.aside.contains(document.activeElement)) this.#toggleDetails();
  }

  #nextRegion(event) {
    event.preventDefault();
    // On a phone the room is there for readers while the list is shown, and cannot be seen.
    const isSeen = (region) => region.checkVisibility() && region.offsetWidth > 1;
    const regions = REGIONS.map((name) => this.querySelector(`:scope > ${name}`)).filter(isSeen);
    const here = regions.findIndex((region) => region.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    regions.at((here + step) % regions.length)?.focus();
  }

  #nextConversation(event) {
    event.preventDefault();
    const all = listedConversations(this.#chat.state);
    const here = all.findIndex((conversation) => conversation.id === this.#id);
    const step = event.key === "ArrowUp" ? -1 : 1;
    const isWanted = ({ unread, marked_unread: isMarked }) => !event.shiftKey || unread || isMarked;
    let place = here + step;
    while (all[place] && !isWanted(all[place])) place += step;
    const there = all[place];
    if (there) this.go(`/chat/${encodeURIComponent(there.id)}`);
  }
}

/** The conversation of this address, unless its invitation was declined. */
function shownConversation(state, id) {
  const conversation = state.conversations[id];
  return conversation?.state === "refused" ? undefined : conversation;
}

function elementFor(conversation) {
  if (!["invited", "requested"].includes(conversation.state)) return "conversation-room";
  return conversation.kind === "direct" ? "message-request" : "invitation-card";
}

function isWide() {
  return matchMedia("(min-width: 1024px)").matches;
}

/** What is kept of a picture while it is looked at. */
function pictureIn({ url, description, width, height, blurhash }) {
  return { url, description, width, height, blurhash };
}

/** Where something begins with these people. */
function newPath(accts = []) {
  const query = new URLSearchParams((accts ?? []).map((acct) => ["with", acct]));
  return accts?.length ? `/chat/new?${query}` : "/chat/new";
}

customElements.define("covey-app", CoveyApp);
