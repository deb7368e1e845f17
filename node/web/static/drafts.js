// What somebody has begun to write: kept in the browser at once, and by the node for their other devices a little later.
//
// A draft is {text, replyTo, media}: `media` are the uploads that go along, as the API shows them. What the node may not
// have yet has {at, over} besides: when it was written, and which word of the node's it is to replace. One that is empty is
// as good as any other: it says that what the node has was sent, or given up. The later edit holds, whoever made it.

import { api } from "./api.js";
import { Kept } from "./kept.js";

const LATER_MS = 1_500;
const MOST = 200;
export const NO_DRAFT = Object.freeze({ text: "", replyTo: "", media: Object.freeze([]) });

// {person, conversation, draft}, until the node has said that it holds the draft.
const kept = new Kept("covey.drafts", "drafts", ["person", "conversation"]);

export class Drafts {
  #person = "";
  #describe;
  #changed;
  #here = new Map();
  #timers = new Map();
  #underWay = new Set();
  // Where the node was told that nothing is begun, and has not repeated it.
  #emptied = new Set();

  /** `describe(id)` says to the node what has been said of the files that go along; `changed()` that a draft is gone. */
  constructor(describe, changed) {
    this.#describe = describe;
    this.#changed = changed;
    addEventListener("pagehide", () => this.#tellAll());
  }

  /** What was begun in a conversation, here or on another device, whichever is newer. */
  of(conversation) {
    const here = this.#here.get(conversation.id);
    if (here && (here.isTold || this.#isUnderWay(conversation.id) || !isOvertaken(here, conversation))) return here;
    const { draft: there } = conversation;
    return there ? { text: there.text, replyTo: there.reply_to ?? "", media: there.media } : NO_DRAFT;
  }

  keep({ id, draft_updated: over }, { text, replyTo, media }) {
    const draft = { text, replyTo, media, at: new Date().toISOString(), over };
    this.#here.set(id, draft);
    if (this.#person) kept.change((records) => records.put({ person: this.#person, conversation: id, draft }));
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.#tell(id), text || replyTo || media.length ? LATER_MS : 0));
  }

  /** Take up what this person has left in pages that are gone; what somebody else left is thrown away. */
  async resume(person) {
    if (this.#person === person) return;
    this.#person = person;
    const found = (await kept.change((records) => records.getAll())) ?? [];
    const own = found.filter((record) => record.person === person).sort((a, b) => (a.draft.at < b.draft.at ? 1 : -1));
    for (const { conversation, draft } of own.slice(0, MOST)) if (!this.#here.has(conversation)) this.#here.set(conversation, draft);
    const useless = [...found.filter((record) => record.person !== person), ...own.slice(MOST)];
    if (useless.length) kept.change((records) => useless.forEach((one) => records.delete([one.person, one.conversation])));
  }

  /** The node is there: tell it what it could not be told. `find` answers a conversation by its id. */
  tellLeft(find) {
    for (const [id, draft] of this.#here) if (!draft.isTold && !this.#isUnderWay(id)) this.#tellAgain(id, draft, find(id));
  }

  /** The node's list is asked for; call the answer when it is there: it knows of all that was told before. */
  asked() {
    const told = [...this.#here].filter(([, draft]) => draft.isTold);
    return () => told.forEach(([id, draft]) => this.#here.get(id) === draft && this.#here.delete(id));
  }

  /** The stream has said what the node holds. */
  hear({ id, draft }) {
    // The words that were begun after that are told already.
    if (this.#emptied.delete(id) && !draft) return;
    if (this.#here.get(id)?.isTold) this.#here.delete(id);
  }

  #isUnderWay(id) {
    return this.#timers.has(id) || this.#underWay.has(id);
  }

  #tellAll() {
    for (const id of this.#timers.keys()) this.#tell(id, true);
  }

  /** Unless it is out of date, or another page has told or sent it. */
  async #tellAgain(id, draft, conversation) {
    const isOver = !conversation || isOvertaken(draft, conversation);
    this.#underWay.add(id);
    const found = isOver ? undefined : await kept.change((records) => records.getAll([this.#person, id]));
    this.#underWay.delete(id);
    if (this.#here.get(id) !== draft) return;
    if (isOver || (found && found[0]?.draft.at !== draft.at)) {
      this.#here.delete(id);
      this.#forget(id, draft);
      this.#changed();
    } else this.#tell(id);
  }

  async #tell(id, isLeaving = false) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    // One after the other: the last to be said is the last to be heard.
    if (this.#underWay.has(id) && !isLeaving) return;
    this.#underWay.add(id);
    // The node tells other devices of the draft, so its files have their words before.
    const described = this.#describe(id).catch(() => {});
    if (!isLeaving) await described;
    const draft = this.#here.get(id);
    const isHeard = await this.#say(id, draft);
    this.#underWay.delete(id);
    if (!isHeard) return;
    this.#forget(id, draft);
    if (this.#here.get(id) === draft) this.#here.set(id, { ...draft, isTold: true });
    else if (this.#here.has(id) && !this.#timers.has(id)) this.#tell(id);
  }

  async #say(id, { text, replyTo, media }) {
    if (!text && !replyTo && !media.length) this.#emptied.add(id);
    try {
      await api.keepDraft(id, { text, reply_to: replyTo || null, media_ids: media.map((upload) => upload.id) });
      return true;
    } catch {
      // It is still kept here.
      return false;
    }
  }

  #forget(id, { at }) {
    const key = [this.#person, id];
    const act = (records) => {
      records.get(key).onsuccess = ({ target: { result } }) => result?.draft.at === at && records.delete(key);
    };
    kept.change(act, { isLong: true });
  }
}

/** Whether the node has heard a later word than this, which this was not written over. */
function isOvertaken({ at, over }, { draft_updated: updated }) {
  return Boolean(updated) && updated !== over && updated > at;
}
