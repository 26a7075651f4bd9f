// The same signs again after the needles: what was found before stands beside, each result is one tap.

import { h, upper } from "../dom.js";
import { valueOf } from "../fold.js";
import { keyed, marks, strip, text } from "../needle/parts.js";
import { t } from "../texts.js";
import { PAIN } from "./scores.js";

const GRADES = [0, 1, 2, 3, 4, 5];
const TENTHS = Array.from({ length: 11 }, (_, n) => n);
const ORDER = ["strength", "reflex", "pain", "range", "test", "sensation", "tenderness", "taut band"];
const ORDINARY = ["normal", "negative"];
const SIDES = { right: t("retest.side-right"), left: t("retest.side-left"), both: t("retest.side-both") };

/** The findings of a visit from before the needles or after, by sign, place and side. */
function findings(app, when) {
  const all = [...(app.view.values.get("finding.recorded")?.values() ?? [])].map((one) => one.body);
  return joined(all.filter((one) => (one.when ?? "before") === when && one.result !== "not tested"));
}

const keyOf = ({ sign, at, side }) => `${sign}|${at}|${side ?? ""}`;
const rowOf = (one) => `${keyOf(one)}|${one.sign === "trophic" ? one.result : ""}`;

/** One row for each place: of trophic changes several may be there, all of them `results`. */
function joined(list) {
  const found = new Map();
  for (const one of list) {
    const results = [...(found.get(keyOf(one))?.results ?? []), one.result];
    found.set(keyOf(one), { ...one, results, result: results.join(", ") });
  }
  return [...found.values()];
}

/** A result in few words. */
export function resultOf({ sign, result, grade, intensity, value, quality }) {
  if (sign === "pain" && typeof intensity === "number") return t("retest.of-ten", { intensity });
  const number = typeof grade === "number" || (typeof grade === "string" && grade) ? t("retest.grade", { grade }) : typeof value === "number" ? t("retest.degrees", { value }) : "";
  return [number || result, quality].filter(Boolean).join(", ");
}

/** Signs to test again: what was not ordinary first, strength before all. */
function again(app) {
  const rank = (one) => (ORDINARY.includes(one.result) ? 100 : 0) + (ORDER.indexOf(one.sign) + 1 || 50);
  const list = findings(app, "before"), score = app.catalogue.scores?.find((one) => one.code === PAIN);
  // Where no pain was charted at a place, the number for pain is asked all the same.
  if (score && !list.some((one) => one.sign === "pain")) list.push({ sign: "pain", at: "now", side: "", score, intensity: valueOf(app.view, "score.recorded", [PAIN, "before"])?.body.total });
  return list.sort((a, b) => rank(a) - rank(b));
}

function optionsOf(app, before) {
  if (before.sign === "pain" && (typeof before.intensity === "number" || !before.result || before.result === "present")) return TENTHS.map((n) => [`i${n}`, String(n), { intensity: n, result: n ? "present" : "absent" }]);
  if (before.sign === "strength") return GRADES.map((n) => [`g${n}`, n === 5 ? t("retest.grade-full") : String(n), { grade: n, result: n === 5 ? "normal" : "weak" }]);
  const found = before.sign === "trophic" ? [...new Set([...before.results, "absent"])] : app.catalogue.signs?.find((one) => one.name === before.sign)?.results ?? (before.sign === "test" ? ["positive", "negative"] : ["present", "absent"]);
  return found.map((one) => [one, one, { result: one }]);
}

/** The part of the close step. */
export class Retest {
  constructor(app) {
    this.app = app;
    this.tied = h("p", { class: "soft tied" });
    this.rows = h("div", { class: "retests" });
    this.node = h("section", { class: "card retest", "aria-labelledby": "retest-title" }, h("h3", { id: "retest-title" }, t("retest.title")), this.tied, this.rows);
  }

  update() {
    const { app } = this, points = app.view.ledger.needled, list = again(app);
    const after = new Map(findings(app, "after").map((one) => [keyOf(one), one])), pain = valueOf(app.view, "score.recorded", [PAIN, "after"])?.body;
    if (pain) after.set("pain|now|", { sign: "pain", intensity: pain.total, result: pain.total ? "present" : "absent" });
    text(this.tied, !list.length ? t("retest.nothing-found") : points.length ? t("retest.after-points", { points: points.map(([point, side]) => `${point} ${SIDES[side] ?? ""}`.trim()).join(", ") }) : t("retest.no-needle"));
    keyed(this.rows, list, rowOf, (one) => this.row(one), (node, one) => this.tell(node, one, after.get(keyOf(one))));
  }

  row(before) {
    const { app } = this, { sign, at, side = "" } = before, options = optionsOf(app, before);
    const bodies = new Map(options.map(([value, , body]) => [value, body]));
    const name = `${upper(sign)}: ${at}${side ? ` ${SIDES[side]}` : ""}`;
    const record = before.score
      ? ({ intensity }) => app.note("score.recorded", { score: PAIN, when: "after", items: { [before.score.items[0]]: intensity }, total: intensity })
      : (body) => app.note("finding.recorded", { sign, at, side, when: "after", ...body });
    const data = before.score ? { kind: "score.recorded", score: PAIN } : { kind: "finding.recorded", sign, point: at, side };
    const tiles = strip(name, options, (value) => record(bodies.get(value)), { class: options.length > 6 ? "wide" : undefined, data });
    const node = h("div", { class: "retest-row" }, h("div", { class: "retest-of" }, h("b", {}, name), h("span", { class: "before" }), h("span", { class: "now" })), tiles);
    return Object.assign(node, { tiles, bodies, words: [node.querySelector(".before"), node.querySelector(".now")] });
  }

  tell(node, before, after) {
    text(node.words[0], t("retest.before", { result: resultOf(before) || t("retest.not-asked") }));
    text(node.words[1], after ? t("retest.after", { result: resultOf(after) }) : t("retest.not-tested"));
    marks(node, { "data-state": after ? "done" : "open" });
    const given = after && [...node.bodies].find(([, body]) => Object.entries(body).every(([name, value]) => after[name] === value || (name === "result" && "grade" in body)))?.[0];
    node.tiles.told(before.sign === "trophic" && after ? after.results : given ?? "");
  }
}
