// What the browser keeps in IndexedDB of what the node does not have yet: a database for each kind of record.
//
// Each has its own, so that no page that is open hinders another in making what it lacks.

const ALL = [];

export class Kept {
  #name;
  #records;
  #keyPath;
  #opened = null;

  constructor(name, records, keyPath) {
    this.#name = name;
    this.#records = records;
    this.#keyPath = keyPath;
    ALL.push(this);
  }

  /** What the request answers that `act` makes of the records; undefined where the browser keeps nothing. */
  async change(act, { isLong = false } = {}) {
    try {
      this.#opened ??= this.#open();
      const database = await this.#opened;
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(this.#records, "readwrite");
        const request = act(transaction.objectStore(this.#records));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () => reject(transaction.error);
        // The page may be gone before it hears that its request was carried out.
        if (!isLong) transaction.commit();
      });
    } catch {
      // No room, or private windows; the page itself still has it.
      this.#opened = null;
      return undefined;
    }
  }

  #open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(this.#records, { keyPath: this.#keyPath });
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onclose = () => {
          this.#opened = null;
        };
        resolve(request.result);
      };
    });
  }
}

/** Forget it all, as when somebody signs out. */
export function forget() {
  for (const kept of ALL) kept.change((records) => records.clear());
}
