// What the software makes of the findings: the quick answer at once, beside the sending; the whole one a moment after.

import { now } from "./clock.js";
import { within } from "./reaching.js";
import { t } from "./texts.js";

const BEARS = /^(screening|case|finding|plan|entry)\./; // what can change the answer
const NEEDLED = /^needled?\.(in|against)$/; // what can change only whether somebody is to write why a needle went in
const PAUSE = 60; // milliseconds after the quick answer before the whole one is asked
const ANEW = 2000; // milliseconds after an answer that did not come before it is asked again

export class Thinking {
  constructor(app) {
    Object.assign(this, { app, asked: null, next: null, busy: null, call: null, timer: 0, coming: [] });
  }

  /** Ask with entries that are on their way to the disk: the answer is sooner by that, and shown when they are `kept`. */
  ahead(entries, kept) {
    this.coming = [...this.coming, ...entries];
    this.kept = Promise.allSettled([this.kept, kept]).then(() => {}); // whether it was kept or not
    this.follow();
  }

  /** Ask where the entries are others than those last asked about. */
  follow() {
    const held = new Set(this.app.entries.map((one) => one.id));
    this.coming = this.coming.filter((one) => !held.has(one.id));
    if (!this.app.online) return this.lost();
    return this.ask([...this.app.entries, ...this.coming], performance.now());
  }

  /** Without a connection nothing is thought; it is asked again when there is one. */
  lost() {
    this.asked = null;
    if (this.app.thought.state !== "offline") this.told({ state: "offline" });
  }

  /** Ask again whatever is known. */
  again() {
    this.asked = null;
    this.coming = [];
    this.follow();
  }

  ask(entries, since) {
    const bears = idsOf(entries, BEARS), key = bears + idsOf(entries, NEEDLED), same = this.asked !== null && bears === this.bears;
    if (key === this.asked) return;
    Object.assign(this, { asked: key, bears });
    this.call?.abort();
    clearTimeout(this.timer);
    if (!entries.some((one) => /^(screening|finding)/.test(one.kind))) {
      this.next = null;
      this.told({ quick: null, whole: null, state: "current", problems: [] });
      return;
    }
    this.next = { drafts: entries.filter((one) => !one.received).map(draftOf), since, key, bears, kept: this.kept };
    if (!same) this.told({ state: "waiting" });
    this.begin();
  }

  /** Think, unless it does: what is asked while one run ends begins the next. */
  begin() {
    this.busy ??= this.run().finally(() => {
      this.busy = null;
      if (this.next) this.begin();
    });
  }

  /** One quick question at a time, always the newest; what comes meanwhile waits, so that fast taps starve none. */
  async run() {
    while (this.next) {
      const job = this.next, began = performance.now();
      this.next = null;
      this.call = new AbortController();
      const quick = await this.answer(job, "quick");
      await job.kept;
      if (!quick || job.key !== this.asked) {
        if (quick && this.next) this.told({ quick });
        continue;
      }
      this.answered(quick);
      this.told({ quick, state: "current", problems: [] });
      this.app.frame?.timed(performance.now() - job.since, quick.ms);
      // A slow clinic is given time: a whole answer that nobody waits for would hold up the next quick one.
      if (job.bears !== this.app.thought.wholeKey) this.timer = setTimeout(() => this.whole(job), Math.max(PAUSE, performance.now() - began));
    }
  }

  async whole(job) {
    const whole = await this.answer(job, "whole", this.call.signal);
    if (!whole || job.key !== this.asked) return;
    this.answered(whole);
    this.told({ whole, wholeKey: job.bears });
  }

  /** What speaks against needles is kept where the visit itself tells it. */
  answered({ against, unwritten, excluded }) {
    const { pack, outbox } = this.app, before = JSON.stringify([pack.against, pack.excluded]);
    Object.assign(pack, { against, unwritten, known_at: new Date(now(this.app)).toISOString() }, excluded && { excluded });
    if (JSON.stringify([against, pack.excluded]) !== before) outbox.vault.keepPack(outbox.visit, pack).catch(() => {}); // for when it cannot be asked
  }

  async answer({ drafts, key }, want, signal) {
    try {
      const reply = await within(() => fetch(`/api/visits/${encodeURIComponent(this.app.visit)}/think`, {
        method: "POST", signal, body: JSON.stringify({ entries: drafts, want }),
        headers: { "Content-Type": "application/json", "X-CSRF": this.app.pack.csrf },
      }));
      const told = await reply.json();
      if (reply.ok) return told;
      if (key !== this.asked) return null;
      // Asked too often: no fault of the findings, so the answer is still to come.
      if (reply.status === 429) this.timer = setTimeout(() => this.again(), 1000 * (Number(reply.headers.get("Retry-After")) || 1));
      else this.told({ state: "current", problems: problemsOf(told) });
    } catch (wrong) {
      if (key !== this.asked || wrong.name === "AbortError") return null;
      this.lost();
      this.timer = setTimeout(() => this.again(), ANEW); // what else goes to the clinic may have reached it
    }
    return null;
  }

  told(change) {
    Object.assign(this.app.thought, change);
    this.app.changed();
  }
}

const idsOf = (entries, kinds) => entries.filter((one) => kinds.test(one.kind)).map((one) => one.id).sort().join();

/** An entry as a device sends it. */
export function draftOf({ id, kind, visit, body, device_time, made, zone, author, by }) {
  return { id, kind, visit, body, device_time: device_time ?? made, zone, author: author ?? by };
}

function problemsOf(told) {
  const list = told.problems ?? [{ message: told.message ?? told.detail ?? t("explain.no-problem-told") }];
  return list.map((one) => (typeof one === "string" ? one : one.message ?? one.text ?? String(one)));
}
