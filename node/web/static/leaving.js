// The last question before somebody leaves a group or takes nothing more of a direct conversation.

import { heirOf } from "./actions.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { text } from "./strings.js";
import { titleOf } from "./titles.js";
import { nameOf } from "./views.js";

/** Ask in a dialog; `done` is called when nothing more comes from there. */
export function askOut(ask, chat, conversation, done) {
  if (conversation.kind === "group") askLeaving(ask, chat, conversation, done);
  else askRefusing(ask, chat, conversation, done);
}

/** Whoever leaves is told what becomes of the group without them. */
function askLeaving(ask, chat, conversation, done) {
  const { isLast, heir } = heirOf(conversation, chat.state.me);
  const after = heir ? text("details.leave_heir", { name: nameOf(heir), acct: heir.acct }) : text("details.leave_ends");
  ask.open(text("details.leave"), [named(conversation, chat), h("p", {}, text("details.leave_sure")), isLast && h("p", { dir: "auto" }, after)]);
  ask.offer(text("details.leave_yes"), "primary danger", async () => {
    await chat.leave(conversation.id);
    ask.dialog.close();
    done();
  });
}

function askRefusing(ask, chat, conversation, done) {
  ask.open(text("row.refuse"), [named(conversation, chat), h("p", {}, text("refuse.sure"))]);
  ask.offer(text("refuse.yes"), "primary danger", async () => {
    await api.refuse(conversation.id);
    await chat.listAnew();
    ask.dialog.close();
    done();
  });
}

function named(conversation, chat) {
  return h("p", { dir: "auto" }, h("strong", {}, titleOf(conversation, chat.state.me)));
}
