// The body chart: the plates of the atlas with findings and points as marks; one tap is one part.

import { candidates } from "/atlas/atlas-js/hit.js";
import { Stage } from "/atlas/atlas-js/stage.js";
import { button, fill, h, put, roving, s } from "./dom.js";
import { excludes, keyOf } from "./keys.js";
import { apart, findingMarks, mark, middleOf } from "./marks.js";
import { regionOf, titleOf } from "./regions.js";
import { t } from "./texts.js";

const BASE = "/atlas";
const RADIUS = 10; // pixels
const NEAR = 24; // pixels within which a tap means a mark
const STILL = 14; // pixels that a tap may stray

const keyed = (body) => keyOf({ kind: "finding.recorded", body });

export class BodyChart {
  constructor(holder, app) {
    Object.assign(this, { holder, app, list: [], side: "right", turn: 0 });
    this.shown = h("div", { class: "stage", "aria-hidden": "true" });
    this.edges = ["left", "right"].map((edge) => h("b", { class: `edge at-${edge}`, "aria-hidden": "true" }));
    this.badge = h("p", { class: "brush-badge", hidden: true });
    this.meant = h("div", { class: "meant", role: "group", "aria-label": t("chart.meant") });
    this.tools = {
      turn: button(t("chart.turn"), () => this.show(this.turn + 1), { class: "tool" }),
      deeper: button(t("chart.deeper"), () => this.deeper(), { class: "tool" }),
      other: button(t("chart.other-side"), () => this.other(), { class: "tool" }),
      near: button(t("chart.near"), () => this.zoom(0.7), { class: "tool", "aria-label": t("chart.nearer") }),
      far: button(t("chart.far"), () => this.zoom(1 / 0.7), { class: "tool", "aria-label": t("chart.farther") }),
    };
    this.strip = roving(h("div", { class: "regions", role: "group", "aria-label": t("chart.regions") },
      app.catalogue.regions.map((one) => button(titleOf(one), () => { this.chosen = true; this.open(one); }, { class: "region", data: { region: one.id }, "aria-pressed": false }))));
    fill(holder, this.strip, h("div", { class: "tools", role: "group", "aria-label": t("chart.view") }, Object.values(this.tools)), h("div", { class: "plate-holder" }, this.shown, this.edges, this.badge, this.meant));
    this.stage = new Stage(this.shown, BASE);
    this.put = this.stage.put.bind(this.stage);
    this.stage.put = (svg) => { this.put(svg); this.draw(); };
    this.taps();
    this.ready = this.start();
    new ResizeObserver(() => this.draw()).observe(this.shown);
  }

  /** Go where the complaint is, as long as nobody has chosen a region by hand. */
  follow() {
    const key = `${this.home().id} ${this.app.side}`;
    if (!this.plates || this.chosen || key === this.followed) return;
    this.followed = key;
    this.open(this.home());
  }

  async start() {
    const plates = await fetch(`${BASE}/plates`).then((answer) => answer.json()).catch(() => null);
    if (!plates) return this.lost();
    this.plates = Object.fromEntries(plates.map((plate) => [plate.id, plate]));
    this.views = Object.fromEntries(plates.map((plate) => [plate.id, Object.fromEntries(plates.flatMap((one) => one.regions.filter((r) => r.plate === plate.id && r.view).map((r) => [r.name, r.view])))]));
    return this.follow();
  }

  /** A plate that is not kept on this device: the tiles go on as they are. */
  lost() {
    this.shown.replaceChildren();
    this.stage.svg = null;
    this.touchable = [];
    delete this.holder.dataset.shows;
    fill(this.meant, h("p", { class: "not-kept" }, t("chart.not-kept")));
  }

  /** The region where the complaint is. */
  home() {
    const area = this.app.catalogue.areas?.find((one) => one.name === this.app.told("complaint", "area"));
    return regionOf(this.app.catalogue, area?.region ?? "shoulder girdle");
  }

