// Who is there: whoever has just written, read or typed in a conversation, for two minutes.

import * as step from "./state.js";

const ACTIVE_MS = 120_000;

/** Somebody gave a sign of life in a conversation, at a time in ms; who is not to be seen sees nobody. */
export function hear(store, id, acct, at = Date.now()) {
  const { me } = store.state;
  const left = at + ACTIVE_MS - Date.now();
  if (!(left > 0) || acct === me?.acct || me?.presence === false) return;
  store.step(step.withAlive, id, acct, at);
  setTimeout(() => {
    if (store.state.alive[id]?.[acct] === at) store.step(step.withAlive, id, acct, 0);
  }, left);
}
