// The page without the network: its worker, storage that the system does not clear by itself, and plates fetched ahead.

async function kept() {
  const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  if (!navigator.serviceWorker) return { worker: false, persisted };
  // The page first: the worker fetches all of it once more, from the browser's own cache.
  if (document.readyState !== "complete") await new Promise((yes) => addEventListener("load", yes, { once: true }));
  try {
    await navigator.serviceWorker.register("/bedside/sw.js", { scope: "/bedside/" });
    await navigator.serviceWorker.ready;
    warm().catch(() => null);
    return { worker: true, persisted };
  } catch {
    return { worker: false, persisted };
  }
}

const running = kept();  // also where no visit can be shown

/** Resolves with `{worker, persisted}` when the page is kept on this device; neither missing is a fault of the page. */
export const keep = () => running;

const LATER = 15e3, BETWEEN = 300;  // milliseconds: the plates have time, and the clinic's computer other work
const pause = (time) => new Promise((yes) => setTimeout(yes, time));

/** Addresses of every plate of the chart, as it asks for them. */
async function ofPlates() {
  const { regions } = await (await fetch("/bedside/catalogue.json")).json();
  const sheets = new Set(regions.flatMap((region) => region.plates.map(([plate, layer]) => `${plate}?layer=${layer}`)));
  return [...sheets].flatMap((one) => [
    `/atlas/plates/${one.replace("?", "/targets?")}`,
    ...["right", "left"].map((side) => `/atlas/plates/${one}&side=${side}`),
  ]);
}

/** Fetch through the worker what is not here yet. */
async function fetched(addresses) {
  for (const address of addresses) {
    if (await caches.match(address)) continue;
    await fetch(address, { priority: "low" }).then((answer) => answer.blob()).catch(() => null);  // unread it never ends
    await pause(BETWEEN);
  }
}

/** What the page was loaded with before it had its worker, and later every plate, so that they are here offline. */
async function warm() {
  while (!navigator.serviceWorker.controller) await pause(BETWEEN);
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name));
  await fetched(loaded.filter((one) => one.origin === location.origin && one.pathname.startsWith("/atlas/")).map(String));
  await pause(LATER);
  await fetched(await ofPlates());
}