  /** Open a region at its first plate, on the complaint's side where a plate shows one. */
  async open(region, { side } = {}) {
    this.region = region;
    this.side = side ?? (this.app.side === "left" ? "left" : "right");
    for (const one of this.strip.children) one.setAttribute("aria-pressed", String(one.dataset.region === region.id));
    this.app.changed();
    await this.show(0);
  }

  async show(turn, layer) {
    if (!this.plates) return this.lost();
    const { plates } = this.region;
    this.turn = turn % plates.length;
    const [id, first, name] = plates[this.turn];
    const plate = this.plates[id];
    this.layer = plate.layers.includes(layer) ? layer : first;
    this.view = this.views[id][name] ?? null;
    fill(this.meant);
    this.words(plate);
    const asked = (this.asked = {});
    try {
      if (await this.stage.show(plate, { layer: this.layer, side: this.side, view: this.view })) this.holder.dataset.shows = `${id} ${this.layer} ${this.side}`;
    } catch {
      if (asked === this.asked) this.lost();
    }
    return undefined;
  }

  words(plate) {
    const { plates } = this.region, [next] = plates[(this.turn + 1) % plates.length];
    const name = (id) => t(`chart.plate-${id}`), layer = (one) => t(`chart.layer-${one}`);
    this.tools.turn.textContent = plates.length > 1 ? t("chart.turn-to", { view: name(next).toLowerCase() }) : name(plate.id);
    this.tools.turn.setAttribute("aria-disabled", String(plates.length < 2));
    const layers = plate.layers, at = layers.indexOf(this.layer);
    this.tools.deeper.textContent = t("chart.layers", { now: layer(this.layer), next: layer(layers[(at + 1) % layers.length]) });
    this.tools.other.hidden = plate.facing !== "right" && !this.view;
    this.tools.other.textContent = t(this.side === "right" ? "chart.show-left" : "chart.show-right");
  }

  deeper() {
    const { layers } = this.plates?.[this.region.plates[this.turn][0]] ?? { layers: [] };
    this.show(this.turn, layers[(layers.indexOf(this.layer) + 1) % layers.length]);
  }

  other() {
    this.side = this.side === "right" ? "left" : "right";
    this.show(this.turn, this.layer);
  }

  zoom(factor) {
    if (!this.stage.svg) return;
    this.stage.zoom(factor);
    this.draw();
  }

  /** Show the brush in hand at the chart: {name, shape, tone} or null. */
  brush(brush, picture) {
    this.badge.hidden = !brush;
    if (brush) fill(this.badge, picture, h("b", {}, brush.name));
    this.holder.classList.toggle("painting", Boolean(brush));
  }

  /**
   * What is marked from now on: `{shape, tone, text, dashed, side}` with `kind` and `name` of a part, or `at` as the
   * catalogue gives it ([plate, x, y, mirrored]); with `id` a mark can be tapped (`step.touched(mark, app)`).
   */
  marks(list) {
    const key = JSON.stringify(list);
    if (key === this.key) return;
    Object.assign(this, { key, list });
    this.draw();
  }

  /** The findings of this visit as marks, and those of the last one dashed where they were not looked at again. */
  findings() {
    const { app } = this, now = app.findings(), seen = now.map(keyed);
    const before = (app.lastFindings ?? []).filter((one) => !seen.some((key) => excludes(key, keyed(one))));
    return [...findingMarks(before, app.catalogue, true), ...findingMarks(now, app.catalogue)];
  }

  draw() {
    const svg = this.stage.svg, matrix = svg?.getScreenCTM();
    if (!matrix || !matrix.a) return;
    svg.querySelector("g.marks")?.remove();
    this.letters();
    const radius = RADIUS / matrix.a;
    const here = this.list.map((one) => ({ one, at: this.place(one) })).filter(({ at }) => at);
    const front = this.stage.plate.facing === "front";
    const half = ({ side }) => (!this.stage.mirrored || !["left", "right"].includes(side) ? 0 : (side === "right") !== front ? 1 : -1);
    const places = apart(here.map(({ one, at }) => ({ x: at[0], y: at[1], half: half(one) })), radius);
    this.touchable = here.map(({ one }, n) => ({ one, at: places[n] })).filter(({ one }) => one.id);
    svg.append(s("g", { class: "marks" }, here.map(({ one }, n) => put(
      s("g", { transform: `translate(${places[n][0]} ${places[n][1]}) scale(${radius})`, class: one.now ? "now" : null, data: { point: one.point, side: one.side } }), mark(one.shape, one.tone, one.text ?? "", one.dashed)))));
  }

