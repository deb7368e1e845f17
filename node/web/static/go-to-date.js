// Going to a day of a conversation: its first message, or else the first after it.

import { h } from "./dom.js";
import "./elements/ask-dialog.js";
import { beginningOf } from "./find-query.js";
import { text } from "./strings.js";

const MINUTE_MS = 60_000;

/** Ask in a dialog for a day, at first that of `at`; `go` gets the moment at which it begins here. */
export function askDate(ask, at, go) {
  const input = h("input", { type: "date", id: "go-to-date", required: true, min: "1970-01-02", max: dayOf(new Date()), value: dayOf(new Date(at)) });
  const act = async () => {
    if (!input.reportValidity()) return true;
    await go(beginningOf(input.value).toISOString());
    return false;
  };
  ask.open(text("room.go_to_date"), [h("p", { class: "field" }, h("label", { for: "go-to-date" }, text("room.date")), input)]);
  ask.offer(text("room.go"), "primary", act);
  input.focus();
}

/** The day of a moment here, as a field for days has it. */
function dayOf(moment) {
  return new Date(moment - moment.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 10);
}
