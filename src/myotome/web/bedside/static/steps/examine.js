// The second step: choose a sign, paint structures on the chart or on tiles; what the findings say follows at once.

import { button, fill, h, put, roving, upper } from "../dom.js";
import { Beneath } from "../examine/beneath.js";
import { brushesOf, fits, siteOf, standing } from "../examine/brushes.js";
import { Guess } from "../examine/guess.js";
import { Others } from "../examine/others.js";
import { changes, levels, row } from "../examine/rows.js";
import { everything, found, structures } from "../examine/structures.js";
import { sign } from "../marks.js";
import { levelsOf } from "../regions.js";
import { t } from "../texts.js";

const IDLE = 20000; // milliseconds after which a brush is put down
const KINDS = { patch: ["patch"], skin: ["patch"], level: ["level"], muscle: ["muscle"] };
let exam = null;

export const step = {
  name: "examine",
  title: t("frame.step-examine"),
  missing: (app) => (app.findings().length ? [] : [t("examine.lacks-findings")]),

  show(root, app, { acts }) {
    exam = new Exam(root, app, acts);
  },

  leave: () => exam?.leave(),

  update(root) {
    if (exam?.root === root) exam.update();
  },

  picked(part, app, { others }) {
    if (exam) exam.paint(part.kind, part.name, part.side === "both" ? "" : part.side, others);
  },

  paints: () => KINDS[exam?.brush?.paints ?? exam?.open?.paints] ?? ["muscle", "level"],
};

class Exam {
  constructor(root, app, acts) {
    Object.assign(this, { root, app, shown: [], brush: null, open: null, mode: null, last: null, spine: null, index: everything(app), brushes: brushesOf(app.catalogue) });
    this.bar = roving(h("div", { class: "brushes", role: "toolbar", "aria-label": t("examine.signs") }, this.brushes.map((one) => button([sign(one.shape, one.tone, one.text), h("span", {}, one.name)], () => this.take(one), { class: "brush", data: { brush: one.id }, "aria-pressed": false }))));
    this.hand = h("div", { class: "hand", role: "group", "aria-label": t("examine.in-hand") });
    this.field = h("input", { type: "search", class: "find", placeholder: t("examine.find-hint"), "aria-label": t("examine.find"), autocomplete: "off", on: { input: () => this.find(), keydown: (event) => this.typed(event) } });
    this.guess = new Guess(app, root);
    this.area = roving(h("div", { class: "structures" }));
    this.others = new Others(this);
    const head = h("div", { class: "exam-head" }, this.bar, this.hand);
    fill(root, head, h("div", { class: "find-row" }, this.field, this.guess.node), this.area, this.others.dialog);
    put(acts, button(t("examine.normal"), () => this.others.open(), { class: "second", id: "others-normal" }));
    this.show(this.brushes[0]);
    this.drawHand();
    this.beneath = new Beneath(app.frame.chart.parentNode, head);
    if (app.ready) this.begin(app.ready);
    app.ready = null;
  }

  /** What another step wants looked at next: its sign in hand, its structure in view. */
  begin({ sign: wanted, at }) {
    const name = at.replace(/^paraspinal /, "");
    const brush = this.brushes.find((one) => one.sign === wanted && (one.paints === "level") === (name !== at)) ?? this.brushes.find((one) => one.sign === wanted);
    if (brush) this.take(brush);
    this.field.value = name;
    this.find();
  }

  leave() {
    clearTimeout(this.idle);
    this.beneath.leave();
    this.app.chart?.brush(null);
  }

  /** Take a brush: its structures come into view. */
  take(brush) {
    const again = this.brush === brush;
    this.brush = again ? null : brush;
    this.mode = brush.modes?.[0] ?? null;
    this.last = null;
    this.held();
    this.app.frame.unask();
    if (!again) {
      this.show(brush);
      this.app.frame.panel.scrollTop = 0;
    }
    this.drawHand();
    if (!again && brush.modes) this.app.say(t("examine.taken", { sign: brush.name }));
  }

  /** A brush that is not used is put down, so that nothing is painted by mistake later. */
  held() {
    clearTimeout(this.idle);
    if (!this.brush?.modes) return;
    this.idle = setTimeout(() => {
      this.app.say(t("examine.put-down", { sign: this.brush.name }));
      this.brush = null;
      this.drawHand();
    }, IDLE);
  }

  /** Have a way of painting in hand: tender or not, how weak, which change. */
  hold(brush, mode) {
    Object.assign(this, { brush, mode });
    this.held();
    this.drawHand();
    for (const update of this.shown) update();
  }

  /** The trophic change that a tap would write, "" for other signs: it says of which one a tile shows that it stands. */
  changeOf(brush) {
    return brush.paints === "skin" ? this.mode?.result ?? "" : "";
  }

  show(brush) {
    this.open = brush;
    this.spine ??= levelsOf(this.app.catalogue, this.app.chart?.region?.spine) ? this.app.chart.region.spine : "C";
    this.field.value = "";
    this.draw();
  }

  openSpine(id) {
    this.spine = id;
    this.draw();
    this.area.querySelector(`[data-spine="${id}"]`)?.focus();
  }

  /** The structures of the open brush in the chart's region. */
  draw() {
    const { open, app } = this, region = app.chart?.region ?? app.chart?.home();
    this.shown = [];
    this.drawn = `${open.id} ${region?.id} ${this.spine}`;
    if (!region) return;
    const sections = structures(app, open, region).map(([title, list]) => h("section", {}, h("h3", {}, title), h("div", { class: open.choices ? "answer-rows" : "pairs" }, list.map((one) => row(this, open, one)))));
    if (open.paints === "level") fill(this.area, levels(this, open));
    else if (open.paints === "skin") fill(this.area, changes(this, open), h("section", {}, h("h3", {}, t("examine.levels")), levels(this, open)), sections);
    else fill(this.area, sections);
    for (const update of this.shown) update();
    this.area.settle();
  }

