// What this device keeps: entries and packs in IndexedDB, sealed with the key of the person they belong to.
// One key at a time is on the device: that of whoever signed in last. It can be used here and cannot be taken out;
// signing out deletes it, and what it sealed stays, unreadable, until the same person signs in again.
import { lasting, opened, read, wanted as then, written } from "./store.js";
import { t } from "./texts.js";

const HOUR = 3600e3;
/** A key that the clinic has not confirmed for so long opens nothing: a tablet that was lost tells nothing next week. */
export const KEY_LASTS = 24 * HOUR;
/** Copies of what the clinic has are not kept on a device for longer. */
export const COPY_LASTS = 7 * 24 * HOUR;

/** Something could not be kept on this device; `name` says why: "full", "signed out", "unsafe", "broken". */
export class NotKeptError extends Error {
  constructor(name, words) {
    super(words);
    this.name = name;
  }
}

async function sealed(key, about, told) {
  const iv = crypto.getRandomValues(new Uint8Array(12));  // fresh for each: the same twice would open both
  const additionalData = new TextEncoder().encode(about);
  const plain = new TextEncoder().encode(JSON.stringify(told));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain) };
}

async function imported(raw) {
  const bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  return key;
}

/** What is in a row, or null where this key does not open it. */
async function unsealed(key, about, row) {
  const additionalData = new TextEncoder().encode(about);
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData }, key, row.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

const ofEntry = (staff, id) => `entry ${staff} ${id}`;
const ofPack = (staff, visit) => `pack ${staff} ${visit}`;
const ofDrafts = (staff, visit) => `drafts ${staff} ${visit}`;
const ofMe = (staff) => `me ${staff}`;

/** The keys, entries and packs of one device. */
export class Vault {
  /** Open what this device keeps; nothing can be read before `admit` or `resume`. */
  static async open() {
    const vault = new Vault();
    if (!globalThis.crypto?.subtle) throw new NotKeptError("unsafe", t("offline.unsafe"));
    vault.base = await opened();
    const old = Date.now() - COPY_LASTS;
    await written(vault.base, ["packs"], (packs) => lasting(packs, (row) => row.kept > old));
    return vault;
  }

  staff = "";
  me = null;
  #key = null;

