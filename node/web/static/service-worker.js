// What a browser keeps of the chat: its files by the version in their addresses, and the empty page around them.
//
// Nothing of a person is kept: no answer of the JSON API, and no page that was made for somebody. The node puts
// `self.SHELL` before this text: {version, page, files, words, icon}; another version makes this another worker, with a
// cache of its own. It also shows what the node tells when no page is open.

const { version, page, files, words, icon } = self.SHELL;
const CACHE = `covey-${version}`;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(asked(request));
  else if (files.includes(url.pathname)) event.respondWith(kept(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  // Without the session's cookie: the same page for everybody.
  await cache.addAll([...files, new Request(page, { credentials: "omit", cache: "no-store" })]);
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** A page is asked for each time; only if no answer comes, the empty one is shown. */
async function asked(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(page)) ?? Response.error();
  }
}

/** These bytes are the same for ever. */
async function kept(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("push", (event) => event.waitUntil(heard(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

/** One notification for a conversation: the next message takes its place, and it goes when it was read elsewhere. */
async function heard(data) {
  const told = data.json();
  const tag = told.conversation;
  if (told.type === "read") {
    for (const shown of await self.registration.getNotifications({ tag })) shown.close();
    return;
  }
  const path = `/chat/${encodeURIComponent(tag)}`;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((one) => one.focused && new URL(one.url).pathname === path)) return;
  const body = told.text === null ? words.message.replace("{name}", () => told.author) : `${told.author}: ${told.text}`;
  await self.registration.showNotification(told.title, { body, tag, renotify: true, data: path, icon, dir: "auto" });
}

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const chat = pages.find((one) => new URL(one.url).pathname.startsWith("/chat"));
  if (!chat) return self.clients.openWindow(path);
  chat.postMessage({ open: path });
  return chat.focus();
}
