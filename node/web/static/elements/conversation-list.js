// The list of conversations, with open invitations and requests kept apart above them.

import { csrfToken } from "../api.js";
import { avatar, h, reconcile, setAttribute, setText } from "../dom.js";
import { icon, signAvatar } from "../icons.js";
import { text } from "../strings.js";
import { completeTime, shortTime } from "../times.js";
import { deliveryText, lastLine, titleOf } from "../titles.js";
import { forget } from "../unsent.js";
import { deliveryOf, inviterOf, listedConversations, nameOf, openInvitations } from "../views.js";

// The node counts no further than to one more.
const COUNTED = 99;
const UNSETTLED = new Map([["waiting", "clock"], ["refused", "barred"], ["failed", "alert"]]);

class ConversationList extends HTMLElement {
  connectedCallback() {
    if (this.rows) return;
    this.account = h("p", { class: "account" });
    this.people = peopleLink();
    this.invited = section("list.invitations");
    this.requested = section("list.requests");
    this.rows = h("ul", { class: "rows" });
    this.empty = h("div", { class: "empty", hidden: true }, h("p", {}, text("list.empty")), this.#beginButton());
    this.replaceChildren(
      h("header", { class: "bar" },
        h("h1", {}, text("app.title")),
        this.people, this.#newButton()),
      h("div", { class: "scroll" }, this.invited.element, this.requested.element, this.rows, this.empty),
      h("footer", { class: "bar account-bar" }, this.account, bell(), settingsLink(), signOutForm()));
  }

  #newButton() {
    return h("button", { type: "button", class: "round accent", title: text("list.new"), on: { click: () => this.#ask() } },
      icon("plus"), h("span", { class: "visually-hidden" }, text("list.new")));
  }

  #beginButton() {
    return h("button", { type: "button", class: "plain", on: { click: () => this.#ask() } }, text("list.begin"));
  }

  #ask() {
    this.dispatchEvent(new CustomEvent("new-conversation", { bubbles: true }));
  }

  update(state, currentId) {
    const { me } = state;
    const now = new Date();
    const { invited, requested } = openInvitations(state);
    setAttribute(this.people, "aria-current", currentId === "people" ? "page" : null);
    const listed = listedConversations(state);
    if (me) {
      setText(this.account, me.acct);
      setAttribute(this.account, "aria-label", text("app.signed_in_as", { acct: me.acct }));
    }
    for (const [part, items, describe] of [[this.invited, invited, invitedRow], [this.requested, requested, requestRow]]) {
      part.element.hidden = !items.length;
      setText(part.count, String(items.length));
      fill(part.rows, items.map((item) => describe(item, me)), currentId);
    }
    fill(this.rows, listed.map((item) => conversationRow(item, me, now)), currentId);
    this.empty.hidden = !state.isLoaded || listed.length + invited.length + requested.length > 0;
  }
}

function section(key) {
  const rows = h("ul", { class: "rows" });
  const count = h("span", { class: "count quiet" });
  return { rows, count, element: h("section", { class: "waiting", hidden: true }, h("h2", {}, text(key), " ", count), rows) };
}

function peopleLink() {
  return h("a", { class: "button round", href: "/chat/people", title: text("people.title") },
    icon("people"), h("span", { class: "visually-hidden" }, text("people.title")));
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

function makeRow(row) {
  return h("li", {},
    h("a", { class: "row", href: `/chat/${encodeURIComponent(row.id)}` },
      h("span", { class: "picture" }),
      h("span", { class: "words" },
        h("span", { class: "line" }, h("bdi", { class: "title" }), h("time", {})),
        h("span", { class: "line" },
          h("span", { class: "sign" }), h("bdi", { class: "last" }), h("span", { class: "count" })))));
}

function showRow(element, row, isCurrent) {
  const link = element.firstElementChild;
  const part = (selector) => link.querySelector(selector);
  setAttribute(link, "aria-current", isCurrent ? "page" : null);
  link.classList.toggle("is-over", Boolean(row.isOver));
  const shown = row.picture ?? row.title;
  if (part(".picture").dataset.name !== shown) {
    part(".picture").dataset.name = shown;
    part(".picture").replaceChildren(row.picture ? signAvatar(row.picture) : avatar(row.title, row.seed));
  }
  setText(part(".title"), row.title);
  setText(part(".last"), row.last);
  setText(part("time"), row.time ?? "");
  setAttribute(part("time"), "datetime", row.at);
  setAttribute(part("time"), "title", row.at ? completeTime(row.at) : null);
  setText(part(".count"), row.unread > COUNTED ? `${COUNTED}+` : String(row.unread || ""));
  setAttribute(part(".count"), "aria-label", row.unread ? text("list.unread", { n: row.unread }) : null);
  showSign(part(".sign"), row.sign);
}

function showSign(element, sign) {
  const name = sign?.icon ?? "";
  if (element.dataset.icon === name) return;
  element.dataset.icon = name;
  element.replaceChildren(...(sign ? [icon(name), h("span", { class: "visually-hidden" }, sign.words)] : []));
}

function conversationRow(conversation, me, now) {
  const message = conversation.last_message;
  return {
    id: conversation.id,
    seed: seedOf(conversation),
    title: titleOf(conversation, me),
    last: lastLine(conversation, me),
    at: message?.published,
    time: message && shortTime(message.published, now),
    unread: conversation.unread,
    sign: message?.author.uri === me?.uri ? signOf(message) : null,
    isOver: !["joined", "joining"].includes(conversation.state),
  };
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
  return { id: conversation.id, picture: isDirect ? "person" : "people", title, last };
}

customElements.define("conversation-list", ConversationList);