  /** Let somebody in whom the clinic has confirmed: their key comes onto the device, that of anybody else goes. */
  async admit(me, now = Date.now()) {
    const { outbox_key: raw, csrf: _, ...kept } = me, key = await imported(raw);
    const before = await read(this.base, "keys", (keys) => keys.get(me.staff));
    if (before) await this.#resealed(me.staff, before.key, key);
    const row = { staff: me.staff, key, since: now, ...(await sealed(key, ofMe(me.staff), kept)) };
    await this.#written(["keys"], (keys) => {
      keys.clear();
      keys.put(row);
    });
    [this.staff, this.me, this.#key] = [me.staff, kept, key];
  }

  /** What keys of theirs from other enrolments of this browser open goes over to the key of now. */
  async reopen(raws) {
    const [staff, key] = this.#open();
    for (const raw of raws) await this.#resealed(staff, await imported(raw), key);
  }

  /** Go on with the key that is here, where the clinic cannot be asked; tells who it is of, or null. */
  async resume(now = Date.now()) {
    const [row] = await read(this.base, "keys", (keys) => keys.getAll());
    const me = row && now - row.since < KEY_LASTS ? await unsealed(row.key, ofMe(row.staff), row) : null;
    [this.staff, this.me, this.#key] = me ? [row.staff, me, row.key] : ["", null, null];
    return me;
  }

  /** Read nothing more from here on: another tab has deleted the key, or let somebody else in. */
  close() {
    [this.staff, this.me, this.#key] = ["", null, null];
  }

  /** Delete the key: nothing of anybody's can be read on this device from now on, and nothing is lost. */
  async forget() {
    this.close();
    await written(this.base, ["keys"], (keys) => keys.clear());
  }

  /** Keep entries, all or none; resolves once they are on the disk. What is kept may be told `beside` them. */
  async add(list, beside = {}) {
    const [staff, key] = this.#open();
    const rows = [];
    for (const entry of list) {
      const inside = await sealed(key, ofEntry(staff, entry.id), { ...beside, entry });
      rows.push({ id: entry.id, staff, visit: entry.visit, state: "waiting", ...inside });
    }
    await this.#written(["entries"], (entries) => {
      for (const row of rows)  // an id that is kept already stays as it is
        then(entries.index("id").getKey(row.id), (seq) => seq === undefined && entries.add(row));
    });
  }

  /** The entries of whoever is signed in, in the order in which they were made, and how many cannot be read. */
  async all(wanted = () => true) {
    const [staff, key] = this.#open();
    const every = await read(this.base, "entries", (entries) => entries.index("staff").getAll(staff));
    const rows = every.filter(wanted);
    const told = await Promise.all(rows.map((row) => unsealed(key, ofEntry(staff, row.id), row)));
    const mine = rows.map(({ seq, id, state }, at) => told[at] && { ...told[at], seq, id, state }).filter(Boolean);
    return { mine, unreadable: rows.filter((row, at) => !told[at] && row.state !== "received").length };
  }

  /** How many entries of other people wait here, and how many of one visit: all that is known of them. */
  async others(visit) {
    const rows = await read(this.base, "entries", (entries) => entries.getAll());
    const wait = rows.filter((row) => row.staff !== this.staff && !["received", "written"].includes(row.state));
    return { others: wait.length, othersHere: wait.filter((row) => (row.visit ?? visit) === visit).length };
  }

  /** Change the state of entries, and what is told beside them: `[{id, state, ...beside}]`. What was received stays. */
  async mark(changes) {
    const [staff, key] = this.#open();
    const ids = new Set(changes.map((one) => one.id));
    const { mine } = await this.all((row) => ids.has(row.id) && row.state !== "received");
    const rows = [];
    for (const { id, state, ...beside } of changes) {
      const found = mine.find((one) => one.id === id);
      if (!found) continue;
      const { seq, state: _, id: __, ...told } = { ...found, ...beside };
      rows.push({ seq, id, staff, visit: told.entry.visit, state, ...(await sealed(key, ofEntry(staff, id), told)) });
    }
    await this.#written(["entries"], (entries) => {
      for (const row of rows) then(entries.get(row.seq), (now) => now?.state !== "received" && entries.put(row));
    });
  }

  /** Keep a visit as the clinic told it; entries that stand in it need not be kept beside it any longer. */
  async keepPack(visit, pack, now = Date.now()) {
    const [staff, key] = this.#open();
    const row = { name: ofPack(staff, visit), staff, kept: now, ...(await sealed(key, ofPack(staff, visit), pack)) };
    const held = new Set(pack.entries.map((one) => one.id));
    await this.#written(["packs", "entries"], (packs, entries) => {
      packs.put(row);
      lasting(entries, (one) => !(one.staff === staff && one.state === "received" && held.has(one.id)));
    });
  }

  /** The visit as it was kept last, or null. */
  async pack(visit) {
    const [staff, key] = this.#open();
    const row = await read(this.base, "packs", (packs) => packs.get(ofPack(staff, visit)));
    return row ? unsealed(key, ofPack(staff, visit), row) : null;
  }

  /** Keep words of a visit that are typed and not recorded yet. */
  async keepDrafts(visit, told) {
    const [staff, key] = this.#open(), name = ofDrafts(staff, visit), row = { name, staff, kept: Date.now(), ...(await sealed(key, name, told)) };
    await this.#written(["packs"], (packs) => packs.put(row));
  }

  /** Those words as they were kept last, or null. */
  async drafts(visit) {
    const [staff, key] = this.#open(), name = ofDrafts(staff, visit);
    const row = await read(this.base, "packs", (packs) => packs.get(name));
    return row ? unsealed(key, name, row) : null;
  }

  /** Keep a small fact that is about nobody. */
  async keepFact(name, value) {
    await written(this.base, ["facts"], (facts) => facts.put({ name, value }));
  }

  /** A fact that was kept, or undefined. */
  async fact(name) {
    return (await read(this.base, "facts", (facts) => facts.get(name)))?.value;
  }

  #open() {
    if (!this.#key) throw new NotKeptError("signed out", t("offline.signed-out"));
    return [this.staff, this.#key];
  }

  async #written(stores, act) {
    try {
      await written(this.base, stores, act);
    } catch (error) {
      const full = error?.name === "QuotaExceededError";
      throw full ? new NotKeptError("full", t("offline.full")) : new NotKeptError("broken", t("offline.not-kept", { why: error?.name }));
    }
  }

  /** A browser that was enrolled as another device has another key: what the old one sealed goes over to the new. */
  async #resealed(staff, before, key) {
    const rows = await read(this.base, "entries", (entries) => entries.index("staff").getAll(staff));
    const over = [];
    for (const row of rows) {
      const about = ofEntry(staff, row.id);
      if (await unsealed(key, about, row)) continue;
      const told = await unsealed(before, about, row);
      if (told) over.push({ ...row, ...(await sealed(key, about, told)) });
    }
    if (over.length) await written(this.base, ["entries"], (entries) => over.forEach((row) => entries.put(row)));
  }
}
