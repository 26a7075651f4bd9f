// The fifth step: needles in, what came of them, needles out, and the count.

import { LateIn } from "../close/late.js";
import { h } from "../dom.js";
import { AllTheSame, Notice } from "../needle/against.js";
import { Deeds } from "../needle/deeds.js";
import { Mishap } from "../needle/event.js";
import { More } from "../needle/more.js";
import { Pad } from "../needle/pad.js";
import { marks, tap, text } from "../needle/parts.js";
import { Outs, Points } from "../needle/points.js";
import { keyOf, queue, rows, sizeOf, sizes, sure } from "../needle/queue.js";
import { Stay } from "../needle/stay.js";
import { Tray } from "../needle/tray.js";
import { Numpad, keys } from "../numpad.js";
import { t } from "../texts.js";

const SECOND = 1000;
const COUNTS = ["opened", "in", "out", "in sharps"];
const SHAPES = { in: "mark-1", out: "mark-3", reconcile: "mark-4", open: "mark-2" };
const KINDS = { paraspinal: "square", homeostatic: "triangle" };
let shown = null;

export const step = {
  name: "needle",
  title: t("frame.step-needle"),

  /** What stands in the way of a signature here. */
  missing: (app) => app.view.ledger.missing,

  show(root, app) {
    shown?.leave();
    import("../note.js").then(({ printable }) => printable(app), () => {}); // without it the browser prints the page
    shown = new Needling(root, app);
    return shown.update();
  },

  update(root, app) {
    if (shown?.root === root) shown.update();
    else if (app.step !== step) shown?.leave();
  },

  /** Points on the chart, numbered in the order of the visit. */
  marks: (app) => queue(app, deedsOf(app).cursor).flatMap((one, n) => {
    const row = rows(app).get(one.point);
    const tone = SHAPES[one.state];
    return row?.at ? [{ at: row.at, side: one.side, point: one.point, shape: KINDS[row.kind] ?? "circle", tone, text: one.kept ? "×" : { out: "✓", reconcile: "!" }[one.state] ?? n + 1, id: keyOf(one), now: one.next, dashed: one.state === "open" && !one.next }] : [];
  }),

  touched: (mark, app) => deedsOf(app).point(mark.point, mark.side, {}),

  /** A muscle on the chart: its point, or a choice of its points. */
  picked(part, app) {
    const side = part.side === "both" ? "" : part.side;
    const here = [...rows(app).values()].filter((row) => part.name === (part.kind === "level" ? row.level : row.muscle));
    if (here.length === 1) deedsOf(app).point(here[0].name, here[0].sides.includes(side) ? side : here[0].sides[0], {});
    else if (here.length) shown?.offer(part.name);
    else app.say(t("needle.no-point-known", { part: part.name }), "warning");
  },

  paints: () => ["muscle", "level"],
};

const held = new WeakMap();

/** The acts of this visit; they outlast a change of steps. */
export function deedsOf(app) {
  if (!held.has(app)) held.set(app, new Deeds(app));
  return held.get(app);
}

/** "Remove all now", wherever needles may be in. */
export function removeAllNow(app) {
  const deeds = deedsOf(app);
  return tap(deeds, [h("b", {}, t("needle.remove-all")), h("small", {}, "")], () => deeds.removeAll(), { class: "remove-all", data: { kind: "needles.removed" } });
}

class Needling {
  constructor(root, app) {
    Object.assign(this, { root, app });
    const deeds = (this.deeds = deedsOf(app));
    deeds.told = () => this.update();
    this.numpad = new Numpad(deeds, () => this.update(), () => root.isConnected && app.step === step);
    this.parts = { notice: new Notice(app), pad: new Pad(deeds), against: new AllTheSame(deeds), tray: new Tray(deeds), stay: new Stay(deeds), event: new Mishap(deeds), outs: new Outs(deeds), points: new Points(deeds), more: new More(deeds), late: new LateIn(app, deeds) };
    root.append(this.parts.late.node, this.top(), this.middle(), this.bottom());
    this.numpad.listen();
    this.ticks = setInterval(() => this.tick(), SECOND);
  }

  leave() {
    this.numpad.rest();
    clearInterval(this.ticks);
    delete document.documentElement.dataset.glove;
    this.app.frame.root.removeAttribute("data-blind");
  }

  top() {
    this.counts = Object.fromEntries(COUNTS.map((name) => [name, h("dd", { data: { count: name } })]));
    this.remove = removeAllNow(this.app);
    this.why = h("p", { class: "read-only", hidden: true });
    return h("div", { class: "needle-top" },
      h("dl", { class: "counts", "aria-label": t("needle.needles") }, COUNTS.map((name) => h("div", {}, h("dt", {}, t(`needle.count-${name.replace(" ", "-")}`)), this.counts[name]))), this.remove, this.why, this.parts.notice.node);
  }

