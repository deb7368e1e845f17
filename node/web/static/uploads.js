// The files that wait to be sent in one conversation: each goes to the node at once and is described meanwhile.
//
// entry   {key, name, size, mediaType, file, state: "uploading" | "ready" | "failed", progress, reason, upload, description}

import { api, idempotencyKey } from "./api.js";
import { errorText, text } from "./strings.js";
import { fileSize } from "./times.js";

export const MOST = 16;

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
  }

  describe(key, description) {
    this.#change(key, { description }, { isQuiet: true });
  }

  /** Say to the node what has been said of each file, and hand over all that is ready: the uploads in their order. */
  async take() {
    const isTold = ({ upload, description }) => upload.description === description.trim();
    const told = await Promise.all(
      this.#entries.map((entry) =>
        isTold(entry) ? entry.upload : api.describeMedia(entry.upload.id, entry.description.trim()),
      ),
    );
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
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(key, uploadError(error), error.isPassing);
    }
    this.#stops.delete(key);
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

function uploadError(error) {
  return error.status === 413 && error.word === "too-large" ? text("upload.too_large_here") : errorText(error);
}
