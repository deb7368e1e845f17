// One way to ask this node's JSON API: with the session's CSRF token, and with problems as errors.

const BASE = "/api/covey/v1";

/**
 * What went wrong, in words that may be shown. `status` is 0 when no answer came at all; `retryAfter` is in seconds, 0
 * where the node does not say; by `code` the log finds the request.
 */
export class ApiError extends Error {
  constructor(status, { type = "about:blank", title = "", detail = "" } = {}, header = () => null) {
    super(detail || title || `status ${status}`);
    this.status = status;
    this.type = type;
    this.title = title;
    this.detail = detail;
    this.retryAfter = Number(header("Retry-After")) || 0;
    this.code = header("X-Request-Id") ?? "";
  }

  /** The stable word by which the API names a problem, such as "not-found"; "" where it names none. */
  get word() {
    return this.type.includes("#") ? this.type.slice(this.type.lastIndexOf("#") + 1) : "";
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The CSRF token that the server wrote into the page. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** A fresh key for one thing to be made; the same key twice makes it once. */
export function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * `isAside` is what nobody has asked for: where it is refused nobody is led away to sign in, and it goes on when the page
 * is left.
 */
async function request(method, path, { body, form, key, signal, isAside = false } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      signal,
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
      keepalive: isAside && method !== "GET",
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0);
  }
  if (response.status === 401 && !isAside) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, answer ?? {}, (name) => response.headers.get(name));
  }
  return { answer, next: nextPage(response.headers.get("Link")) };
}

/** Hand in a file, by the one kind of request that tells how far it is: `onProgress` gets a part of 1. */
function upload(file, { key, onProgress, signal }) {
  const asking = new XMLHttpRequest();
  asking.open("POST", `${BASE}/media`);
  asking.responseType = "json";
  asking.setRequestHeader("Accept", "application/json");
  asking.setRequestHeader("X-CSRF-Token", csrfToken());
  asking.setRequestHeader("Idempotency-Key", key);
  return new Promise((resolve, reject) => {
    asking.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    asking.addEventListener("load", () => {
      if (asking.status < 400) resolve(asking.response);
      else reject(new ApiError(asking.status, asking.response ?? {}, (name) => asking.getResponseHeader(name)));
    });
    asking.addEventListener("error", () => reject(new ApiError(0)));
    signal.addEventListener("abort", () => {
      asking.abort();
      reject(signal.reason);
    });
    asking.send(formOf(file));
  });
}

function formOf(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
}

/** The path after BASE of a Link header's rel="next", or "". */
function nextPage(link) {
  const found = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? "");
  if (!found) return "";
  const url = new URL(found[1], location.origin);
  return url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) + url.search : "";
}

async function get(path, options) {
  return (await request("GET", path, options)).answer;
}

async function post(path, body = {}, key = undefined) {
  return (await request("POST", path, { body, key })).answer;
}

/** Every item of a paged list. */
async function getAll(path) {
  const items = [];
  for (let next = path; next; ) {
    const page = await request("GET", next);
    items.push(...page.answer.items);
    next = page.next;
  }
  return items;
}

const id = encodeURIComponent;

