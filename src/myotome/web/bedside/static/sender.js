// From this device to the clinic: every entry is kept first and sent after, in order, until there is a receipt for it.
// It never gives up, never drops anything, and never sends what somebody else made.
import { offset, toldClock } from "./clock.js";
import { drafted, named, noted, othersSay, pause } from "./delivery.js";
import { asked, posted } from "./reaching.js";
import { t } from "./texts.js";
import { NotKeptError, Vault } from "./vault.js";

const AT_ONCE = 100;
const LOCK = "myotome-outbox", CHANNEL = "myotome-bedside";

/**
 * Sends what the vault keeps. Events: "change" after every change of `state` or of an entry, "received" with
 * `detail` (the entries the clinic has now), "aside" with `detail` (those it refused), "person" when somebody else,
 * or nobody, is signed in from now on: the page must then show nothing of the one before.
 */
export class Sender extends EventTarget {
  /** Open what this device keeps. Ask `begin` next. */
  async opened() {
    this.vault = await Vault.open();
    const clockOff = (await this.vault.fact("clock")) ?? 0;
    const persisted = (await navigator.storage?.persisted?.()) ?? false;
    this.#said({ clockOff, clockSays: toldClock(clockOff), persisted });
    this.#listen();
    return this;
  }

  /** What the page shows: see `#count` and `#said` for who writes it. */
  state = {
    online: true, signedIn: false, locked: false, sending: false, waiting: 0, aside: [], others: 0, othersHere: 0, othersSay: "",
    unreadable: 0, lastError: "", full: false, notKept: "", persisted: false, clockOff: 0, clockSays: "",
  };
  me = null;
  #csrf = "";
  #fails = 0;
  #timer = 0;
  #running = null;
  #again = false;
  #asked = false;
  #begun = false;  // it is seen who is signed in; asking twice at once would take that person for two
  #puts = 0;  // how often entries were kept: a count that was begun before knows nothing of the last
  #left = false;  // somebody else is signed in now, or nobody: this page keeps and sends nothing more
  #channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;

