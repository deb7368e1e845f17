// The messages that wait for the node, in IndexedDB: a page that is closed leaves them to the next one.
//
// Each page keeps one record, {tab, person, outbox}, and holds the lock of that name as long as it lives. So whoever is
// given another page's lock may take over its record: no two pages show or send the same.

import { idempotencyKey } from "./api.js";

const DATABASE = "covey";
const RECORDS = "unsent";
const ENTRIES_MAX = 200;

/** Forget it all, as when somebody signs out. */
export async function forgetQueue() {
  await change((records) => records.clear());
}

export class Queue {
  #tab = `${DATABASE}.${RECORDS}.${idempotencyKey()}`;
  #person = "";
  #outbox = [];
  #isHeld = null;
  #awaited = new Set([this.#tab]);

  /** Hand each outbox that this person left in a page that is gone, or will be, to `take`; another's is thrown away. */
  async resume(person, take) {
    this.#person = person;
    if (!(await this.#isReady())) return;
    const tabs = (await change((records) => records.getAllKeys())) ?? [];
    for (const tab of tabs.filter((one) => !this.#awaited.has(one))) {
      this.#awaited.add(tab);
      navigator.locks.request(tab, () => this.#claim(tab, take)).catch(() => {});
    }
  }

  async keep(outbox) {
    this.#outbox = outbox;
    if (this.#person && (await this.#isReady())) await change((records) => this.#put(records, this.#outbox));
  }

  /** Without locks nothing is kept: two pages could take the same. */
  #isReady() {
    this.#isHeld ??= new Promise((settle) => {
      if (!navigator.locks) settle(false);
      const held = navigator.locks?.request(this.#tab, () => {
        settle(true);
        return new Promise(() => {});
      });
      held?.catch(() => settle(false));
    });
    return this.#isHeld;
  }

  async #claim(tab, take) {
    const left = (record) => (record?.person === this.#person ? record.outbox : []);
    const record = await change((records) => {
      const request = records.get(tab);
      request.onsuccess = () => {
        records.delete(tab);
        this.#put(records, [...left(request.result), ...this.#outbox]);
      };
      return request;
    }, { isLong: true });
    this.#awaited.delete(tab);
    if (left(record).length) take(left(record));
  }

  #put(records, outbox) {
    if (outbox.length) records.put({ tab: this.#tab, person: this.#person, outbox: outbox.slice(0, ENTRIES_MAX) });
    else records.delete(this.#tab);
  }
}

let opened = null;

/** What the request answers that `act` makes of the records; undefined where the browser keeps nothing. */
async function change(act, { isLong = false } = {}) {
  try {
    opened ??= open();
    const database = await opened;
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(RECORDS, "readwrite");
      const request = act(transaction.objectStore(RECORDS));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
      // The page may be gone before it hears that its request was carried out.
      if (!isLong) transaction.commit();
    });
  } catch {
    // No room, or private windows; the page itself still has it.
    opened = null;
    return undefined;
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(RECORDS, { keyPath: "tab" });
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onclose = () => {
        opened = null;
      };
      resolve(request.result);
    };
  });
}
