// The visit: loads what is known of it, holds its entries, shows six steps. Steps are handed this object.

import { BodyChart } from "./chart.js";
import { Cover } from "./cover.js";
import { button, day, fill, h, moment, newId } from "./dom.js";
import { Drafts } from "./drafts.js";
import { fold, valuesOfKind } from "./fold.js";
import { Frame } from "./frame.js";
import { keep } from "./keep.js";
import { Alarm } from "./needle/alarm.js";
import { NoVisitError, Outbox } from "./outbox.js";
import { signals } from "./signals.js";
import { t } from "./texts.js";
import { Thinking } from "./thinking.js";
import { said } from "./words.js";

const LATER = 10e3; // milliseconds: what is wanted at the end of a visit comes when the page has long stood
const STEPS = ["screen", "examine", "explain", "plan", "needle", "close"];
// The order in which entries were made here, for Undo: clocks are set, and another device of the same person has its own.
const MADE = "myotome-made", KEPT = 100; // ids of entries, nothing of anybody
const madeHere = () => JSON.parse(localStorage.getItem(MADE) ?? "[]");

/** One visit on this device. Tells of every change of entries, thought or connection with the event "change". */
export class App extends EventTarget {
  constructor(visit) {
    super();
    Object.assign(this, { visit, entries: [], view: fold([]), late: null, signals, sides: new Set() });
    this.steps = STEPS.map((name) => ({ name, title: t(`frame.step-${name}`), loading: true, missing: () => [] }));
    this.thought = { quick: null, whole: null, state: "waiting", problems: [] };
  }

  /** Load everything and show the page. */
  async start(root) {
    const asked = location.hash.slice(1), name = STEPS.includes(asked) ? asked : "";
    const [outbox] = await Promise.all([Outbox.open(this.visit), this.load(name || "screen")]);
    Object.assign(this, { outbox }, await outbox.load());
    this.lastFindings = findingsOf(fold(this.pack.last?.entries ?? []));
    this.thinking = new Thinking(this);
    this.reread();
    this.frame = new Frame(this, root);
    this.cover = new Cover(this);
    outbox.holds = () => this.cover.held.length > 0;
    this.alarm = new Alarm(this);
    this.drafts = new Drafts(this);
    this.chart = new BodyChart(this.frame.chart, this);
    outbox.addEventListener("change", () => this.soon());
    await this.go(name || (this.pack.visit.stage === "signed" ? "close" : "screen"), { quiet: true });
    this.thinking.follow();
    this.drafts.open();
    this.chart.ready.finally(() => Promise.all(STEPS.slice(0, -1).map((one) => this.load(one)))).then(() => this.changed());
    setTimeout(() => this.load("close").then(() => this.changed(), () => {}), LATER);
    if (this.pack.clinic.demonstration) import("/bedside/static/tour.js").then(({ tour }) => tour(this, { button, fill, h, t }), () => {});
    keep();
  }

  reread() {
    this.entries = this.outbox.entries;
    this.view = fold(this.entries);
  }

  refold() {
    this.reread();
    this.changed();
    this.thinking.follow();
  }

