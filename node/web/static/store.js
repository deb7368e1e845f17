// The one place where the page's state is kept; whoever shows it is told once per turn that it moved.

import { EMPTY } from "./state.js";

export class Store {
  #state = EMPTY;
  #listeners = new Set();
  #isScheduled = false;

  get state() {
    return this.#state;
  }

  /** Take one pure step: `store.step(withMe, me)`. */
  step(reducer, ...values) {
    const next = reducer(this.#state, ...values);
    if (next === this.#state) return;
    this.#state = next;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners) listener(this.#state);
    });
  }

  listen(listener) {
    this.#listeners.add(listener);
  }
}
