// The messages that wait for the node, in IndexedDB: a page that is closed leaves them to the next one.
//
// Each page keeps one record, {tab, person, outbox}, and holds the lock of that name as long as it lives. So whoever is
// given another page's lock may take over its record: no two pages show or send the same.

import { idempotencyKey } from "./api.js";
import { Kept } from "./kept.js";

const ENTRIES_MAX = 200;
const kept = new Kept("covey", "unsent", "tab");

export class Queue {
  #tab = `covey.unsent.${idempotencyKey()}`;
  #person = "";
  #outbox = [];
  #isHeld = null;
  #awaited = new Set([this.#tab]);

  /** Hand each outbox that this person left in a page that is gone, or will be, to `take`; another's is thrown away. */
  async resume(person, take) {
    this.#person = person;
    if (!(await this.#isReady())) return;
    const tabs = (await kept.change((records) => records.getAllKeys())) ?? [];
    for (const tab of tabs.filter((one) => !this.#awaited.has(one))) {
      this.#awaited.add(tab);
      navigator.locks.request(tab, () => this.#claim(tab, take)).catch(() => {});
    }
  }

  async keep(outbox) {
    if (outbox === this.#outbox) return;
    this.#outbox = outbox;
    if (this.#person && (await this.#isReady())) await kept.change((records) => this.#put(records, this.#outbox));
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
    const record = await kept.change((records) => {
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