  /** Where a mark lies on the picture, or null. */
  place({ at, kind, name, side }) {
    const { plate, targets } = this.stage, [left, , width] = plate.view;
    if (!this.stage.mirrored && side && side !== "both" && side !== this.side) return null;
    const other = side === "left";
    if (at && at[0] === plate.id) return [this.stage.mirrored ? (other ? -at[1] : at[1]) : this.side === "left" ? 2 * left + width - at[1] : at[1], at[2]];
    const part = kind && [...targets.parts, ...targets.skins].find((one) => one.kind === kind && one.name === name);
    const middle = part && middleOf(part.seen.length ? part.seen : part.all);
    if (!middle) return null;
    let x = middle[0] / targets.fine;
    if (this.stage.mirrored) x = (other ? -x : x) * (plate.facing === "front" ? -1 : 1);
    else if (this.side === "left") x = 2 * left + width - x;
    return [x, middle[1] / targets.fine];
  }

  /** R and L stand at the edges of every plate, by what lies there. */
  letters() {
    const box = this.shown.getBoundingClientRect(), middle = box.top + box.height / 2;
    const of = (x) => (this.stage.mirrored ? (this.stage.sheet(x, middle).x >= 0 ? "right" : "left") : this.side);
    const [a, b] = [of(box.left + 12), of(box.right - 12)];
    this.edges[0].textContent = t(`chart.side-${a}`);
    this.edges[1].textContent = t(`chart.side-${b}`);
  }

  taps() {
    let down = null;
    this.shown.addEventListener("pointerdown", (event) => { down = { x: event.clientX, y: event.clientY, last: event, far: false }; });
    this.shown.addEventListener("pointermove", (event) => {
      if (!down || !event.buttons) return;
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > STILL) down.far = true;
      if (!down.far || !this.stage.svg) return;
      const box = this.shown.getBoundingClientRect();
      this.stage.pan((down.last.clientX - event.clientX) / box.width, (down.last.clientY - event.clientY) / box.height);
      down.last = event;
      this.letters();
    });
    this.shown.addEventListener("click", (event) => {
      const moved = down?.far;
      down = null;
      if (!moved && this.stage.svg) this.tapped(event.clientX, event.clientY, event.timeStamp);
    });
  }

  tapped(clientX, clientY, when) {
    const { step } = this.app, at = new DOMPoint(clientX, clientY).matrixTransform(this.stage.svg.getScreenCTM().inverse());
    const near = NEAR / this.stage.svg.getScreenCTM().a;
    const touched = step.touched && this.touchable?.map((one) => ({ ...one, off: Math.hypot(one.at[0] - at.x, one.at[1] - at.y) })).filter((one) => one.off < near).sort((a, b) => a.off - b.off)[0];
    if (touched) return void step.touched(touched.one, this.app);
    const found = this.under(clientX, clientY, step.paints?.(this.app));
    if (!found.length) return void this.app.say(t("chart.nothing-there"), "warning");
    const same = found[0].name === this.before?.name && found[0].side === this.before?.side && when - this.before.when < 250;
    if (same) return;
    this.before = { ...found[0], when };
    this.stage.light([found[0]]);
    step.picked?.(found[0], this.app, { others: found.slice(1, 4) });
  }

  /** The parts that a place may mean, likeliest first; only those of these kinds. */
  under(clientX, clientY, kinds) {
    const { stage } = this, at = stage.sheet(clientX, clientY), { fine, parts, skins } = stage.targets;
    const all = kinds?.includes("patch") ? skins : parts.filter((one) => !kinds || kinds.includes(one.kind));
    return candidates(all, at.x * fine, at.y * fine, at.reach * fine, stage.mirrored, this.side);
  }
}