  /** See who is signed in. Returns "clinic" (confirmed), "kept" (not reached; from this device) or "nobody". */
  async begin() {
    this.#left = false;
    const who = await this.#confirmed({ fresh: true });
    if (who === "unreached") {
      this.me = await this.vault.resume();
      this.#fails += 1;
    }
    await this.#count();
    this.#begun = who !== "nobody";
    if (this.#begun) this.wake();
    return who === "unreached" ? (this.me ? "kept" : "nobody") : who;
  }

  /** Keep entries, all or none; resolves (with them as noted) once they are on the disk: only then they are ticked. */
  async put(drafts) {
    const entries = [drafts].flat().map((one) => drafted(one, this.vault.staff, this.state.clockOff, this.me?.on_behalf));
    const beside = { device: this.me?.device ?? "" };
    try {
      if (this.#left || entries.some((one) => this.vault.staff && one.author !== this.vault.staff))
        throw new NotKeptError("signed out", t("offline.another"));
      await this.vault.add(entries, beside);
    } catch (error) {
      this.#said({ notKept: error.message, full: error.name === "full" });
      throw error;
    }
    this.#puts += 1;
    this.#said({ notKept: "", full: false, waiting: this.state.waiting + entries.length });
    this.#tell("changed");
    if (this.state.online) this.wake();  // else there is a time set for the next try
    return entries.map((entry) => noted({ ...beside, entry, state: "waiting" }));
  }

  /** Everything of a visit that is kept here and is of who is signed in, in order, as noted. */
  async keptOf(visit) {
    return (await this.vault.all()).mine.filter((row) => row.entry.visit === visit).map(noted);
  }

  /** Try again to send what was set aside: one, or all. */
  async tryAgain(id = "") {
    await this.#settle(id, "waiting");
    this.wake();
  }

  /** What was set aside has been written down by hand: it stays here, and asks for nothing more. */
  async writtenDown(id) {
    await this.#settle(id, "written");
  }

  /** See again who is signed in, and send: another part of the page was refused. */
  recheck() {
    this.#csrf = "";
    return this.wake();
  }

  /** Send now what waits, however long the pause was to be; before it has begun there is nothing to send. */
  wake() {
    if (!this.#begun) return null;
    clearTimeout(this.#timer);
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
    return this.#running;
  }

  /** Another part of the page has reached the clinic, or has not. */
  reached(online) {
    if (online === this.state.online) return;
    this.#said({ online });
    if (online) this.wake();
  }

  /** Delete the key from this device: at sign-out, before the form is sent. What waits stays, sealed. */
  async forget() {
    await this.vault.forget();
    this.#gone();
    this.#tell("forgotten");
    await this.#count();
  }

  async #run() {
    const alone = navigator.locks ? (act) => navigator.locks.request(LOCK, act) : (act) => act();  // ids bear twice
    while (this.#again) {
      this.#again = false;
      let rest = "later";
      try {
        rest = await alone(() => this.#sendAll());
      } catch (error) {
        this.#said({ lastError: error.message });
      }
      await this.#count();
      if (rest === "later") this.#later();
    }
  }

  #later() {
    this.#fails += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), pause(this.#fails));
  }

  /** Send until nothing waits: "done", "later", or "nobody" where somebody has to sign in first. */
  async #sendAll() {
    const held = new Set();  // visits that the clinic does not take anything of just now
    for (let most = AT_ONCE; ; ) {
      if (this.#left) return "nobody";
      if (!this.#csrf || !this.state.online) {
        const who = await this.#confirmed({});
        if (who !== "clinic") return who === "nobody" ? "nobody" : "later";
      }
      const ready = (await this.#waiting()).filter((row) => !held.has(row.entry.visit));
      if (!ready.length) break;
      const batch = ready.filter((row) => row.entry.visit === ready[0].entry.visit).slice(0, most);
      const step = await this.#sent(batch);
      if (step === "again") continue;
      if (step === "fewer") most = Math.max(1, Math.floor(batch.length / 2));
      else if (step === "hold") held.add(batch[0].entry.visit);
      else if (step === "sent") most = AT_ONCE;
      else return step;
    }
    if (!held.size) this.#fails = 0;
    return held.size ? "later" : "done";
  }

  async #waiting() {
    return (await this.vault.all((row) => row.state === "waiting")).mine;
  }

  /** Send one batch: "sent", "again", "fewer", "hold" (this visit), "later", "nobody". */
  async #sent(batch) {
    this.#said({ sending: true });
    const answer = await posted("/api/entries", { entries: batch.map((row) => row.entry) }, this.#csrf);
    this.#said({ sending: false, online: answer.reached });
    if (answer.status === 200 && answer.told?.receipts) return this.#received(answer.told.receipts);
    this.#said({ lastError: answer.says });
    if (!answer.reached) return "later";
    if (answer.status === 401) return (await this.#confirmed({})) === "clinic" ? "again" : "nobody";
    if (answer.status === 403) return this.#forbidden();
    if (answer.status === 422 || answer.status === 413) return this.#refused(batch, answer);
    return "hold";  // what this one visit meets must not keep back the others
  }

  async #received(receipts) {
    const changes = receipts.map(({ id, position, received }) => ({ id, state: "received", position, received, problems: [] }));
    await this.vault.mark(changes);
    this.#asked = false;
    this.#said({ lastError: "" });
    this.#fails = 0;
    await this.#count();
    this.dispatchEvent(new CustomEvent("received", { detail: receipts }));
    this.#tell("changed");
    return receipts.length ? "sent" : "later";
  }

  /** The token may be of an older session, or somebody else has signed in here: ask, and try once more. */
  async #forbidden() {
    if (this.#asked) {
      this.#asked = false;
      return "hold";
    }
    const said = this.state.lastError;
    const who = await this.#confirmed({});
    this.#asked = true;
    this.#said({ lastError: said });
    return who === "clinic" ? "again" : who === "nobody" ? "nobody" : "later";
  }

  /** Set aside what the clinic names; where it names nothing, try fewer until it is clear which one it is. */
  async #refused(batch, answer) {
    const found = named(batch, answer);
    if (found === "not ours") return this.#forbidden();
    if (!found) return "fewer";
    await this.vault.mark([...found].map(([id, problems]) => ({ id, state: "aside", problems })));
    await this.#count();
    this.dispatchEvent(new CustomEvent("aside", { detail: [...found.keys()] }));
    this.#tell("changed");
    return "again";
  }

  /** Ask the clinic who is signed in: "clinic", "nobody" or "unreached". With `fresh` a page begins. */
  async #confirmed({ fresh = false }) {
    const before = Date.now();
    const answer = await asked("/api/bedside/me");
    const locked = /lock/i.test(answer.told?.reason ?? answer.told?.message ?? "");
    this.#csrf = "";
    if (answer.status === 401 || answer.status === 403) {
      const { signedIn } = this.state;
      this.#said({ online: true, signedIn: false, locked, lastError: answer.says });
      // While a page is in use, what is tapped must still be kept; a page that begins asks to sign in first.
      if (fresh || locked) await this.forget();
      else if (signedIn) this.#later(); // it may have been asked with a token that a signature elsewhere has just renewed
      return "nobody";
    }
    if (answer.status !== 200 || !answer.told?.outbox_key) {
      this.#said({ online: answer.reached, lastError: answer.says });
      return "unreached";
    }
    const known = this.vault.staff;
    await this.vault.admit(answer.told);
    this.me = this.vault.me;
    this.#csrf = answer.told.csrf;
    if (fresh) await this.#reopened();
    await this.clock(answer.told.now, before);
    this.#said({ online: true, signedIn: true, locked: false, lastError: "" });
    if (fresh || known !== this.vault.staff) this.#tell("admitted");
    if (fresh || known === this.vault.staff) return "clinic";
    this.#left = true;
    this.dispatchEvent(new Event("person"));
    return "nobody";
  }

