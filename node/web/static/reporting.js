// Whoever reports somebody is asked the same wherever they do it: what is wrong, whether the other server is told as
// well and of what, and whether they want to hear nothing more of that person.

import { api, idempotencyKey } from "./api.js";
import { h } from "./dom.js";
import "./elements/ask-dialog.js";
import { text } from "./strings.js";
import { hostOf, nameOf } from "./views.js";

// How many messages a report has at most: the newest say it.
const MESSAGES_MAX = 20;

/**
 * Ask in a dialog, and report. `messages` go along as they are shown here, those of this person that is; `subject` is
 * what is quoted above the questions. `onBlocked` is called once they are blocked too and the dialog is closed.
 */
export function askReport(ask, { person, me, messages = [], subject = "", onBlocked = () => {} }) {
  const { acct } = person;
  const name = nameOf(person);
  const host = hostOf(acct);
  const shown = messages.filter(({ author }) => author.uri === person.uri).slice(-MESSAGES_MAX);
  const n = shown.length;
  const comment = h("textarea", { id: "report-comment", rows: "3", dir: "auto", maxlength: "1000" });
  const forward = h("input", { type: "checkbox", "aria-describedby": "report-forwarded" });
  const block = h("input", { type: "checkbox" });
  const key = idempotencyKey();
  ask.open(text("menu.report"), [
    h("p", { dir: "auto" }, n ? text("report.words", { n, name, acct }) : text("report.words_none", { name, acct })),
    subject && h("blockquote", { class: "subject", dir: "auto" }, subject),
    h("div", { class: "field" }, h("label", { for: "report-comment" }, text("dialog.report_comment")), comment),
    host !== hostOf(me.acct) && h("div", { class: "field" },
      h("label", { class: "check" }, forward, h("span", {}, text("report.forward", { host }))),
      h("small", { id: "report-forwarded", class: "quiet" }, n ? text("report.forwarded", { n }) : text("report.forwarded_none"))),
    h("label", { class: "check" }, block, h("span", { dir: "auto" }, text("report.block", { name })))]);
  ask.offer(text("dialog.report_yes"), "primary", async () => {
    const report = { acct, message_ids: shown.map(({ id }) => id), comment: comment.value.trim(), forward: forward.checked };
    await api.report(report, key);
    if (block.checked) {
      await api.block(acct);
      ask.dialog.addEventListener("close", onBlocked, { once: true });
    }
    const done = block.checked ? text("report.done_blocked", { name }) : text("dialog.report_done");
    ask.open(text("menu.report"), [h("p", { role: "status", dir: "auto" }, done)]);
    return true;
  });
}
