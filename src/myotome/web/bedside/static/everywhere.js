// On every plain page of the clinic. At the sign-in page: the key leaves this device. Signed in: what still waits is sent.
const BACK = "myotome-back";
const signedIn = document.querySelector('form[action="/sign-out"]') !== null;

function said(words) {
  const line = document.createElement("p");
  line.className = "done";
  line.setAttribute("role", "status");
  line.textContent = words;
  document.querySelector("main")?.prepend(line);
}

async function leave(sender, t) {
  await sender.forget();
  const { others } = sender.state;
  if (others) said(t("everywhere.sealed", { n: others }));
}

async function send(sender, t) {
  const before = (await sender.begin()) === "clinic" ? sender.state.waiting : 0;
  if (!before) return;
  await sender.wake();
  const { waiting, aside, lastError } = sender.state, sent = before - waiting - aside.length;
  if (sent > 0) said(t("everywhere.sent", { n: sent }));
  if (waiting) said(t("everywhere.waiting", { n: waiting, why: lastError }));
  if (aside.length) said(t("everywhere.refused", { n: aside.length }));
}

/** Only a device that was at a bedside has anything of it. */
async function used() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return false;
  const bases = (await indexedDB.databases?.().catch(() => null)) ?? [{ name: "myotome-bedside" }];
  return bases.some((one) => one.name === "myotome-bedside");
}

async function start() {
  const back = signedIn ? sessionStorage.getItem(BACK) : null;
  if (signedIn) sessionStorage.removeItem(BACK);
  if (back?.startsWith("/bedside/")) return location.replace(back);
  if (!(await used())) return;
  const [{ Sender }, { t }] = await Promise.all([import("./sender.js"), import("./texts.js")]);
  const sender = await new Sender().opened();
  if (signedIn) await send(sender, t);
  else if (location.pathname === "/sign-in") await leave(sender, t);
}

start();
