// The fourth step: where a needle may go today, what lies beneath, and what a change would break.

import { button, fill, h, upper, words } from "../dom.js";
import { barred } from "../against.js";
import { aim } from "../aim.js";
import { sign } from "../marks.js";
import { renew, wait } from "../parts.js";
import { breaks, counted, more, rules, stopped } from "../plan/told.js";
import { Turns, positionsOf } from "../plan/turns.js";
import { SHAPES, SIDES, keyOf, known, planOf, rowsOf, search } from "../planned.js";
import { t } from "../texts.js";

const LEFT_OUT = 6;
let shown = null;

export const step = {
  name: "plan",
  title: t("frame.step-plan"),

  missing(app) {
    if (app.view.plan.taken) return [];
    const { plan, broken } = app.thought.whole ?? {};
    if (plan && !open(plan)) return [t(plan.status === "blocked" ? "plan.lacks-everything" : "plan.lacks-answers")];
    return broken?.length ? broken : [t("plan.lacks-taking")];
  },

  show(root, app, { acts }) {
    shown = new Planning(root, app, acts);
    shown.update();
  },

  update(root) {
    if (shown?.root === root) shown.update();
  },

  marks: (app) => (shown?.app === app ? shown.marks() : []),
  touched: (mark) => shown?.find(mark.id),
  picked: (part) => shown?.look(part.kind === "level" ? `${part.name} paraspinal` : part.name),
  paints: () => ["muscle", "level"],
};

const open = (plan) => !plan || plan.status === "ready" || plan.status === "nothing to needle";

class Planning {
  constructor(root, app, acts) {
    Object.assign(this, { root, app, seen: new Map(), rows: [], lit: "", aimed: null });
    this.parts = Object.fromEntries(["state", "last", "list", "out", "rules", "broken"].map((name) => [name, h("div", { class: `p-${name}` })]));
    this.parts.state.setAttribute("role", "status");
    this.turns = new Turns(app);
    this.found = h("ul", { class: "found" });
    this.field = h("input", { type: "search", id: "add-point", placeholder: t("plan.letters"), autocomplete: "off", on: { input: () => this.searched() } });
    this.adding = h("section", { class: "p-add card", "aria-label": t("plan.add-point") }, h("label", {}, h("h3", {}, t("plan.add-point")), this.field), this.found);
    this.take = button("", () => this.taken(), { class: "main take", data: { kind: "plan.taken" } });
    root.append(this.parts.state, this.parts.last, this.turns.node, this.parts.list, this.adding, this.parts.out, this.parts.rules, this.parts.broken);
    acts.append(this.take);
  }

  get readOnly() {
    const { me, visit } = this.app.pack;
    return Boolean(visit.signature) || me.may?.chart === false;
  }

  update() {
    const { app, parts } = this, { thought } = app, plan = planOf(app), may = open(plan);
    this.rows = may ? rowsOf(app, this.seen) : [];
    const going = this.rows.filter((row) => row.state !== "out"), offline = thought.state === "offline";
    if (!this.aimed && this.rows.length && (plan || offline)) this.aimed = aim(app, this.rows); // not at what was added alone
    this.checked = offline ? "offline" : wait(app) ? "waiting" : "checked";
    const broken = this.checked === "checked" && may ? thought.whole?.broken ?? [] : [];
    const told = [Boolean(plan), plan?.status, this.checked, broken, thought.problems, plan?.questions, plan?.minutes, plan?.positions, going.length, plan?.referral?.urgency];
    renew(parts.state, told, () => this.state(plan, going, broken));
    renew(parts.broken, broken, () => (broken.length ? breaks(broken) : null));
    renew(parts.last, [may, app.pack.last?.visit, this.readOnly], () => may && this.last());
    this.turns.update(this.rows, this.readOnly);
    renew(parts.list, [this.rows, this.lit, this.readOnly], () => this.list());
    this.adding.hidden = !may || this.readOnly;
    renew(parts.out, [may && plan?.left_out, this.rows.map((row) => row.key + row.state)], () => may && this.leftOut(plan));
    renew(parts.rules, [plan?.rules, plan?.person, plan?.notice], () => plan && rules(plan));
    this.taking(going, broken, may, plan);
  }

