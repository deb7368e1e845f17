// The list of conversations, with open invitations and requests kept apart above them.

import { csrfToken } from "../api.js";
import { h, reconcile, setAttribute, setText, showAvatar } from "../dom.js";
import { icon, signAvatar } from "../icons.js";
import { forget } from "../kept.js";
import { pullChoice, rowChoices } from "../row-choices.js";
import { text } from "../strings.js";
import { completeTime, shortTime } from "../times.js";
import { deliveryText, lastLine, titleOf } from "../titles.js";
import { pointRect, whenReleased } from "../popover.js";
import { canPost, deliveryOf, FILTERS, inviterOf, listedConversations, nameOf, openInvitations, pictureOf } from "../views.js";

// The node counts no further than to one more.
const COUNTED = 99;
// Rows that are drawn at first, and that come when one has scrolled to within so many pixels of the last.
const ROWS = 100;
const NEAR_END_PX = 1_000;
// Who runs or moderates the node; others are not shown the way to what they may not see.
const STAFF = new Set(["owner", "admin", "moderator"]);
const UNSETTLED = new Map([["waiting", "clock"], ["refused", "barred"], ["failed", "alert"]]);

class ConversationList extends HTMLElement {
  #filter = "all";
  #rowsMax = ROWS;
  #order = [];
  // Where the open request stands among those that wait, also once it is answered.
  #waitingPlace = 0;

