// What a browser keeps of the chat: its files by the version in their addresses, and the empty page around them.
//
// Nothing of a person is kept: no answer of the JSON API, and no page that was made for somebody. The node puts
// `self.SHELL` before this text: {version, page, files}; another version makes this another worker, with a cache of its
// own.

const { version, page, files } = self.SHELL;
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
