// Somebody's profile: what they say of themselves, how one stands to them, and what one can do with that.

import { api, idempotencyKey } from "../api.js";
import { avatar, h, setText } from "../dom.js";
import { icon } from "../icons.js";
import { fitText, mayInvite, serverText } from "../people.js";
import { errorText, text } from "../strings.js";
import { titleOf } from "../titles.js";
import { fragmentOf } from "../trusted.js";
import { canPost, nameOf } from "../views.js";

class PersonProfile extends HTMLElement {
  #person = null;
  #isBusy = false;

  connectedCallback() {
    if (this.body) return;
    this.heading = h("h2", { tabindex: "-1" }, h("bdi", {}, this.acct));
    this.ask = h("ask-dialog");
    this.body = h("div", { class: "column profile", "aria-busy": "true" }, h("p", { class: "empty" }, text("app.loading")));
    this.replaceChildren(
      h("header", { class: "bar" }, this.#peopleLink(), this.heading), h("div", { class: "scroll" }, this.body), this.ask);
    this.#load();
  }

  update() {}

  focusFirst() {
    this.heading.focus();
  }

  #peopleLink() {
    return h("a", { class: "round", href: "/chat/people", title: text("person.back") },
      icon("back"), h("span", { class: "visually-hidden" }, text("person.back")));
  }

  async #load() {
    try {
      this.#person = await this.#asked();
      this.#render();
    } catch (error) {
      const words = error.status === 404 ? text("new.not_found", { acct: this.acct }) : errorText(error);
      this.body.replaceChildren(h("p", { class: "empty", role: "alert" }, words));
    }
    this.body.removeAttribute("aria-busy");
  }

  /** Who was never met is looked up first. */
  async #asked() {
    try {
      return await api.person(this.acct);
    } catch (error) {
      if (error.status !== 404) throw error;
      const found = await api.resolve(this.acct);
      return api.person(found.acct);
    }
  }

  #render() {
    const person = this.#person;
    this.failure = h("p", { class: "failure", role: "alert" });
    this.answer = h("p", { class: "hint", role: "status" });
    setText(this.heading.firstElementChild, nameOf(person));
    const parts = [
      h("div", { class: "face" }, avatar(nameOf(person), person.uri, person.picture, "large"),
        h("div", { class: "who" }, h("bdi", { class: "name" }, nameOf(person)), h("bdi", { class: "acct" }, person.acct),
          h("p", { class: "quiet" }, this.#standing()))),
      ...(this.#isMe ? [this.#ownLink()] : [this.#actions()]),
      this.failure, this.answer,
      person.bio ? h("div", { class: "bio", dir: "auto" }, fragmentOf(person.bio)) : null,
      person.fields.length ? h("dl", {}, ...person.fields.flatMap(fieldParts)) : null,
      h("p", { class: "quiet" }, serverText(person)),
      fitText(person) ? h("p", { class: "quiet" }, fitText(person)) : null,
      ...this.#shared(),
    ];
    this.body.replaceChildren(...parts.filter(Boolean));
  }

  get #isMe() {
    return this.#person.uri === this.chat.state.me?.uri;
  }

  #standing() {
    const { following, follows_me: isFollower, blocked } = this.#person;
    if (blocked) return text("person.is_blocked");
    if (this.#person.muted) return text("person.is_muted");
    if (following === "pending") return text("people.pending");
    if (following && isFollower) return text("people.mutual");
    if (isFollower) return text("person.follows_you");
    return following ? text("person.is_followed") : "";
  }

  #ownLink() {
    return h("p", { class: "buttons" }, h("a", { class: "button plain", href: "/settings" }, text("person.edit")));
  }

  #actions() {
    const { following, blocked } = this.#person;
    const button = (key, kind, act) =>
      h("button", { type: "button", class: kind, on: { click: () => this.#act(act) } }, text(key));
    return h("div", { class: "actions" },
      h("p", { class: "buttons" },
        blocked ? null : button("person.message", "primary", () => this.#write()),
        following
          ? button("person.unfollow", "plain", () => api.unfollow(this.#person.acct))
          : button("person.follow", "plain", () => api.follow(this.#person.acct)),
        button("person.group", "plain", () => this.#startGroup())),
      this.#inviting(),
      h("p", { class: "buttons" },
        this.#person.muted
          ? button("person.unmute", "link", () => api.unmutePerson(this.#person.acct))
          : button("person.mute", "link", () => api.mutePerson(this.#person.acct)),
        blocked
          ? button("person.unblock", "link", () => api.unblock(this.#person.acct))
          : button("person.block", "link danger", () => api.block(this.#person.acct)),
        h("button", { type: "button", class: "link danger", on: { click: () => this.#askReport() } }, text("person.report"))));
  }

  /** Groups of ours that they are not in, and into which this person may invite. */
  #inviting() {
    const { conversations, me } = this.chat.state;
    const open = Object.values(conversations).filter((one) => one.kind === "group" && canPost(one)
      && mayInvite(one, me) && !one.members.some((member) => member.uri === this.#person.uri && isHere(member)));
    if (!open.length) return null;
    return h("details", {}, h("summary", {}, text("person.invite")),
      h("ul", { class: "rows" }, ...open.map((one) => h("li", {},
        h("button", { type: "button", class: "row", on: { click: () => this.#act(() => this.#invite(one)) } },
          h("bdi", { class: "title" }, titleOf(one, me)))))));
  }

  async #invite(conversation) {
    await this.chat.invite(conversation.id, this.#person.acct);
    return text("details.invite_sent", { acct: this.#person.acct });
  }

  async #write() {
    const draft = { kind: "direct", members: [this.#person.acct] };
    const id = await this.chat.startConversation(draft, idempotencyKey());
    this.dispatchEvent(new CustomEvent("open-conversation", { bubbles: true, detail: id }));
  }

  async #startGroup() {
    this.dispatchEvent(new CustomEvent("new-conversation", { bubbles: true, detail: [this.#person.acct] }));
  }

  /** Do something, and show how one stands to them then; what it answers is said. */
  async #act(act) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const said = await act();
      if (!this.isConnected) return;
      this.#person = await api.person(this.#person.acct);
      this.#render();
      if (typeof said === "string") setText(this.answer, said);
      this.heading.focus();
    } catch (error) {
      setText(this.failure, errorText(error));
    } finally {
      this.#isBusy = false;
    }
  }

  async #askReport() {
    try {
      const { askReport } = await import("../reporting.js");
      const onBlocked = () => this.#act(() => undefined);
      if (this.isConnected) askReport(this.ask, { person: this.#person, me: this.chat.state.me, onBlocked });
    } catch (error) {
      setText(this.failure, errorText(error));
    }
  }

  #shared() {
    const { shared } = this.#person;
    if (!shared.length || this.#isMe) return [];
    const { conversations, me } = this.chat.state;
    const nameFor = (one) => (conversations[one.id] ? titleOf(conversations[one.id], me) : one.title ?? "");
    return [
      h("h3", {}, text("person.shared")),
      h("ul", { class: "rows" }, ...shared.map((one) => h("li", {},
        h("a", { class: "row", href: `/chat/${encodeURIComponent(one.id)}` }, h("bdi", { class: "title" }, nameFor(one)))))),
    ];
  }
}

function isHere(member) {
  return ["joined", "joining", "invited", "requested"].includes(member.state);
}

function fieldParts({ name, value }) {
  return [h("dt", { dir: "auto" }, name), h("dd", { dir: "auto" }, fragmentOf(value))];
}

customElements.define("person-profile", PersonProfile);
