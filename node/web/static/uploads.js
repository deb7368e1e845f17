// The files that wait to be sent in one conversation: each goes to the node at once and is described meanwhile.
//
// entry   {key, name, size, mediaType, file, state: "uploading" | "ready" | "failed", progress, reason, upload, description}
//
// What another device has handed in has no file here and no name but its address. "change" says that there is something to
// show, "kept" that somebody here has changed what a draft takes along.

import { api, idempotencyKey } from "./api.js";
import { errorText, text } from "./strings.js";
import { fileSize } from "./times.js";

// As many as a message shows.
export const MOST = 10;

export class Uploads extends EventTarget {
  #entries = [];
  #stops = new Map();
  #limit;

  /** `limit` answers the largest size in bytes, 0 where it is not known. */
  constructor(limit) {
    super();
    this.#limit = limit;
  }

  get entries() {
    return this.#entries;
  }

  get isReady() {
    return this.#entries.every((entry) => entry.state === "ready");
  }

  /** The uploads that the node has, each with what is said of it here. */
  get kept() {
    const ready = this.#entries.filter((entry) => entry.state === "ready");
    return ready.map(({ upload, description }) => ({ ...upload, description: description.trim() }));
  }

  /** Whether these uploads are kept, and no others, in the same words. */
  holds(media) {
    const { kept } = this;
    return kept.length === media.length && kept.every(({ id, description }, place) => id === media[place].id && description === media[place].description);
  }

  /** Have these uploads, wherever they were handed in, in place of those that are kept. */
  adopt(media) {
    if (this.holds(media)) return;
    const here = new Map(this.#entries.filter((entry) => entry.upload).map((entry) => [entry.upload.id, entry]));
    const adopted = media.map((upload) => ({ ...(here.get(upload.id) ?? entryOf(upload)), upload, description: upload.description }));
    this.#set([...adopted, ...this.#entries.filter((entry) => entry.state !== "ready")]);
  }

  add(files) {
    for (const file of [...files].slice(0, MOST - this.#entries.length)) {
      // Only what is said of a file travels, so that what is no picture says its name.
      const description = file.type.startsWith("image/") ? "" : file.name;
      const entry = { key: idempotencyKey(), name: file.name, size: file.size, mediaType: file.type, file, description };
      this.#put(entry);
      const most = this.#limit();
      if (most && file.size > most) this.#fail(entry.key, text("upload.too_large", { max: fileSize(most) }), false);
      else this.#start(entry.key);
    }
  }

  retry(key) {
    this.#start(key);
  }

  remove(key) {
    this.#stops.get(key)?.abort();
    this.#set(this.#entries.filter((entry) => entry.key !== key));
    this.#tellKept();
  }

  describe(key, description) {
    this.#change(key, { description }, { isQuiet: true });
    if (this.#entries.some((entry) => entry.key === key && entry.state === "ready")) this.#tellKept();
  }

  /** Say to the node what has been said of each file that it has; `isAside` as of api.js. */
  async tell(isAside = false) {
    const isNew = ({ state, upload, description }) => state === "ready" && upload.description !== description.trim();
    await Promise.all(
      this.#entries.filter(isNew).map(async ({ key, upload, description }) => {
        const told = await api.describeMedia(upload.id, description.trim(), isAside);
        this.#change(key, { upload: told }, { isQuiet: true });
      }),
    );
  }

  /** Say to the node what has been said of each file, and hand over all that is ready: the uploads in their order. */
  async take() {
    await this.tell();
    const told = this.#entries.map((entry) => entry.upload);
    this.#set([]);
    return told;
  }

  async #start(key) {
    const stop = new AbortController();
    this.#stops.set(key, stop);
    this.#change(key, { state: "uploading", progress: 0, reason: "" });
    const { file } = this.#entries.find((entry) => entry.key === key);
    try {
      const onProgress = (progress) => this.#change(key, { progress });
      const upload = await api.upload(file, { key, onProgress, signal: stop.signal });
      this.#change(key, { state: "ready", upload });
      this.#tellKept();
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(key, uploadError(error), error.isPassing);
    }
    this.#stops.delete(key);
  }

  #tellKept() {
    this.dispatchEvent(new Event("kept"));
  }

  #fail(key, reason, isPassing) {
    this.#change(key, { state: "failed", reason, isPassing });
  }

  #put(entry) {
    this.#set([...this.#entries, { state: "uploading", progress: 0, reason: "", upload: null, ...entry }]);
  }

  #change(key, part, { isQuiet = false } = {}) {
    const entries = this.#entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry));
    if (isQuiet) this.#entries = entries;
    else this.#set(entries);
  }

  #set(entries) {
    this.#entries = entries;
    this.dispatchEvent(new Event("change"));
  }
}

function entryOf(upload) {
  const { id: key, media_type: mediaType, size } = upload;
  return { key, name: "", size, mediaType, file: null, state: "ready", progress: 1, reason: "" };
}

function uploadError(error) {
  return error.status === 413 && error.word === "too-large" ? text("upload.too_large_here") : errorText(error);
}