  /** What waits here may be sealed for a device that this browser was enrolled as before: the clinic has that key still. */
  async #reopened() {
    const { unreadable } = await this.vault.all((row) => row.state !== "received");
    const answer = unreadable ? await asked("/api/bedside/me?keys=all") : {};
    if (answer.status === 200) await this.vault.reopen(answer.told?.keys ?? []);
  }

  /** Compare the device's clock with the clinic's `now`, which was asked for at `before` (milliseconds). */
  async clock(now, before) {
    const clockOff = offset(now, before, Date.now());
    if (clockOff === null) return;
    if (clockOff !== this.state.clockOff) await this.vault.keepFact("clock", clockOff);
    this.#said({ clockOff, clockSays: toldClock(clockOff) });
  }

  async #settle(id, state) {
    const { mine } = await this.vault.all((row) => row.state === "aside" && (!id || row.id === id));
    await this.vault.mark(mine.map((row) => ({ id: row.id, state })));
    await this.#count();
    this.#tell("changed");
  }

  async #count() {
    const puts = this.#puts, waits = await this.vault.others(this.visit), told = { ...waits, othersSay: othersSay(waits.others) };
    if (!this.vault.staff) return this.#said({ ...told, waiting: 0, aside: [], unreadable: 0 });
    const { mine, unreadable } = await this.vault.all((row) => row.state !== "received");
    if (puts !== this.#puts) return this.#count();
    const waiting = mine.filter((row) => row.state === "waiting").length;
    const set = mine.filter((row) => row.state === "aside").map(noted);
    const aside = set.length || this.state.aside.length ? set : this.state.aside;
    return this.#said({ ...told, waiting, aside, unreadable });
  }

  #said(told) {
    const same = Object.keys(told).every((name) => told[name] === this.state[name]);
    Object.assign(this.state, told);
    if (!same) this.dispatchEvent(new Event("change"));
  }

  #tell(what) {
    this.#channel?.postMessage({ what, staff: this.vault.staff });
  }

  #gone() {
    this.#left = true;
    this.me = null;
    this.#csrf = "";
    this.#said({ signedIn: false });
    this.dispatchEvent(new Event("person"));
  }

  #listen() {
    const wake = () => document.visibilityState !== "hidden" && this.wake();
    for (const [where, name] of [[window, "online"], [window, "focus"], [document, "visibilitychange"], [window, "pageshow"]])
      where.addEventListener(name, wake);
    window.addEventListener("offline", () => this.#said({ online: false }));
    this.#channel?.addEventListener("message", ({ data }) => this.#heard(data));
  }

  /** Another tab kept, sent, let somebody in, or deleted the key. */
  async #heard({ what, staff }) {
    const left = this.vault.staff && (what === "forgotten" || (what === "admitted" && staff !== this.vault.staff));
    if (left) {
      this.vault.close();
      this.#gone();
    }
    if (what === "admitted" && !this.#left) this.wake();
    await this.#count();
    if (what === "changed") this.dispatchEvent(new Event("elsewhere"));
  }
}
