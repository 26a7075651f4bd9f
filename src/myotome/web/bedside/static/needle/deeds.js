// What is done with needles: each tap one entry, in the order of the taps, however slow the disk is.

import { bounces, newId } from "../dom.js";
import { t } from "../texts.js";
import { against, deep, onSide } from "./asks.js";
import { groups, isProposed, keyOf, known, queue, short, sure } from "./queue.js";
import { TIMED } from "./timers.js";

/** How needles are charted: they stay in, the response closes them, or both at once. */
export const MODES = ["stays", "response", "through"];

/** The acts of the needle step; what is begun and not recorded yet is kept here, beside the entries. */
export class Deeds {
  constructor(app) {
    Object.assign(this, { app, mode: "stays", cursor: "", size: null, same: "", wished: "", view: "pad", told: () => {}, first: () => {} });
    Object.assign(this, { line: Promise.resolve(), pending: new Set(), feeling: "", asked: null });
  }

  get ledger() { return this.app.view.ledger; }
  get list() { return queue(this.app, this.cursor); }
  get next() { return this.list.find((one) => one.next) ?? null; }
  get may() { return this.allowed("needle"); }
  /** Whether needles may be noted as out, and counted: also by who may not put any in. */
  get mayOut() { return this.allowed("out"); }
  get mayChart() { return this.allowed("chart"); }
  /** The tray is counted without knowing how many there are to be. */
  get blind() { return this.view === "tray" && this.ledger.inSharps === null; }

  /** The insertion that the pad belongs to: the one that was tapped, else the last that went in. */
  get shown() {
    const all = this.ledger.insertions;
    return all.find((one) => one.id === this.wished) ?? all.at(-1) ?? null;
  }

  allowed(act) { return Boolean(this.app.pack.me.may?.[act]) && !this.app.pack.visit.signature; }

  get answered() { return Boolean(this.shown?.response); }

  /** Do something for a tap: not twice for one tap, one after another; what was ignored is shown. */
  tap(event, act) {
    const target = event.currentTarget;
    if (target.getAttribute("aria-disabled") === "true") return null;
    if (bounces(target, event)) {
      this.hint = t("needle.second-tap");
      target.classList.add("ghost");
      setTimeout(() => {
        this.hint = "";
        target.classList.remove("ghost");
        this.told();
      }, 2500);
      this.told();
      return null;
    }
    return act();
  }

  /** Put one act at the end of the line. What failed was said by the page; the line goes on. */
  after(act) {
    this.line = this.line.then(act).catch((wrong) => console.warn(wrong.name)).then(() => this.told());
    return this.line;
  }

  look(view) {
    this.view = view;
    this.told();
  }

  /** A tap on a point: a needle in there; one that was needled is shown, and the pad is its own then. */
  point(point, side, how) {
    const found = this.list.find((one) => keyOf(one) === keyOf({ point, side }));
    if (!found || found.state === "open") return this.needle(point, side, how);
    this.first(); // what a pedal has begun belongs to the needle that was shown
    return this.after(() => this.showing(found.insertions.at(-1).id));
  }

  /** The pad belongs to another needle: what was felt at the one before goes with it no further. */
  showing(id) {
    Object.assign(this, { wished: id, feeling: "" });
  }

  /** The point that is lit when its turn comes, however fast the keys are. */
  inNext({ gesture = "tap", out = this.mode === "through" } = {}) {
    if (!this.may) return null;
    this.first();
    return this.after(() => {
      const { next } = this;
      if (!next) return this.app.say(t("needle.all-needled-now"));
      return against(this, next, { gesture, out }) || this.insert(next.point, next.side, { ...this.taken(), gesture, out });
    });
  }

  /** What was chosen for the next needle alone. */
  taken() {
    const { size, same } = this;
    Object.assign(this, { size: null, same: "", view: "pad", asked: null });
    return { size, same };
  }

  /** The answer to it: a reason, or none yet where the needle is in already. */
  allTheSame(reason, gesture) {
    const { point, side, how, said } = this.asked;
    return this.begin(point, side, { ...how, ...(reason ? { why: { reason, said }, gesture } : { gesture: "already in" }) });
  }

  /** A needle goes in. A side that is neither the plan's nor the complaint's is asked about once. */
  needle(point, side, { gesture = "tap", out = this.mode === "through" } = {}) {
    if (!this.may) return null;
    return onSide(this, point, side, () => against(this, { point, side }, { gesture, out }) || this.begin(point, side, { gesture, out }));
  }

  begin(point, side, how) {
    const key = keyOf({ point, side });
    if (this.pending.has(key)) return this.app.say(t("needle.being-recorded", { place: short({ point, side }) }));
    this.pending.add(key);
    this.first();
    const chosen = this.taken();
    return this.after(async () => {
      try {
        await this.insert(point, side, { ...chosen, ...how });
      } finally {
        this.pending.delete(key);
      }
    });
  }