  /** How the plan stands, at its fixed place: why it stops, what it breaks, or how long it takes. */
  state(plan, going, broken) {
    const { app } = this, { problems } = app.thought;
    if (!plan && problems.length) return h("p", { class: "stopped" }, problems.join(" "));
    if (!plan && this.checked === "checked") return h("p", { class: "how" }, t("plan.none-yet"));
    if (!plan && this.checked === "waiting") return h("p", { class: "how" }, t("plan.working"));
    if (plan && !open(plan)) return stopped(plan, app);
    const line = going.length ? counted(going.length, plan, this.checked === "offline") : plan ? t("plan.no-point-asked") : "";
    const how = { offline: t("plan.not-checked"), waiting: t("plan.being-checked"), checked: broken.length ? t("plan.breaks", { n: broken.length }) : going.length ? t("plan.keeps-rules") : "" }[this.checked];
    return [
      h("p", { class: "line" }, h("b", {}, line), h("span", { class: `check ${broken.length ? "broken" : this.checked}` }, how)),
      problems.length ? h("p", { class: "stopped" }, problems.join(" ")) : null,
    ];
  }

  /** Last time's points, in one tap; never what came of them. */
  last() {
    const { last } = this.app.pack;
    if (!last?.needled?.length || this.readOnly) return null;
    const names = last.needled.map((one) => `${one.point} ${SIDES[one.side]}`);
    return button([h("b", {}, t("plan.repeat", { count: names.length })), h("small", {}, t("plan.repeat-points", { day: this.app.lastDay, points: `${names.slice(0, 4).join("; ")}${names.length > 4 ? " …" : ""}` }))],
      () => this.repeat(), { class: "repeat", data: { kind: "plan.changed", value: "repeat last" } });
  }

  repeat() {
    const { app } = this, { last } = app.pack, here = last.needled.filter((one) => known(app).has(one.point)), wanted = new Set(here.map(keyOf));
    const change = (one, what) => ({ kind: "plan.changed", body: { point: one.point, side: one.side, change: what, from_visit: last.needled_in || last.visit } });
    const others = this.rows.filter((row) => row.state !== "out" && !wanted.has(row.key));
    return app.noteAll([...here.map((one) => change(one, "add")), ...others.map((one) => change(one, "remove"))], { gesture: "repeat last" });
  }

  list() {
    const positions = positionsOf(this.rows);
    return [
      h("ul", { class: "kinds" }, Object.entries(SHAPES).filter(([kind]) => this.rows.some((row) => row.kind === kind)).map(([kind, look]) => h("li", {}, sign(...look), h("b", {}, upper(kind)), h("small", {}, this.app.catalogue.kinds?.[kind])))),
      positions.map((position) => h("section", { class: "station", "aria-label": position }, h("h3", {}, upper(position)), h("ol", {}, this.rows.filter((row) => row.position === position).map((row) => this.row(row))))),
    ];
  }

  row(row) {
    const out = row.state === "out", grave = row.hazards.filter((one) => one.grave), rest = row.hazards.filter((one) => !one.grave);
    const [shape, tone] = SHAPES[row.kind] ?? SHAPES.symptomatic;
    return h("li", { class: row.key === this.lit ? "point lit" : "point", data: { point: row.point, side: row.side, state: row.state }, id: `point-${row.key.replace(/\W+/g, "-")}` },
      h("span", { class: "number" }, sign(shape, tone), h("b", {}, out ? "–" : row.number), h("span", { class: "hidden" }, row.kind)),
      h("div", { class: "what" },
        h("p", {}, h("b", { class: "name" }, `${row.point} `, h("span", { class: "side" }, SIDES[row.side])), row.state === "checking" ? h("small", {}, ` ${t("plan.unchecked")}`) : null, out ? h("small", {}, ` ${t("plan.out")}`) : null),
        [
          row.barred ? h("p", { class: "danger" }, h("b", {}, t("plan.barred", { why: row.barred }))) : null,
          h("p", {}, h("b", {}, row.size), h("small", {}, ` ${row.depth.replace(/ \(.*/, ".")}`)),
          grave.length ? h("p", { class: "danger" }, h("b", {}, `⚠ ${words(grave.map((one) => one.structure))}. `), grave[0].keep) : null,
          rest.length ? h("p", { class: "near" }, h("small", {}, t(grave.length ? "plan.also-near" : "plan.near", { structures: words(rest.map((one) => one.structure)) }))) : null,
          row.cautions.map((one) => h("p", { class: "caution" }, one.practitioner)),
          more(row),
        ]),
      this.readOnly ? null : button(t(out ? "plan.put-back" : "plan.take-out"), () => this.change(row, out ? "add" : "remove"), { class: "second", "aria-label": t(out ? "plan.put-back-point" : "plan.take-out-point", row), data: { kind: "plan.changed", value: out ? "add" : "remove", point: row.point, side: row.side, key: row.key } }));
  }

