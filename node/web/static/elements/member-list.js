// The people of a conversation by role, with their servers and how they stand, and what one may do about them.

import { actionsOnMember } from "../actions.js";
import { h, reconcile, setText, showAvatar } from "../dom.js";
import { icon } from "../icons.js";
import { softwareName } from "../people.js";
import { errorText, text, toldText } from "../strings.js";
import { canPost, nameOf } from "../views.js";
import "./ask-dialog.js";

const GONE = new Set(["left", "removed", "banned", "refused", "closed"]);
const ORDER = ["admin", "moderator", "member"];
const SIGNS = { make_admin: "key", make_moderator: "key", make_member: "person", remove: "signOut", ban: "barred", withdraw: "close" };
// What a group's home says of a refusal (groups-protocol.md 4.5).
const WHY = new Set(["not-allowed", "no-change", "full", "unaware-limit", "banned", "withdrawn", "expired", "closed", "rate"]);
const GRAVE = new Set(["remove", "ban", "withdraw"]);

class MemberList extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.list = h("ul", { class: "people" });
    this.banned = h("ul", { class: "people" });
    this.bannedPart = h("section", { hidden: true }, h("h3", {}, text("members.banned")), this.banned);
    this.waits = h("ul", { class: "waits" });
    this.answer = h("p", { class: "hint", role: "status" });
    this.menu = h("choice-menu");
    this.ask = h("ask-dialog");
    this.replaceChildren(this.waits, this.list, this.bannedPart, this.answer, this.menu, this.ask);
  }

  update({ me, alive }, conversation) {
    this.alive = canPost(conversation) ? alive[conversation.id] ?? {} : {};
    if (this.conversation?.id !== conversation.id) setText(this.answer, "");
    this.conversation = conversation;
    this.me = me;
    const place = (member) => (member.state === "joined" ? ORDER.indexOf(member.role) : ORDER.length);
    const shown = conversation.members.filter((member) => !GONE.has(member.state)).sort((a, b) => place(a) - place(b));
    reconcile(this.list, shown, {
      keyOf: (member) => member.uri,
      make: (member) => this.#make(member),
      update: (element, member) => this.#show(element, member),
    });
    this.#showBanned(conversation);
    this.#showWaits(conversation);
  }

  #make(member) {
    const more = h("button", { type: "button", class: "round", "aria-haspopup": "menu", title: text("members.more"), hidden: true },
      icon("more"), h("span", { class: "visually-hidden" }));
    return h("li", { class: "person" }, h("span", { class: "picture" }),
      h("div", { class: "about" }, h("bdi", { class: "name" }), h("bdi", { class: "acct" }), h("p", { class: "quiet" })), more);
  }

  #show(element, member) {
    const isMe = member.uri === this.me?.uri;
    const part = (selector) => element.querySelector(selector);
    setText(part(".name"), isMe ? text("members.name_you", { name: nameOf(member) }) : nameOf(member));
    setText(part(".acct"), member.acct);
    showAvatar(element.firstElementChild, nameOf(member), member.uri, member.picture);
    setText(part("p"), [this.alive[member.acct] && text("members.active"), ...standing(member)].filter(Boolean).join(" · "));
    const actions = actionsOnMember(member, this.conversation, this.me);
    const more = part("button");
    more.hidden = !actions.length;
    setText(more.lastElementChild, text("members.more_for", { name: nameOf(member) }));
    more.onclick = () => this.menu.open(text("members.more_for", { name: nameOf(member) }), actions.map((name) => this.#choice(name, member)), more);
  }

  #choice(name, member) {
    return { words: text(`members.${name}`), sign: SIGNS[name], isGrave: GRAVE.has(name), act: () => this.#act(name, member) };
  }

  #act(name, member) {
    const { chat, conversation } = this;
    const take = (isBan) => () => chat.removeMember(conversation.id, member.acct, isBan);
    if (name === "withdraw") this.#try(take(false));
    else if (GRAVE.has(name)) askTaking(this.ask, name, member, take(name === "ban"));
    else this.#try(() => chat.setRole(conversation.id, member.acct, name.slice("make_".length)));
  }

  #showBanned(conversation) {
    const mayEnd = conversation.members.some((one) => one.uri === this.me?.uri && one.role !== "member");
    this.bannedPart.hidden = !conversation.outcasts.length;
    reconcile(this.banned, conversation.outcasts, {
      keyOf: (person) => person.uri,
      make: (person) => h("li", { class: "person" },
        h("div", { class: "about" }, h("bdi", { class: "name" }, nameOf(person)), h("bdi", { class: "acct" }, person.acct)),
        h("button", { type: "button", class: "link", on: { click: () => this.#try(() => this.chat.removeMember(this.conversation.id, person.acct)) } },
          text("members.unban"))),
      update: (element) => (element.lastElementChild.hidden = !mayEnd || conversation.state !== "joined"),
    });
  }

  /** What this person has asked of the group's home and is not done, and what came to nothing. */
  #showWaits({ requests, waiting_for: home }) {
    this.waits.replaceChildren(...requests.map(({ wish, subject, state, notice }) => {
      const what = text(`members.wish.${wish}`, { acct: subject });
      const words = [state === "waiting" ? text("members.waits", { what, host: home || "…" }) : text(`members.${state}`, { what }),
        state === "refused" && WHY.has(notice) && text(`members.why.${notice}`)].filter(Boolean).join(". ");
      return h("li", { class: "quiet", dir: "auto" }, words);
    }));
  }

  async #try(act) {
    setText(this.answer, "");
    try {
      await act();
    } catch (error) {
      setText(this.answer, errorText(error));
    }
  }
}

/** Ask before somebody is taken out of a group ("remove", "ban"). */
export function askTaking(ask, name, member, take) {
  const person = { name: nameOf(member), acct: member.acct };
  ask.open(text(`members.${name}`), [
    h("p", { dir: "auto" }, text(`members.${name}_sure`, person)),
    member.aware === false && h("p", { class: "quiet" }, text("members.told"))]);
  ask.offer(text(`members.${name}`), "primary danger", take);
}

/** Role, how they stand, and what software they use. */
function standing({ role, state, aware, software, refusal }) {
  const words = [];
  if (refusal) return [text("members.not_taken", { reason: toldText(refusal) ?? refusal })];
  if (state !== "joined") words.push(text(`details.state.${state}`));
  else if (role in { admin: 1, moderator: 1 }) words.push(text(`details.role.${role}`));
  if (aware === false) words.push(software ? text("members.software", { software: softwareName(software) }) : text("details.legacy"));
  return words;
}

customElements.define("member-list", MemberList);