  /** Changes that come together are folded together. */
  soon() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => { this.due = false; this.refold(); });
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** Whether the clinic was reached last, and how many own entries it has not got yet. */
  get online() {
    return this.outbox.online;
  }

  get waiting() {
    return this.outbox.waiting;
  }

  /** Record one thing. Resolves when it is on this device's disk: only then it is shown and ticked. */
  async note(kind, body, { gesture = "tap", replaces } = {}) {
    const [entry] = await this.noteAll([{ kind, body, replaces }], { gesture });
    return entry;
  }

  /** Record what one act writes: entries of one moment and one gesture. */
  async noteAll(list, { gesture = "tap" } = {}) {
    const made = moment();
    const drafts = list.map(({ kind, body, replaces }) => this.draft(kind, body, replaces ?? this.standing(kind, body), gesture, made));
    const kept = this.outbox.put(drafts);
    this.thinking.ahead(drafts.map((one) => ({ ...one, received: "" })), kept);
    try {
      const entries = await kept;
      localStorage.setItem(MADE, JSON.stringify([...madeHere(), ...entries.map((one) => one.id)].slice(-KEPT)));
      this.frame.late.last = Date.now();
      this.drafts.recorded(drafts.map((one) => one.body));
      this.refold();
      this.signals.done();
      this.say(entries.length === 1 ? said(entries[0], this) : t("frame.acts-recorded", { n: entries.length, gesture }));
      return entries;
    } catch (wrong) {
      this.thinking.again();
      this.signals.wrong();
      this.say(wrong.message, "stop");
      throw Object.assign(wrong, { told: true });
    }
  }

  draft(kind, body, replaces, gesture, made) {
    // What the practitioner thinks is an entry of its own, older than the bedside: it takes its words only.
    const extra = kind === "hypothesis.recorded" ? {} : { ...(replaces.length ? { replaces } : {}), gesture, ...(this.late ?? {}) };
    const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
    return { id: newId(), kind, visit: this.visit, device_time: made, zone, author: this.pack.me.staff, body: { ...body, ...extra } };
  }

  /** The ids of every value standing that a new one takes the place of. */
  standing(kind, body) {
    return this.view.headsOf(kind, body).map((one) => one.id);
  }

  /** Undo one entry, by an entry. */
  takeBack(id, why) {
    return this.note("entry.taken-back", { entry: id, ...(why ? { why } : {}) }, { gesture: "undo" });
  }

  /** What undo would undo: the last own act on this device, one entry or those that one gesture wrote. */
  get lastAct() {
    const ids = madeHere(), { staff } = this.pack.me;
    const own = this.view.standing.filter((one) => ids.includes(one.id) && one.by === staff && one.here !== "aside" && one.kind !== "entry.taken-back");
    const last = own.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id)).at(-1);
    return own.filter((one) => one.made === last.made && one.body.gesture === last.body.gesture); // one moment, one act
  }

  undoLast() {
    const acts = this.lastAct;
    return acts.length ? this.noteAll(acts.map((one) => ({ kind: "entry.taken-back", body: { entry: one.id } })), { gesture: "undo" }) : null;
  }

  /** A step's module, loaded when it is first needed, or in peace once the page stands. */
  async load(name) {
    const { step } = await import(`./steps/${name}.js`);
    this.steps = this.steps.map((one) => (one.name === name ? step : one));
    return step;
  }

  /** Show a step. */
  async go(name, options = {}) {
    if (this.step?.name === name) return this.lacking();
    const step = await this.load(STEPS.includes(name) ? name : "screen");
    this.step = step;
    history.replaceState(null, "", `#${step.name}`);
    return void (await this.frame.show(step, options));
  }

  /** Say what the step that is shown misses. */
  lacking() {
    const lacks = this.step.missing(this);
    this.say(lacks.join(" ") || t("frame.nothing-missing"), lacks.length ? "warning" : "");
  }

  /** Say what was just done, at its fixed place, also to a screen reader; `tone` warning or stop. */
  say(text, tone = "") {
    this.frame?.say(text, tone);
  }

  /** What is known beneath the entries: of the person, and of a case file that was handed in. */
  get known() {
    return this.pack.known ?? { person: this.pack.person };
  }

  /** A value of the case as it stands, or undefined. */
  told(part, field = "") {
    const known = this.known[part];
    return this.view.told(part, field) ?? (field ? known?.[field] : known) ?? undefined;
  }

  /** The side of the complaint as told in this visit: left, right, both or "". */
  get side() {
    return this.told("complaint", "side") ?? "";
  }

  /** The findings as they stand (bodies); a conflict counts as not tested. */
  findings(when = "before") {
    return findingsOf(this.view, when);
  }

  /** The day of the last visit in words, or "". */
  get lastDay() {
    return this.pack.last ? day(this.pack.last.day) : "";
  }

  /**
   * Whether to go on with a side: at once where it is the complaint's or was agreed before; else asks once, at the
   * place where a second tap is near, and calls `act` then.
   */
  withSide(side, act) {
    const other = this.side && side && side !== "both" && this.side !== "both" && side !== this.side;
    if (!other || this.sides.has(side)) return act();
    return this.frame.ask(t("frame.other-side", { told: this.side, large: side.toUpperCase() }), t("frame.other-side-yes", { side }), () => {
      this.sides.add(side);
      act();
    });
  }
}

function findingsOf(view, when = "before") {
  return valuesOfKind(view, "finding.recorded").filter((one) => !one.conflict && (one.body.when || "before") === when).map((one) => one.body);
}

// What could not be recorded was said where it was tapped.
addEventListener("unhandledrejection", (event) => event.reason?.told && event.preventDefault());

const root = document.getElementById("visit");
if (root) {
  const app = new App(decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1)));
  app.start(root).then(() => { root.dataset.ready = "yes"; }, (wrong) => {
    const way = wrong.open ? h("a", { class: "button", href: wrong.open }, t("frame.confirm-identifiers")) : null;
    root.replaceChildren(h("div", { class: "failed" }, h("p", { role: "alert" }, wrong.message), way, h("a", { href: "/people" }, t("frame.back-to-people"))));
    root.dataset.ready = "no";
    if (!(wrong instanceof NoVisitError)) throw wrong;
  });
}