  find() {
    const list = found(this.fitting(), this.field.value);
    if (!this.field.value.trim()) return this.draw();
    this.shown = [];
    this.drawn = "";
    fill(this.area, h("section", {}, h("h3", {}, t(list.length ? "examine.found" : "examine.not-found")), h("div", { class: "pairs" }, list.map((one) => row(this, this.brushFor(one), one)))));
    for (const update of this.shown) update();
    this.area.settle();
    return undefined;
  }

  /** What the brush in hand can paint, and what is answered by itself; everything where no brush is in hand. */
  fitting() {
    const { brush } = this;
    return brush ? this.index.filter(({ kind }) => fits(brush, kind) || ["reflex", "movement", "test"].includes(kind)) : this.index;
  }

  /** The brush in hand where it paints that kind, else the first that does. */
  brushFor(one) {
    return [this.brush, this.open].find((brush) => brush && fits(brush, one.kind)) ?? this.brushes.find((brush) => brush.paints === one.kind);
  }

  typed(event) {
    if (event.key === "Escape") { this.field.value = ""; this.find(); }
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const side = this.app.side === "left" ? "left" : "right";
    (this.area.querySelector(`button[data-side="${side}"]`) ?? this.area.querySelector("button"))?.focus();
  }

  /** Paint a structure with the brush in hand. */
  paint(kind, name, side, others = []) {
    const brush = this.brush?.modes ? this.brush : null;
    if (!brush) return this.app.say(t("examine.none-in-hand", { name }), "warning");
    if (!fits(brush, kind) && brush.paints !== "area" && kind !== "skin") return this.app.say(t("examine.not-painted", { sign: brush.name, part: t(`examine.part-${kind}`) }), "warning");
    const { label, ...body } = this.mode;
    return this.record(brush, name, side, body, { others });
  }

  /** Record one finding; tapped again where it says the same, it is taken back. */
  record(brush, name, side, body, { others = [] } = {}) {
    const at = siteOf(brush.paints, name), now = standing(this.app, brush.sign, at, side, body.result);
    this.held();
    if (now && !now.conflict && now.body.result === body.result && (body.grade === undefined || now.body.grade === body.grade)) return this.back(now);
    return this.app.withSide(side, async () => {
      const entry = await this.app.note("finding.recorded", { sign: brush.sign, at, side, ...body, when: "before" });
      this.last = { brush, name, side, entry };
      this.drawHand();
      this.offer(brush, others, entry);
      return entry;
    });
  }

  async back(value) {
    for (const head of value.heads) await this.app.takeBack(head.id);
    this.last = null;
    this.drawHand();
  }

  /** Say the last one more exactly: one more tap. */
  async refine({ label, ...change }) {
    const { brush, name, side, entry } = this.last, { replaces, gesture, clock_off, happened, paper, ...body } = entry.body;
    if (change.grade !== undefined) delete body.quality;
    const more = await this.app.note("finding.recorded", { ...body, ...change }, { gesture: "grade" });
    this.last = { brush, name, side, entry: more };
    this.drawHand();
    this.held();
  }

  /** What a tap on the chart may have meant instead: one tap sets it right. */
  offer(brush, others, entry) {
    fill(this.app.chart.meant, others.filter((one) => fits(brush, one.kind) && one.name !== this.last.name).slice(0, 2).map((one) =>
      button(t("examine.meant-other", { name: one.name, side: t(`chart.side-${one.side === "left" ? "left" : "right"}`) }), async () => {
        fill(this.app.chart.meant);
        await this.app.takeBack(entry.id, "other structure meant");
        this.paint(one.kind, one.name, one.side);
      }, { class: "quiet" })));
  }

  drawHand() {
    const { brush, last } = this;
    for (const one of this.bar.children) one.setAttribute("aria-pressed", String(one.dataset.brush === (brush ?? {}).id));
    this.app.chart?.brush(brush?.modes ? { ...brush, name: this.mode === brush.modes[0] && brush.paints !== "skin" ? brush.name : this.mode.label } : null, brush && sign(brush.shape, brush.tone, brush.text));
    const modes = brush?.paints === "skin" ? h("b", {}, this.mode.label) : brush?.modes ? h("div", { class: "strip" }, brush.modes.map((mode) => button(mode.label, () => this.hold(brush, mode), { "aria-pressed": mode === this.mode, data: { key: mode.label, mode: mode.result } }))) : null;
    const more = last && last.brush.more?.length && !["absent", "normal"].includes(last.entry.body.result) ? [h("span", { class: "last-one" }, h("b", {}, upper(last.name)), ` ${last.side}`), h("div", { class: "strip" }, last.brush.more.map((one) => button(one.label, () => this.refine(one), { data: { key: `more ${one.label}`, kind: "finding.recorded", value: one.label }, "aria-pressed": says(last.entry.body, one) })))] : [];
    fill(this.hand, modes ?? h("p", { class: "soft" }, brush ? t("examine.tap-answer", { sign: brush.name }) : t("examine.choose")), more);
  }

  update() {
    const region = this.app.chart?.region;
    if (this.drawn && region && !this.drawn.includes(` ${region.id} `)) {
      if (this.region && this.region !== region) this.spine = region.spine;
      this.draw();
    }
    this.region = region;
    for (const update of this.shown) update();
    this.guess.update();
  }
}

function says(body, { label, ...change }) {
  return Object.entries(change).every(([key, value]) => body[key] === value);
}
