// What asks or tells more about one message: delete it, report it, what became of it, what it said before.

import { codecFor } from "../codec.js";
import { api } from "../api.js";
import { deliveryActs } from "../delivery-acts.js";
import { h } from "../dom.js";
import { askReport } from "../reporting.js";
import { deliveryCounts, hostDelivery, triedText } from "../room-words.js";
import { text, toldText } from "../strings.js";
import { completeTime } from "../times.js";
import { bodyLine } from "../titles.js";
import { fragmentOf } from "../trusted.js";
import "./ask-dialog.js";

class MessageDialog extends HTMLElement {
  connectedCallback() {
    if (this.ask) return;
    this.ask = h("ask-dialog");
    this.replaceChildren(this.ask);
  }

  /** Ask before a message is deleted for everybody, or another's is removed. */
  askDeleting(message, conversation, isRemoval) {
    const words = text(isRemoval ? "dialog.remove_words" : "dialog.delete_words");
    this.ask.open(text(isRemoval ? "menu.remove" : "menu.delete"), [
      h("blockquote", { class: "subject", dir: "auto" }, bodyLine(message, conversation)), h("p", {}, words)]);
    this.ask.offer(text(isRemoval ? "dialog.remove_yes" : "dialog.delete_yes"), "primary danger", async () => {
      if (await this.chat.delete(message)) return false;
      this.ask.open(text("menu.remove"), [h("p", { role: "status" }, text("menu.asked_removal"))]);
      return true;
    });
  }

  /** Report a message's author to this server's moderators. */
  askReporting(message, conversation) {
    // What somebody says who is blocked is folded from there on.
    const onBlocked = () => Promise.all([this.chat.listAnew(), this.chat.reading.loadNewest(conversation.id)]).catch(() => {});
    askReport(this.ask, {
      person: message.author, me: this.chat.state.me, messages: [message], subject: bodyLine(message, conversation), onBlocked });
  }

  /** What became of an own message at each host. */
  async showDetails(message) {
    const facts = (rows, acts = () => null) => [
      h("p", { class: "quiet" }, completeTime(message.published)),
      h("p", {}, deliveryCounts(rows)),
      h("ul", { class: "hosts" }, rows.map((row) =>
        h("li", { data: { state: row.state } }, h("p", { dir: "auto" }, hostDelivery(row)),
          row.state === "waiting" && h("p", { class: "quiet", dir: "auto" }, triedText(row, this.chat.state.me)),
          h("p", { class: "quiet", dir: "auto" }, [row.members.join(", "), toldText(row.reason ?? "") ?? row.reason].filter(Boolean).join(" · ")), acts(row))))];
    this.ask.open(text("menu.details"), facts(message.delivery));
    await this.ask.fill(async () => facts(await api.delivery(message.id), (row) => deliveryActs(row, message, this.chat, this.ask)));
  }

  /** What a message said before it was edited, and what it says. */
  async showHistory(message, conversation) {
    const codec = codecFor(conversation.mode);
    const versionOf = (body, at) => {
      const read = codec.read(body);
      return h("li", {}, h("time", { datetime: at, class: "quiet" }, completeTime(at)),
        h("div", { class: "body", dir: "auto" }, read.kind === "html" ? fragmentOf(read.html) : read.text ?? text("message.unreadable")));
    };
    this.ask.open(text("menu.history"), [h("p", { class: "quiet" }, text("app.loading"))]);
    await this.ask.fill(async () => {
      const earlier = await api.edits(message.id);
      const newest = versionOf(message, message.edited);
      return [h("ol", { class: "versions" }, newest, earlier.reverse().map((one) => versionOf(one, one.written)))];
    });
  }
}

customElements.define("message-dialog", MessageDialog);
