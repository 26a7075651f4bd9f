// More about the needle that is shown, and how needles are charted: each one tap, none of it needed.

import { h } from "../dom.js";
import { LEGEND, keys } from "../numpad.js";
import { t } from "../texts.js";
import { marks, strip, tap, text } from "./parts.js";
import { MODES } from "./deeds.js";
import { Packets } from "./packets.js";
import { short } from "./queue.js";

const DEPTHS = [5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 75];

/** Grasp, depth, technique, out alone, in again; the ways of charting; keys and sound. */
export class More {
  constructor(deeds) {
    this.deeds = deeds;
    const data = (what) => ({ data: { kind: "needle.noted", what } });
    this.title = h("h3", { id: "more-title" });
    this.strips = {
      grasp: strip(t("needle.grasp"), [["true", t("needle.grasp-true")], ["false", t("needle.grasp-false")]], (value) => deeds.noted("grasp", value === "true"), data("grasp")),
      depth_mm: strip(t("needle.depth"), DEPTHS.map((mm) => [mm, String(mm)]), (mm) => deeds.noted("depth_mm", mm), data("depth_mm")),
      technique: strip(t("needle.technique"), (deeds.app.catalogue.techniques ?? []).map((one) => [one.code, one.words]), (value) => deeds.noted("technique", value), data("technique")),
    };
    this.acts = {
      out: tap(deeds, t("needle.out-alone"), () => deeds.out([deeds.shown]), { class: "second", data: { kind: "needle.out" } }),
      reopen: tap(deeds, t("needle.still-in"), () => deeds.reopen(deeds.shown), { class: "second" }),
      again: tap(deeds, t("needle.in-again"), () => deeds.again(), { class: "second", data: { kind: "needle.in", value: "again" } }),
      carry: tap(deeds, t("needle.carry"), () => deeds.carry(), { class: "second", "aria-pressed": false }),
    };
    this.node = h("section", { class: "more", "aria-labelledby": "more-title" }, this.title, h("div", { class: "row" }, Object.values(this.acts)), Object.values(this.strips), this.ways());
  }

  ways() {
    const { deeds } = this;
    this.mode = strip(t("needle.needles"), MODES.map((mode) => [mode, t(`needle.mode-${mode}`)]), (mode) => { deeds.mode = mode; deeds.told(); });
    this.unused = tap(deeds, t("needle.unused"), () => deeds.unused(), { class: "second", data: { kind: "needle.unused", value: 1 } });
    this.dropped = tap(deeds, t("needle.dropped"), () => deeds.unused({ why: "dropped" }), { class: "second", data: { kind: "needle.unused", value: "dropped" } });
    this.switches = {
      glove: tap(deeds, t("needle.glove"), () => { deeds.glove = !deeds.glove; deeds.told(); }, { class: "second" }),
      keys: tap(deeds, "", () => { keys.on = !keys.on; deeds.told(); }, { class: "second" }),
      sound: tap(deeds, t("needle.sound"), () => { deeds.app.signals.on = !deeds.app.signals.on; deeds.told(); }, { class: "second" }),
    };
    const legend = h("dl", { class: "legend" }, LEGEND.map(([key, does]) => h("div", {}, h("dt", {}, key), h("dd", {}, does))));
    this.packets = new Packets(deeds);
    return [h("div", { class: "row" }, this.unused, this.dropped), this.packets.node, h("h3", {}, t("needle.how-you-chart")), this.mode, h("div", { class: "row" }, Object.values(this.switches)), legend];
  }

  update() {
    const { deeds } = this, { shown, may, mayOut, mayChart } = deeds;
    text(this.title, shown ? t("needle.more-of", { place: short(shown) }) : t("needle.more"));
    for (const [what, node] of Object.entries(this.strips)) {
      node.told(shown?.notes[what]?.value ?? shown?.[what] ?? "");
      for (const tile of node.querySelectorAll(".tile")) marks(tile, { "aria-disabled": !shown || !mayChart });
    }
    const ended = Boolean(shown?.ended), inferred = shown?.how === "out";
    marks(this.acts.out, { "aria-disabled": !shown || ended || !mayOut });
    marks(this.acts.reopen, { "aria-disabled": !inferred || !mayOut });
    marks(this.acts.again, { "aria-disabled": !shown || !may });
    marks(this.acts.carry, { "aria-disabled": !shown || !may, "aria-pressed": Boolean(deeds.same) });
    this.packets.update();
    this.mode.told(deeds.mode);
    for (const one of [this.unused, this.dropped]) marks(one, { "aria-disabled": !mayOut });
    marks(this.switches.glove, { "aria-pressed": Boolean(deeds.glove) });
    marks(this.switches.keys, { "aria-pressed": keys.on });
    text(this.switches.keys, keys.on ? t("needle.keys-on") : t("needle.keys-off"));
    marks(this.switches.sound, { "aria-pressed": deeds.app.signals.on });
  }
}
