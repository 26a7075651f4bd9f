// One visit on this device: what the clinic has of it and what is kept here, as one list of entries.
import { asked } from "./reaching.js";
import { Sender } from "./sender.js";
import { t } from "./texts.js";

const BETWEEN = 2000;  // milliseconds between two looks at what other devices recorded
/** Milliseconds: a tablet that nobody touches for so long is covered, and stops looking: its session ends as any other does. */
export const IN_USE = 15 * 60e3;
const REST = IN_USE + 61 * 60e3;  // by then its session has ended too: nothing of anybody stays on the screen
const BACK = "myotome-back";
const TAKES_NONE = ["moved", "struck"];
const UNSENT = Number.MAX_SAFE_INTEGER;

/** A visit that cannot be shown, with the words why. */
export class NoVisitError extends Error {}

/** The entries of a visit, from the clinic and from here. "change" is told after every change of any of it. */
export class Outbox extends Sender {
  /** Open what this device keeps. Ask `load` next. */
  static async open(visit = "") {
    const outbox = new Outbox();
    outbox.visit = visit;
    return outbox.opened();
  }

  /** Why the visit is not here any more, and where it is opened; see `#goes`. */
  gone = "";
  open = "";
  pack = null;
  catalogue = null;
  #clinic = new Map();  // by id: what the clinic told of this visit
  #here = new Map();  // by id: what is kept on this device
  #seen = 0;  // up to where the clinic has told everything; a receipt for one's own says nothing of those before it

  /** Whether needles are in, so that the page must not go; the page says so. */
  holds = () => false;

  /** How many entries of one's own the clinic has not got. */
  get waiting() {
    return this.state.waiting;
  }

  /** Whether the clinic answered when it was last asked. */
  get online() {
    return this.state.online;
  }

  /** By how many seconds the clock of the device is ahead. */
  get clockOff() {
    return this.state.clockOff;
  }

  /** The entries that the clinic refused: kept here, with its words as `problems`. */
  get refused() {
    return this.state.aside;
  }