  middle() {
    const { deeds, parts } = this;
    this.views = { against: parts.against.node, tray: parts.tray.node, event: parts.event.node, stay: parts.stay.node, size: h("section", { class: "sizes", "aria-label": t("needle.size-next") }) };
    this.trayButton = tap(deeds, [h("b", {}, t("needle.tray")), h("small", {})], () => deeds.look("tray"), { class: "second", data: { act: "tray" } });
    const event = tap(deeds, h("b", {}, t("needle.event")), () => parts.event.open(), { class: "second" });
    this.work = h("div", { class: "needle-work" }, parts.pad.node, Object.values(this.views));
    return h("div", { class: "needle-main" }, this.work, h("div", { class: "out-row" }, parts.outs.node, h("div", { class: "beside-outs" }, this.trayButton, parts.stay.button, event)));
  }

  bottom() {
    return h("div", { class: "needle-rest" }, this.parts.points.node, this.parts.more.node);
  }

  update() {
    const { deeds, parts, app } = this;
    if (app.step !== step) return this.leave();
    this.count();
    for (const part of Object.values(parts)) part.update();
    this.look();
    text(parts.pad.keys, deeds.hint || (keys.on ? this.numpad.begun || t("needle.keys-on") : ""));
    this.root.dataset.mode = deeds.mode;
    if (deeds.glove) document.documentElement.dataset.glove = "on";
    else delete document.documentElement.dataset.glove;
    return undefined;
  }

  count() {
    const { ledger, mayOut, blind } = this.deeds, excused = ledger.open.some((one) => ledger.named.includes(one.needle));
    const told = { opened: blind ? "··" : ledger.opened, in: blind ? "··" : ledger.stillIn, out: blind ? "··" : ledger.out, "in sharps": ledger.inSharps ?? "–" };
    for (const [name, value] of Object.entries(told)) text(this.counts[name], String(value));
    marks(this.counts.in.parentNode, { "data-state": excused ? "differs" : "" });
    text(this.counts.in.previousSibling, t(excused ? "needle.count-in-incident" : "needle.count-in"));
    this.hide(blind);
    marks(this.remove, { "aria-disabled": !ledger.stillIn || !mayOut });
    text(this.remove.lastChild, blind ? "" : ledger.stillIn ? t("needle.needles-in", { n: ledger.stillIn }) : t("needle.none-in"));
    text(this.trayButton.lastChild, ledger.inSharps === null ? t("needle.not-counted") : t("needle.counted", { count: ledger.inSharps }));
    this.trayButton.dataset.state = ledger.inSharps === null ? "open" : ledger.inSharps === ledger.opened ? "good" : "differs";
    this.readOnly();
  }

  /** While the tray is counted blind, nothing beside it tells how many there are to be. */
  hide(blind) {
    const { root } = this.app.frame;
    if (blind === ("blind" in root.dataset)) return;
    root.toggleAttribute("data-blind", blind);
    if (blind) this.app.say("");
  }

  readOnly() {
    const { me, visit } = this.app.pack, { may, mayOut } = this.deeds;
    const why = visit.signature ? t("needle.signed") : may ? "" : me.must_choose ? t("needle.must-choose") : !mayOut ? t("needle.may-not") : me.roles?.includes("intern") ? t("needle.intern-may-not") : t("needle.may-out");
    this.why.hidden = !why;
    text(this.why, why);
  }

  /** One view at a time over the pad, in the same place and size. */
  look() {
    const { view } = this.deeds;
    if (this.work.dataset.view !== view && view === "size") this.drawSizes();
    const other = this.work.dataset.view !== view, asks = other && view === "against";
    if (other && this.work.dataset.view) this.work.scrollIntoView({ block: "nearest" });
    this.work.dataset.view = view;
    this.parts.pad.node.inert = view !== "pad";
    for (const [name, node] of Object.entries(this.views)) node.hidden = name !== view;
    if (asks) this.views.against.focus({ preventScroll: true });
  }

  drawSizes() {
    const { deeds } = this, now = sizeOf(deeds.size ?? sure(deeds.next ?? {}));
    const tiles = sizes(this.app).map((one) => tap(deeds, sizeOf(one), () => { deeds.size = one; deeds.look("pad"); }, { class: "tile", "aria-pressed": sizeOf(one) === now, data: { value: sizeOf(one) } }));
    this.views.size.replaceChildren(h("header", {}, h("h3", {}, t("needle.size-next")), tap(deeds, t("needle.back"), () => deeds.look("pad"), { class: "second back" })), h("div", { class: "tiles terms" }, tiles));
  }

  offer(name) {
    const { field } = this.parts.points.search;
    field.value = name;
    this.parts.points.search.find();
    field.scrollIntoView({ block: "center" });
    this.app.say(t("needle.which-point", { part: name }));
  }

  tick() {
    if (!this.root.isConnected) this.leave();
    else if (!document.hidden && this.deeds.ledger.stillIn) for (const part of [this.parts.outs, this.parts.stay]) part.update();
  }
}