  change({ point, side }, change) {
    return this.app.note("plan.changed", { point, side, change });
  }

  /** What was not chosen, with what keeps it out. */
  leftOut(plan) {
    const held = new Set(this.rows.map((row) => row.key)), list = (plan?.left_out ?? []).filter((one) => !held.has(keyOf(one)));
    if (!list.length) return null;
    const item = (one) => h("li", {}, h("div", {}, h("b", {}, `${one.point} ${SIDES[one.side]}`), h("small", {}, one.why)), this.adder(one.point, one.side));
    return h("section", { class: "card", "aria-label": t("plan.left-out") }, h("h3", {}, t("plan.left-out-why")), h("ul", { class: "found" }, list.slice(0, LEFT_OUT).map(item)),
      list.length > LEFT_OUT ? h("details", {}, h("summary", {}, t("plan.more-left-out", { count: list.length - LEFT_OUT })), h("ul", { class: "found" }, list.slice(LEFT_OUT).map(item))) : null);
  }

  adder(point, side) {
    if (this.readOnly || barred(this.app, point, side)) return null;
    return button(side === "both" ? t("plan.add") : t("plan.add-side", { side: SIDES[side] }), () => this.add(point, side), { class: "second", "aria-label": t("plan.add-named", { point, side }), data: { kind: "plan.changed", value: "add", point, side, key: `add ${point} ${side}` } });
  }

  add(point, side) {
    const { app } = this, add = () => this.change({ point, side }, "add");
    return app.withSide(side, add);
  }

  searched() {
    const rows = search(this.app, this.field.value), none = this.field.value.trim().length > 2;
    fill(this.found, rows.map((row) => h("li", {}, h("div", {}, h("b", {}, row.name), h("small", {}, row.find), [...new Set(row.sides.map((side) => barred(this.app, row.name, side)))].map((why) => why && h("p", { class: "danger" }, t("plan.barred", { why })))), row.sides.map((side) => this.adder(row.name, side)))),
      !rows.length && none ? h("li", {}, h("p", { class: "soft" }, t("plan.no-such-point"))) : null);
  }

  /** A muscle or level tapped on the chart: its points to add. */
  look(name) {
    this.field.value = name;
    this.searched();
    this.adding.scrollIntoView({ block: "nearest" });
  }

  /** A point tapped on the chart: its row. */
  find(key) {
    this.lit = key;
    this.update();
    this.root.querySelector(".point.lit")?.scrollIntoView({ block: "nearest" });
  }

  marks() {
    return this.rows.filter((row) => row.at && row.state !== "out").map((row) => {
      const [shape, tone] = SHAPES[row.kind] ?? SHAPES.symptomatic;
      return { at: row.at, side: row.side, point: row.point, shape, tone, text: row.barred ? "✕" : row.number, id: row.key, now: row.key === this.lit, dashed: row.state === "checking" };
    });
  }

  /** The button that ends the step: what it would do, or why it does nothing. */
  taking(going, broken, may, plan) {
    const held = this.app.view.plan.taken, same = held && held.map(keyOf).join() === going.map((row) => row.key).join();
    const why = this.readOnly ? t("plan.take-read-only") : !may ? t("plan.take-not-ready", plan) : !going.length ? t("plan.take-no-point") : broken.length ? t("plan.take-breaks") : this.checked !== "checked" ? t(`plan.take-${this.checked}`) : t("plan.points", { n: going.length });
    const can = may && going.length && !broken.length && !this.app.thought.problems.length && this.checked !== "waiting" && !this.readOnly;
    this.take.setAttribute("aria-disabled", String(!can));
    this.take.hidden = !may;
    renew(this.take, [same, why], () => [h("b", {}, t(same ? "plan.to-needles" : "plan.take")), h("small", {}, why)]);
    this.going = going;
    this.same = same;
  }

  async taken() {
    if (!this.same) await this.app.note("plan.taken", { points: this.going.map(({ point, side }) => ({ point, side })) });
    await this.app.go("needle");
  }
}