  async insert(point, side, { size, same, gesture, out, why }) {
    const { app } = this, row = this.list.find((one) => keyOf(one) === keyOf({ point, side })) ?? known(app, point, side);
    const before = this.ledger.insertions.find((one) => one.id === same), lost = this.feeling && this.shown;
    const { gauge_mm, length_mm } = before ?? size ?? sure(row);
    const body = { needle: before?.needle ?? newId(), point, side };
    if (gauge_mm) body.gauge_mm = gauge_mm;
    if (length_mm) body.length_mm = length_mm;
    if (before) body.after = before.id;
    if (out) body.out = true;
    const list = [{ kind: "needle.in", body }, ...(why ? [{ kind: "needled.against", body: why }] : [])], proposed = !this.warned && isProposed(app);
    const [entry] = await app.noteAll(list, { gesture: out ? "in and out" : gesture });
    this.showing(entry.id);
    if (lost) app.say(t("needle.feeling-lost", { place: short(lost) }), "warning");
    else if (proposed) app.say(t("needle.plan-not-taken"), "warning");
    this.warned ||= proposed;
  }

  /** Twitch and sensation of the insertion that is shown; null keeps what stands of either. */
  respond(twitch, sensation, how) {
    return this.mayChart && this.after(() => this.answer(twitch, sensation, how));
  }

  /** The same, for an act whose turn has come. */
  async answer(twitch, sensation, { gesture = "tap" } = {}) {
    const one = this.shown;
    if (!one) return this.app.say(t("needle.no-response-yet"));
    this.feeling = "";
    await this.app.note("needle.response", { insertion: one.id, twitch: twitch ?? one.response.twitch, sensation }, { gesture });
    if (this.mode === "response" && !one.ended) await this.app.note("needle.out", { insertions: [one.id] }, { gesture: "in and out" });
    return undefined;
  }

  /** Something more of the insertion that is shown: grasp, depth, technique. */
  noted(what, value) {
    const one = this.shown;
    if (!one || !this.mayChart) return null;
    const note = () => this.after(() => this.app.note("needle.noted", { insertion: one.id, what, value }));
    return what === "depth_mm" ? deep(this, one, value, note) : note();
  }

  /** The needles whose time can be told: in, and not pulled out in haste. What comes from paper had its time. */
  get timeable() { return this.app.late ? [] : this.ledger.open.filter((one) => !one.reconcile); }

  /** They are to stay in so many minutes from now; 0 calls it off. */
  timed(minutes) {
    const insertions = this.timeable.map((one) => one.id);
    this.look("pad");
    return insertions.length && this.mayChart && this.after(() => this.app.note(TIMED, { insertions, minutes }));
  }

  out(insertions, { gesture = "tap" } = {}) {
    const ids = insertions.filter((one) => !one.ended).map((one) => one.id);
    return ids.length && this.mayOut && this.after(() => this.app.note("needle.out", { insertions: ids }, { gesture }));
  }

  /** All of a position: out together, or, after "remove all now", confirmed to be out. */
  outGroup(group, { gesture = "group" } = {}) {
    return this.out(group.held, { gesture: group.held.some((one) => one.reconcile) ? "reconciled" : gesture });
  }

  outNext({ gesture }) {
    return this.mayOut && this.after(() => {
      const group = groups(this.list).find((one) => one.held.length);
      if (!group) return this.app.say(t("needle.no-needle-in"));
      const how = group.held.some((one) => one.reconcile) ? "reconciled" : "group";
      return this.app.note("needle.out", { insertions: group.held.map((one) => one.id) }, { gesture: `${how}, ${gesture}` });
    });
  }

  /** An end that was inferred or recorded by mistake is taken back; of a group that came out together the rest stays out. */
  reopen(one) {
    const end = one?.how === "out" ? one.endedBy : null;
    if (!end || !this.mayOut) return null;
    const rest = end.body.insertions.filter((id) => id !== one.id);
    return this.after(async () => {
      if (rest.length) await this.app.note("needle.out", { insertions: rest }, { gesture: end.body.gesture ?? "" });
      await this.app.takeBack(end.id);
    });
  }

  /** The same needle once more at the same point. */
  again({ gesture = "tap" } = {}) {
    const one = this.shown, how = { same: one?.id, gesture, out: this.mode === "through" };
    if (!one || !this.may) return null;
    this.first();
    return this.after(() => against(this, one, how) || this.insert(one.point, one.side, how));
  }

  /** The next tap on a point takes the needle that is shown, or a new one again. */
  carry() {
    this.same = this.same ? "" : this.shown?.id ?? "";
    this.told();
  }

  through(how) {
    return this.inNext({ ...how, out: true });
  }

  unused({ gesture = "tap", why } = {}) {
    return this.mayOut && this.after(() => this.app.note("needle.unused", { count: 1, ...(why ? { why } : {}) }, { gesture }));
  }

  removeAll({ gesture = "tap" } = {}) {
    const ids = this.ledger.insertions.filter((one) => !one.ended).map((one) => one.id);
    if (!ids.length) return this.app.say(t("needle.no-needle-in"));
    return this.mayOut && this.after(async () => {
      await this.app.note("needles.removed", { insertions: ids }, { gesture });
      this.app.say(this.blind ? t("needle.removed-blind") : t("needle.removed", { n: ids.length }), "stop");
    });
  }

  counted(count, { gesture = "tap" } = {}) {
    return this.mayOut && this.after(async () => {
      await this.app.note("sharps.counted", { count }, { gesture });
      this.view = "tray";
    });
  }

  undo() { return this.after(() => this.app.undoLast()); }

  /** Light another of the points that wait. */
  move(step) {
    const open = this.list.filter((one) => one.state === "open" && !one.kept), at = open.findIndex((one) => one.next);
    if (open.length) this.cursor = keyOf(open[(at + step + open.length) % open.length]);
    this.told();
  }
}
