// The one event stream of a page: resumed by the browser, opened anew when it cannot be, and saying so.

const TYPES = ["message", "message.updated", "message.deleted", "reaction", "conversation", "delivery", "typing", "read", "me"];
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Listen to the node's events.
 *
 * `onEvent(type, data)` gets each event. `onFresh()` is called whenever events may have been missed, the first opening
 * included: what is shown must then be fetched again. `onResumed()` is called when the browser has gone on where it
 * was, so that none was missed. `onRefused()` is called when the node answers with an error. `onConnection(isOpen)` tells
 * how things stand.
 */
export class Stream {
  #source = null;
  #wait = FIRST_WAIT_MS;
  #timer = 0;

  constructor(url, { onEvent, onFresh, onResumed, onRefused, onConnection }) {
    this.url = url;
    this.onEvent = onEvent;
    this.onFresh = onFresh;
    this.onResumed = onResumed;
    this.onRefused = onRefused;
    this.onConnection = onConnection;
    // A connection that is gone without a word looks open for minutes; asking anew tells at once.
    for (const change of ["offline", "online"]) addEventListener(change, () => this.#askAnew());
  }

  #askAnew() {
    if (this.#source || this.#timer) this.open();
  }

  open() {
    this.close();
    const source = new EventSource(this.url);
    this.#source = source;
    let isFirst = true;
    source.addEventListener("open", () => {
      this.onConnection(true);
      if (isFirst) this.onFresh();
      else this.onResumed();
      isFirst = false;
    });
    source.addEventListener("reset", () => this.onFresh());
    source.addEventListener("error", () => {
      this.onConnection(false);
      // The browser resumes by itself with Last-Event-ID, unless the answer was an error.
      if (source.readyState !== EventSource.CLOSED) return;
      this.onRefused();
      this.openLater();
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event) => this.onEvent(type, JSON.parse(event.data)));
    }
  }

  /** All is well again: the next failure is met with the shortest wait. */
  settle() {
    this.#wait = FIRST_WAIT_MS;
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#source?.close();
    this.#source = null;
  }

  /** Open anew after a while that doubles with each failure in a row. */
  openLater() {
    this.close();
    this.#timer = setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }
}