export const api = {
  events: `${BASE}/events`,
  me: () => get("/me"),
  conversations: () => getAll("/conversations?limit=100"),
  conversation: (conversation) => get(`/conversations/${id(conversation)}`),
  startConversation: (draft, key) => post("/conversations", draft, key),
  accept: (conversation) => post(`/conversations/${id(conversation)}/accept`),
  decline: (conversation) => post(`/conversations/${id(conversation)}/decline`),
  leave: (conversation) => post(`/conversations/${id(conversation)}/leave`),
  markRead: (conversation, upTo) => post(`/conversations/${id(conversation)}/read`, { up_to: upTo }),
  mute: (conversation, body) => post(`/conversations/${id(conversation)}/mute`, body),
  unmute: async (conversation) => (await request("DELETE", `/conversations/${id(conversation)}/mute`)).answer,
  arrange: async (conversation, body) =>
    (await request("PATCH", `/conversations/${id(conversation)}/preferences`, { body })).answer,
  refuse: (conversation) => post(`/conversations/${id(conversation)}/refuse`),
  search: async (query, next = "") => {
    const found = await request("GET", next || `/search?limit=20&${query}`);
    return { ...found.answer, next: found.next };
  },
  invite: (conversation, acct, key) => post(`/conversations/${id(conversation)}/members`, { acct }, key),
  messages: async (conversation, { before = "", after = "", since = "", limit, signal }) => {
    const query = new URLSearchParams({ limit: String(limit) });
    if (before) query.set("before", before);
    if (after) query.set("after", after);
    if (since) query.set("since", since);
    return (await get(`/conversations/${id(conversation)}/messages?${query}`, { signal })).items;
  },
  message: (message) => get(`/messages/${id(message)}`),
  editMessage: async (message, body) => (await request("PATCH", `/messages/${id(message)}`, { body })).answer,
  deleteMessage: async (message) => (await request("DELETE", `/messages/${id(message)}`)).answer,
  edits: async (message) => (await get(`/messages/${id(message)}/edits`)).items,
  delivery: async (message) => (await get(`/messages/${id(message)}/delivery`)).items,
  react: async (message, emoji, reacts) =>
    (await request(reacts ? "PUT" : "DELETE", `/messages/${id(message)}/reactions/${id(emoji)}`)).answer,
  keepDraft: async (conversation, draft) => {
    await request("PUT", `/conversations/${id(conversation)}/draft`, { body: draft, isAside: true });
  },
  upload,
  describeMedia: async (media, description, isAside = false) =>
    (await request("PUT", `/media/${id(media)}/description`, { body: { description }, isAside })).answer,
  report: (report, key) => post("/reports", report, key),
  setRole: async (conversation, acct, role) =>
    (await request("PATCH", `/conversations/${id(conversation)}/members/${id(acct)}`, { body: { role } })).answer,
  removeMember: async (conversation, acct, isBan) =>
    (await request("DELETE", `/conversations/${id(conversation)}/members/${id(acct)}${isBan ? "?ban=true" : ""}`)).answer,
  describe: async (conversation, changes) => (await request("PATCH", `/conversations/${id(conversation)}`, { body: changes })).answer,
  setPicture: async (conversation, file) =>
    (await request(file ? "PUT" : "DELETE", `/conversations/${id(conversation)}/picture`, { form: file && formOf(file) })).answer,
  close: async (conversation) => (await request("DELETE", `/conversations/${id(conversation)}`)).answer,
  links: async (conversation) => (await get(`/conversations/${id(conversation)}/links`)).items,
  makeLink: (conversation, terms, key) => post(`/conversations/${id(conversation)}/links`, terms, key),
  endLink: async (conversation, link) => {
    await request("DELETE", `/conversations/${id(conversation)}/links/${id(link)}`);
  },
  checkInvite: (conversation, acct) => post(`/conversations/${id(conversation)}/members`, { acct, check: true }),
  changes: async (conversation, { before = "", limit }) => {
    const query = new URLSearchParams({ limit: String(limit), ...(before ? { before: String(before) } : {}) });
    return (await get(`/conversations/${id(conversation)}/changes?${query}`, { isAside: true })).items;
  },
  presence: async (conversation) => (await get(`/conversations/${id(conversation)}/presence`, { isAside: true })).items,
  typing: async (conversation) => {
    await request("POST", `/conversations/${id(conversation)}/typing`, { body: {}, isAside: true });
  },
  followHome: (conversation) => post(`/conversations/${id(conversation)}/follow_home`),
  postMessage: (conversation, body, key) => post(`/conversations/${id(conversation)}/messages`, body, key),
  push: () => get("/push"),
  subscribe: (subscription) => post("/push/subscriptions", subscription),
  unsubscribe: () => request("DELETE", "/push/subscriptions"),
  preview: (url) => post("/previews", { url }),
  resolve: (acct) => post("/people/resolve", { acct }),
  resolveForConversation: (acct) => post("/people/resolve", { acct, check: true }),
  person: (acct) => get(`/people/${id(acct)}`),
  findPeople: async (words, limit) => (await get(`/people?${new URLSearchParams({ q: words, limit: String(limit) })}`)).items,
  follows: () => getAll("/follows?limit=100"),
  followers: () => getAll("/followers?limit=100"),
  followersWaiting: () => getAll("/followers/requests?limit=100"),
  acceptFollower: (acct) => post(`/followers/requests/${id(acct)}/accept`),
  declineFollower: (acct) => post(`/followers/requests/${id(acct)}/decline`),
  follow: (acct) => post("/follows", { acct }),
  unfollow: (acct) => request("DELETE", `/follows/${id(acct)}`),
  stranger: (conversation) => get(`/conversations/${id(conversation)}/request`, { isAside: true }),
  deleteRequest: (conversation) => request("DELETE", `/conversations/${id(conversation)}/request`),
  blockHost: (host) => post("/host_blocks", { host }),
  mutePerson: (acct) => post("/mutes", { acct }),
  unmutePerson: (acct) => request("DELETE", `/mutes/${id(acct)}`),
  blocked: () => getAll("/blocks?limit=100"),
  block: (acct) => post("/blocks", { acct }),
  unblock: (acct) => request("DELETE", `/blocks/${id(acct)}`),
};