  connectedCallback() {
    if (this.rows) return;
    this.account = h("p", { class: "account" });
    this.people = peopleLink();
    this.admin = adminLink();
    this.invited = section("list.invitations");
    this.requested = section("list.requests");
    this.rows = h("ul", { class: "rows" });
    this.empty = h("div", { class: "empty", hidden: true }, h("p", {}, text("list.empty")), this.#beginButton());
    this.nothing = h("p", { class: "empty", hidden: true });
    this.filters = h("div", { class: "filters", role: "group", "aria-label": text("filter.label"), hidden: true },
      FILTERS.map((name) => this.#filterButton(name)));
    this.menu = h("choice-menu");
    this.ask = h("ask-dialog");
    this.rows.addEventListener("contextmenu", (event) => this.#contextMenu(event));
    this.rows.addEventListener("click", (event) => this.#moreClicked(event));
    import("../pulled-rows.js").then(({ watchHeldRows, watchPulledRows }) => {
      watchPulledRows(this.rows, (row, isOn) => this.#pulled(row, isOn));
      watchHeldRows(this.rows, (row) => this.#openMenu(row, row.getBoundingClientRect(), row.querySelector("a")));
    });
    this.rows.addEventListener("pointerleave", () => this.#again());
    this.replaceChildren(
      h("header", { class: "bar" },
        h("h2", { tabindex: "-1" }, text("app.title")),
        this.#searchButton(), this.people, this.#newButton()),
      this.filters,
      h("div", { class: "scroll", on: { scroll: (event) => this.#scrolled(event.target) } }, this.invited.element, this.requested.element, this.rows, this.nothing, this.empty),
      this.menu, this.ask,
      h("footer", { class: "bar account-bar" }, this.account, bell(), this.admin, settingsLink(), signOutForm()));
  }

  #newButton() {
    return h("button", { type: "button", class: "round accent", title: text("list.new"), on: { click: () => this.#ask() } },
      icon("plus"), h("span", { class: "visually-hidden" }, text("list.new")));
  }

  #searchButton() {
    const ask = () => this.dispatchEvent(new CustomEvent("search", { bubbles: true }));
    return h("button", { type: "button", class: "round", title: text("find.open"), "aria-keyshortcuts": "Control+K Meta+K", on: { click: ask } },
      icon("search"), h("span", { class: "visually-hidden" }, text("find.open")));
  }

  #filterButton(name) {
    return h("button", { type: "button", data: { filter: name }, "aria-pressed": String(name === this.#filter), on: { click: () => this.#choose(name) } },
      text(`filter.${name}`));
  }

  #choose(name) {
    this.#filter = name;
    this.#rowsMax = ROWS;
    this.#order = [];
    for (const button of this.filters.children) setAttribute(button, "aria-pressed", String(button.dataset.filter === name));
    this.#again();
  }

  #again() {
    if (this.shown) this.update(...this.shown, { mayMove: true });
  }

  #scrolled({ scrollHeight, scrollTop, clientHeight }) {
    if (this.#order.length <= this.#rowsMax || scrollHeight - scrollTop - clientHeight > NEAR_END_PX) return;
    this.#rowsMax += ROWS;
    this.update(...this.shown);
  }

  #contextMenu(event) {
    const row = event.target.closest("li");
    if (!row) return;
    event.preventDefault();
    const link = row.querySelector("a");
    const isByKey = event.clientX === 0 && event.clientY === 0;
    whenReleased(event, () => this.#openMenu(row, isByKey ? link.getBoundingClientRect() : pointRect(event.clientX, event.clientY), link));
  }

  #moreClicked(event) {
    const button = event.target.closest("button.more");
    if (button) this.#openMenu(button.closest("li"), button.getBoundingClientRect(), button);
  }

  #openMenu(row, beside, opener) {
    const conversation = this.shown?.[0].conversations[row.dataset.key];
    if (!conversation) return;
    const offer = (label, choices) => this.menu.open(label, choices.map((one) => this.#guarded(one)), opener, beside);
    offer(text("row.label"), rowChoices(this.chat, conversation, { offer, askOut: () => this.#askOut(conversation) }));
  }

  /** What the row does, told before it is done; null for a row that is gone. */
  #pulled(row, isOn) {
    const conversation = this.shown?.[0].conversations[row.dataset.key];
    return conversation ? this.#guarded(pullChoice(this.chat, conversation, isOn)) : null;
  }

  async #askOut(conversation) {
    const [{ askOut }] = await Promise.all([import("../leaving.js"), import("./ask-dialog.js")]);
    const isShown = this.shown[1] === conversation.id;
    const done = () => isShown && this.dispatchEvent(new CustomEvent("close-conversation", { bubbles: true }));
    askOut(this.ask, this.chat, conversation, done);
  }

  /** A choice that says so when it could not be carried out. */
  #guarded(choice) {
    const act = async () => {
      try {
        await choice.act();
      } catch (error) {
        this.dispatchEvent(new CustomEvent("went-wrong", { bubbles: true, detail: error }));
      }
    };
    return { ...choice, act };
  }

  /** Focus the row of a conversation that was open; once a request is answered, the next one, or else what there is. */
  focusAfter(id) {
    const links = [...this.querySelectorAll(".row")];
    const waiting = links.filter((link) => link.closest(".waiting"));
    const own = links.find((link) => link.parentElement.dataset.key === id);
    (own ?? waiting[this.#waitingPlace] ?? waiting.at(-1) ?? links[0] ?? this.querySelector("h2")).focus();
  }

  #beginButton() {
    return h("button", { type: "button", class: "primary", on: { click: () => this.#ask() } }, text("list.begin"));
  }

  #ask() {
    this.dispatchEvent(new CustomEvent("new-conversation", { bubbles: true }));
  }

  update(state, currentId, { mayMove = !this.rows.matches(":hover") } = {}) {
    this.shown = [state, currentId];
    const { me } = state;
    const now = new Date();
    const { invited, requested } = openInvitations(state);
    const place = [...invited, ...requested].findIndex((item) => item.id === currentId);
    if (place >= 0) this.#waitingPlace = place;
    const waiting = me?.follow_requests ?? 0;
    setText(this.people.lastElementChild, waiting ? String(waiting) : "");
    setText(this.people.querySelector(".visually-hidden"), waiting ? text("people.title_waiting", { n: waiting }) : text("people.title"));
    setAttribute(this.people, "aria-current", currentId === "people" ? "page" : null);
    const listed = this.#placed(listedConversations(state, this.#filter), mayMove);
    this.admin.hidden = !STAFF.has(me?.role);
    if (me) {
      setText(this.account, me.acct);
      setAttribute(this.account, "aria-label", text("app.signed_in_as", { acct: me.acct }));
    }
    for (const [part, items, describe] of [[this.invited, invited, invitedRow], [this.requested, requested, requestRow]]) {
      part.element.hidden = !items.length;
      setText(part.count, String(items.length));
      fill(part.rows, items.map((item) => describe(item, me)), currentId);
    }
    const current = listed.findIndex((item) => item.id === currentId);
    const drawn = listed.slice(0, Math.max(this.#rowsMax, current + 1));
    fill(this.rows, drawn.map((item) => rowOf(item, me, now, item.id === currentId, aliveIn(state, item.id))), currentId);
    const hasAny = Object.keys(state.conversations).length > 0;
    const hasListed = hasAny && (listed.length > 0 || this.#filter !== "all" || listedConversations(state, "archived").length > 0);
    this.filters.hidden = !hasListed;
    this.nothing.hidden = !hasListed || listed.length > 0 || (this.#filter === "requests" && requested.length > 0);
    setText(this.nothing, text(`filter.none_${this.#filter}`));
    this.empty.hidden = !state.isLoaded || hasListed || invited.length + requested.length > 0;
  }

  /** No row moves while a pointer is over them; what is new stands at the end until then. */
  #placed(listed, mayMove) {
    if (!mayMove) {
      const places = new Map(this.#order.map((id, place) => [id, place]));
      listed.sort((a, b) => (places.get(a.id) ?? Infinity) - (places.get(b.id) ?? Infinity) || 0);
    }
    this.#order = listed.map((conversation) => conversation.id);
    return listed;
  }
}

function section(key) {
  const rows = h("ul", { class: "rows" });
  const count = h("span", { class: "count quiet" });
  return { rows, count, element: h("section", { class: "waiting", hidden: true }, h("h3", {}, text(key), " ", count), rows) };
}

function peopleLink() {
  return h("a", { class: "button round", href: "/chat/people", title: text("people.title") },
    icon("people"), h("span", { class: "visually-hidden" }, text("people.title")), h("span", { class: "badge", "aria-hidden": "true" }));
}

/** What stands behind it is fetched when it is wanted. */
function bell() {
  const settings = h("notification-settings");
  const open = () => import("./notification-settings.js").then(() => settings.open());
  return [
    h("button", { type: "button", class: "round", title: text("notify.title"), on: { click: open } },
      icon("bell"), h("span", { class: "visually-hidden" }, text("notify.title"))),
    settings,
  ];
}

function adminLink() {
  return h("a", { class: "button round", href: "/admin", title: text("app.admin"), hidden: true },
    icon("admin"), h("span", { class: "visually-hidden" }, text("app.admin")));
}

function settingsLink() {
  return h("a", { class: "button round", href: "/settings", title: text("app.settings") },
    icon("settings"), h("span", { class: "visually-hidden" }, text("app.settings")));
}

function signOutForm() {
  return h("form", { method: "post", action: "/sign-out", on: { submit: forget } },
    h("input", { type: "hidden", name: "csrf", value: csrfToken() }),
    h("button", { type: "submit", class: "round", title: text("app.sign_out") },
      icon("signOut"), h("span", { class: "visually-hidden" }, text("app.sign_out"))));
}

function fill(rows, items, currentId) {
  reconcile(rows, items, {
    keyOf: (row) => row.id,
    make: makeRow,
    update: (element, row) => showRow(element, row, row.id === currentId),
  });
}

/** How many of the others are there now; of where one is no more nobody knows. */
function aliveIn(state, id) {
  return canPost(state.conversations[id]) ? Object.keys(state.alive[id] ?? {}).length : 0;
}

const keptRows = new WeakMap();

/** What a row says, worked out anew only if something of it has changed: there may be a thousand. */
function rowOf(conversation, me, now, isCurrent, alive) {
  const day = now.toDateString();
  const kept = keptRows.get(conversation);
  if (kept && kept.me === me && kept.day === day && kept.isCurrent === isCurrent && kept.alive === alive) return kept.row;
  const row = { ...conversationRow(conversation, me, now, isCurrent), alive };
  keptRows.set(conversation, { me, day, isCurrent, alive, row });
  return row;
}

function makeRow(row) {
  return h("li", {},
    h("a", { class: "row", href: `/chat/${encodeURIComponent(row.id)}` },
      h("span", { class: "picture" }),
      h("span", { class: "words" },
        h("span", { class: "line" }, h("bdi", { class: "title" }), h("time", {})),
        h("span", { class: "line" },
          h("span", { class: "sign" }), h("bdi", { class: "last" }), h("span", { class: "marks" }), h("span", { class: "count" })))),
    row.hasMenu
      ? h("button", { type: "button", class: "more", "aria-haspopup": "menu", title: text("row.more") },
          icon("more"), h("span", { class: "visually-hidden" }))
      : null);
}

function showRow(element, row, isCurrent) {
  if (element.row === row) return;
  element.row = row;
  const link = element.firstElementChild;
  const part = (selector) => link.querySelector(selector);
  setAttribute(link, "aria-current", isCurrent ? "page" : null);
  link.classList.toggle("is-over", Boolean(row.isOver));
  if (row.seed) showAvatar(part(".picture"), row.title, row.seed, row.picture);
  else if (!part(".picture").firstChild) part(".picture").append(signAvatar(row.standIn));
  setText(part(".title"), row.title);
  if (row.hasMenu) setText(element.lastElementChild.lastElementChild, text("row.more_for", { title: row.title }));
  setText(part(".last"), row.last);
  setText(part("time"), row.time ?? "");
  setAttribute(part("time"), "datetime", row.at);
  setAttribute(part("time"), "title", row.at ? completeTime(row.at) : null);
  showCount(part(".count"), row);
  link.classList.toggle("is-quiet", Boolean(row.isMuted));
  link.classList.toggle("is-alive", row.alive > 0);
  part(".marks").replaceChildren(...(row.marks ?? []).map(([name, key]) =>
    h("span", { class: "mark" }, icon(name), h("span", { class: "visually-hidden" }, text(key)))),
    ...(row.alive ? [h("span", { class: "visually-hidden" }, text("list.active", { n: row.alive }))] : []));
  showSign(part(".sign"), row.sign);
}

function showCount(element, { unread, isMarked }) {
  setText(element, unread > COUNTED ? `${COUNTED}+` : String(unread || ""));
  element.classList.toggle("is-dot", Boolean(isMarked && !unread));
  const words = unread ? text("list.unread", { n: unread }) : text("list.marked");
  setAttribute(element, "aria-label", unread || isMarked ? words : null);
  setAttribute(element, "role", unread || isMarked ? "img" : null);
}

function showSign(element, sign) {
  const name = sign?.icon ?? "";
  const shown = `${name} ${sign?.words}`;
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  element.replaceChildren(...(sign ? [icon(name), h("span", { class: "visually-hidden" }, sign.words)] : []));
}

function conversationRow(conversation, me, now, isCurrent) {
  const message = conversation.last_message;
  return {
    id: conversation.id,
    hasMenu: true,
    isMarked: conversation.marked_unread,
    isMuted: conversation.muted,
    marks: [conversation.muted && ["bellOff", "list.muted"], conversation.pinned && ["pin", "list.pinned"]].filter(Boolean),
    seed: seedOf(conversation),
    picture: pictureOf(conversation, me),
    title: titleOf(conversation, me),
    last: (!isCurrent && draftLine(conversation)) || lastLine(conversation, me),
    at: message?.published,
    time: message && shortTime(message.published, now),
    unread: conversation.unread,
    sign: message?.author.uri === me?.uri ? signOf(message) : null,
    isOver: !["joined", "joining"].includes(conversation.state),
  };
}

/** What was begun there, in words or at least in their number; "" for nothing. */
function draftLine({ draft }) {
  const words = draft?.text.trim();
  if (words) return text("list.draft", { text: words });
  return draft?.media.length ? text("list.draft_files", { n: draft.media.length }) : "";
}

/** What colours the picture: the same on every node. */
function seedOf(conversation) {
  return conversation.uri ?? conversation.id;
}

function signOf(message) {
  if (!message) return null;
  const delivery = deliveryOf(message);
  const name = UNSETTLED.get(delivery.state);
  return name ? { icon: name, words: deliveryText(delivery) } : null;
}

function invitedRow(conversation, me) {
  const inviter = inviterOf(conversation, me);
  const last = text("list.invited_by", { name: inviter ? nameOf(inviter) : text("invitation.unknown") });
  return { id: conversation.id, seed: seedOf(conversation), title: titleOf(conversation, me), last };
}

/** A stranger's words, its title among them, stay away until they are asked for. */
function requestRow(conversation, me) {
  const inviter = inviterOf(conversation, me);
  const last = text("list.request_from", { acct: inviter?.acct ?? text("invitation.unknown") });
  const isDirect = conversation.kind === "direct";
  const title = text(isDirect ? "list.request_title" : "list.request_title_group");
  return { id: conversation.id, standIn: isDirect ? "person" : "people", title, last };
}

customElements.define("conversation-list", ConversationList);
