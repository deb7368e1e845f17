// A person takes a conversation along as a file that this page writes from what it may show.

import { api } from "../api.js";
import { h, setText } from "../dom.js";
import { errorText, text } from "../strings.js";
import { entryOf, headOf } from "../transcript.js";

const PAGE = 100;
// How often a page is asked for that does not come at once, and how long to wait where the node does not say.
const TRIES = 5;
const PAUSE_S = 2;
// How long a browser may take to begin.
const KEPT_MS = 60_000;

class SaveCopy extends HTMLElement {
  #stop = null;

  connectedCallback() {
    if (this.button) return;
    this.button = h("button", { type: "button", class: "link", on: { click: () => this.#pressed() } }, text("save.start"));
    this.answer = h("p", { class: "hint", role: "status" });
    this.replaceChildren(h("h3", {}, text("save.heading")), this.button, this.answer);
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  update(conversation) {
    if (this.conversation && this.conversation.id !== conversation.id) this.#stop?.abort();
    this.conversation = conversation;
  }

  async #pressed() {
    if (this.#stop) {
      this.#stop.abort();
      return;
    }
    this.#stop = new AbortController();
    setText(this.button, text("save.stop"));
    try {
      await this.#save(this.conversation, this.#stop.signal);
    } catch (error) {
      setText(this.answer, error.name === "AbortError" ? "" : errorText(error));
    }
    this.#stop = null;
    setText(this.button, text("save.start"));
  }

  async #save(conversation, signal) {
    const parts = [];
    for (let before = "", count = 0; ; ) {
      const messages = await pageBefore(conversation.id, before, signal);
      parts.unshift(messages.map((message) => entryOf(message, conversation)).join(""));
      count += messages.length;
      setText(this.answer, text("save.so_far", { n: count }));
      if (messages.length < PAGE) break;
      before = messages[0].id;
    }
    parts.unshift(headOf(conversation, this.chat.state.me, new Date()));
    offer(new Blob(parts, { type: "text/plain;charset=utf-8" }), `${text("save.name")}-${new Date().toISOString().slice(0, 10)}.txt`);
  }
}

/** A page of messages, patiently: a long conversation takes many, and the node may ask to wait. */
async function pageBefore(id, before, signal) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.messages(id, { before, limit: PAGE, signal });
    } catch (error) {
      if (!error.isPassing || tries === TRIES) throw error;
      await pause(error.retryAfter || PAUSE_S, signal);
    }
  }
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

/** Let the browser keep a file that is made here. */
function offer(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

customElements.define("save-copy", SaveCopy);