  /** Every entry of this visit, as noted: the clinic's in its order, then those kept here in theirs. */
  get entries() {
    const own = [...this.#here.values()].filter((one) => one.here !== "written" && !this.#clinic.has(one.id));
    return [...this.#clinic.values(), ...own].sort((a, b) => (a.position ?? UNSENT) - (b.position ?? UNSENT));
  }

  /**
   * Load the visit: from the clinic, or from this device where it cannot be reached.
   * @throws {NoVisitError} neither has it, or nobody is signed in (then the sign-in page comes, and leads back here).
   */
  async load() {
    for (const name of ["received", "aside", "elsewhere"]) this.addEventListener(name, () => this.#reread());
    const who = await this.begin();
    if (who === "nobody") throw this.#signInFirst();
    // From here on; before, it would never end. Where needles are in, the cover tells their places all the same.
    this.addEventListener("person", () => this.holds() || location.reload());
    const [pack, catalogue] = await Promise.all([this.#packed(), asked("/bedside/catalogue.json")]);
    if (!catalogue.told?.edition) throw new NoVisitError(t("offline.no-lists", { says: catalogue.says }));
    [this.pack, this.catalogue] = [pack, catalogue.told];
    this.#goes(pack.visit.refuses);
    this.#taken(pack.entries);
    await this.#reread();
    this.#follow();
    return { pack, catalogue: this.catalogue };
  }

  /** Keep entries, all or none, and have them among `entries`; see `Sender.put`. A visit that is not here any more takes none. */
  async put(drafts) {
    if (TAKES_NONE.includes(this.gone)) throw new Error(t(`offline.gone-${this.gone}`));
    const kept = await super.put(drafts);
    for (const one of kept)  // the receipt may have been quicker
      if (one.visit === this.visit && !this.#here.has(one.id)) this.#here.set(one.id, one);
    this.dispatchEvent(new Event("change"));
    return kept;
  }

  /** Look now at what other devices recorded. */
  async look() {
    const before = Date.now();
    const answer = await asked(`/api/visits/${this.visit}/bedside/since?position=${this.#seen}`);
    if (answer.status === 401 || answer.status === 403) return this.#refusedHere(answer);
    this.reached(answer.reached);
    if (answer.status !== 200 || !answer.told?.entries) return;
    const { now, stage, last_entry, late_in, entries, person, refuses, me } = answer.told;
    await this.clock(now, before);
    this.#goes(person === this.pack.person.id ? refuses : "moved", `/people/${person}/open?to=${this.visit}`);
    if (this.gone === "moved") return; // what is charted of somebody else is not shown under this name
    const moved = stage !== this.pack.visit.stage || last_entry !== this.pack.visit.last_entry || me.on_behalf !== this.pack.me.on_behalf;
    Object.assign(this.me, me);
    if (!moved && !entries.length) return;
    Object.assign(this.pack.visit, { stage, last_entry });
    Object.assign(this.pack, { late_in, me: { ...this.pack.me, ...me } });
    this.#taken(entries);
    this.pack.entries = [...this.#clinic.values()];
    await this.vault.keepPack(this.visit, this.pack).catch(() => {});  // a copy: the entries are kept anyway
    await this.#reread();
  }

  /** Signed in and yet refused: the visit was moved to another person, or the record was not opened in this session. */
  async #refusedHere({ status, told }) {
    if (told?.reason === "moved") return this.#goes("moved", told.open);
    await this.recheck();
    if (status === 403 && this.state.signedIn) this.#goes("closed");
  }

  /** Where the visit has gone, told at once: "moved", "struck", "closed" (its record, in this session) or "". */
  #goes(gone, open = "") {
    const told = gone ?? "";
    if (told === this.gone) return;
    Object.assign(this, { gone: told, open: open || `/people/${this.pack.person.id}/open?to=${this.visit}` });
    this.dispatchEvent(new Event("change"));
  }

  async #packed() {
    const answer = await asked(`/api/visits/${this.visit}/bedside`);
    if (answer.status === 200 && answer.told?.entries) {
      await this.vault.keepPack(this.visit, answer.told).catch(() => {});
      return answer.told;
    }
    if (answer.reached && answer.status < 500) throw Object.assign(new NoVisitError(answer.says), { open: answer.told?.open });
    const kept = await this.vault.pack(this.visit);
    if (!kept) throw new NoVisitError(t("offline.never-opened", { says: answer.says }));
    return kept;
  }

  #signInFirst() {
    if (!this.online) return new NoVisitError(t("offline.nobody"));
    this.signInAgain();
    return new NoVisitError(t("offline.sign-in-first"));
  }

  /** Go to the sign-in page, which leads back here. */
  signInAgain() {
    sessionStorage.setItem(BACK, location.pathname + location.hash);
    location.assign("/sign-in");
  }

  #taken(entries) {
    for (const one of entries) {
      this.#clinic.set(one.id, { ...one, visit: this.visit, here: "received" });
      this.#seen = Math.max(this.#seen, one.position ?? 0);
    }
  }

  async #reread() {
    if (!this.vault.staff) return;
    this.#here = new Map((await this.keptOf(this.visit)).map((one) => [one.id, one]));
    this.dispatchEvent(new Event("change"));
  }

  #follow() {
    // What the browser kept whole for its Back button asks anew who is signed in.
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    let touched = Date.now();
    for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, () => (touched = Date.now()));
    const look = async () => {
      if (Date.now() - touched > REST && !this.holds()) return location.reload();
      const used = document.visibilityState !== "hidden" && Date.now() - touched < IN_USE;
      if (used && this.state.signedIn) await this.look().catch(() => {});
      setTimeout(look, BETWEEN);
    };
    setTimeout(look, BETWEEN);
  }
}
