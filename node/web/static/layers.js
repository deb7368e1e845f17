// What lies over a view has an entry of its own in the browser's history: going back closes it and leaves the view.

/**
 * The layers over the view. An entry's state names them, {over: [{name, detail}]}, so that going forward and loading
 * anew bring them back. `kinds` says by name how one is opened and closed: {open(detail), close()}.
 */
export class Layers {
  #kinds;
  #open = [];
  #going = null;

  constructor(kinds) {
    this.#kinds = kinds;
  }

  has(name) {
    return this.#open.includes(name);
  }

  /** Open one over what is there; `detail` says what it shows, and is kept with the entry. */
  async open(name, detail = null) {
    // An entry that is made on the way back would be left by it.
    await this.#going;
    if (this.has(name)) return;
    history.pushState({ ...history.state, over: [...this.#named(), { name, detail }] }, "");
    this.#show(name, detail);
  }

  /** Close one, and what lies over it, by going back to before it; answers whether it was open, once that is done. */
  async close(name) {
    const place = this.#open.indexOf(name);
    if (place < 0) {
      await this.#going;
      return false;
    }
    this.#going = goBy(-this.#take(place));
    await this.#going;
    return true;
  }

  /** Another view is shown, with an entry of its own: nothing lies over it. */
  leave() {
    this.#take(0);
  }

  /** Have open what the entry names that is shown. */
  restore() {
    const wanted = this.#named();
    const other = this.#open.findIndex((name, place) => name !== wanted[place]?.name);
    if (other >= 0) this.#take(other);
    for (const { name, detail } of wanted.slice(this.#open.length)) this.#show(name, detail);
  }

  #show(name, detail) {
    this.#open.push(name);
    this.#kinds[name].open(detail);
  }

  /** Close all from a place on; answers how many. They are forgotten first, since what closes says so here. */
  #take(place) {
    const gone = this.#open.splice(place);
    for (const name of gone.toReversed()) this.#kinds[name].close();
    return gone.length;
  }

  #named() {
    return (history.state?.over ?? []).filter(({ name }) => name in this.#kinds);
  }
}

/** Go so many entries on, or back, and wait until one is there. */
export function goBy(steps) {
  const isThere = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
  history.go(steps);
  return isThere;
}

/** Show a dialog that is over once it is left. */
export function showAsking(dialog) {
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("asks", { bubbles: true }));
}
