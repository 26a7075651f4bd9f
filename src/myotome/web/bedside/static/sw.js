// Keeps the page at the bedside: the shell, its files, the lists and the plates. Nothing under /api, nothing of anybody.
// All of one version are kept together. The version before is kept too, for pages that are still open with it.
const KEPT = "VERSION";
const FILES = ["FILES"];
// Wanted too, and given to whoever is signed in only: what fails here is fetched when the page asks for it.
const BESIDE = ["BESIDE"];
const PREFIX = "myotome-";
const SHELL = "/bedside/shell";
const CATALOGUE = "/bedside/catalogue.json";
const PATIENCE = 2500;  // milliseconds for the lists, before the ones kept here are taken

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(PREFIX + KEPT).then((cache) => cache.addAll(FILES)).then(beside).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidied().then(() => self.clients.claim()));
});

const beside = () => Promise.allSettled(BESIDE.map((address) => fetch(address).then((answer) => kept(address, answer))));

async function tidied() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PREFIX + KEPT);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));  // they come in the order of their making
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (/^\/bedside\/[a-z0-9-]+$/.test(pathname)) event.respondWith(keptFirst(new Request(SHELL)));
  } else if (pathname === CATALOGUE) event.respondWith(clinicFirst(request));
  else if (pathname.startsWith("/bedside/static/") || pathname.startsWith("/atlas/")) event.respondWith(keptFirst(request));
});

/** Only what the clinic itself answered, and not its way to the sign-in page. */
const keepable = (answer) => answer.ok && !answer.redirected && answer.type === "basic";

async function found(request) {
  const own = await (await caches.open(PREFIX + KEPT)).match(request);
  return own ?? (request.url.includes("/bedside/static/") ? caches.match(request) : undefined);
}

async function kept(request, answer) {
  if (keepable(answer)) {
    const cache = await caches.open(PREFIX + KEPT);
    await cache.put(request, answer.clone()).catch(() => {});  // a full device shows it all the same
  }
  return answer;
}

async function keptFirst(request) {
  return (await found(request)) ?? kept(request, await fetch(request));
}

async function clinicFirst(request) {
  const here = await found(request);
  const asked = fetch(request).then((answer) => kept(request, answer));
  if (!here) return asked;
  const patience = new Promise((yes) => setTimeout(yes, PATIENCE, here));
  const answer = await Promise.race([asked.catch(() => here), patience]);
  return answer.status >= 500 ? here : answer;
}
