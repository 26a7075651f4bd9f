// The plan as rows of a list: what the clinic last said of it, what was changed since, and what is still unchecked.

import { barred } from "./against.js";
import { t } from "./texts.js";

/** A point on a side, as one word. */
export const keyOf = ({ point, side }) => `${point}|${side}`;
export const SIDES = { left: t("plan.side-left"), right: t("plan.side-right"), both: t("plan.side-both") };
export const SHAPES = { paraspinal: ["square", "mark-1"], symptomatic: ["circle", "mark-2"], homeostatic: ["triangle", "mark-3"] };
const GRAVE = ["lung", "cord", "heart", "womb", "eye", "organ"];
const TAIL = /(\.|;) [Kk]eep clear of: .*$/; // the hazards say it again

const kept = new WeakMap();

/** The points of the catalogue by name. */
export function known({ catalogue }) {
  if (!kept.has(catalogue)) kept.set(catalogue, new Map((catalogue.points ?? []).map((one) => [one.name, one])));
  return kept.get(catalogue);
}

/** The plan that is shown: that of a signed note as it was then, else the newest answer of the clinic. */
export function planOf(app) {
  const { signature } = app.pack.visit;
  return (signature && app.pack.frozen?.plan) || app.thought.whole?.plan || app.pack.frozen?.plan || null;
}

/**
 * The rows in the order of the visit. `seen` keeps those that were shown, so that one taken out stays where it was;
 * `state` is planned, checking (added, not yet checked) or out.
 */
export function rowsOf(app, seen) {
  const changes = new Map(app.view.plan.changes.map((one) => [keyOf(one), one.change]));
  const told = new Map((planOf(app)?.points ?? []).map((one) => [keyOf(one), one]));
  for (const [key, one] of told) seen.set(key, fromPlan(app, one));
  for (const one of app.view.plan.changes) if (one.change === "add" && !seen.has(keyOf(one))) seen.set(keyOf(one), fromCatalogue(app, one));
  for (const key of seen.keys()) if (!told.has(key) && !changes.has(key)) seen.delete(key);
  const all = [...seen].map(([key, row]) => ({ ...row, key, state: changes.get(key) === "remove" ? "out" : told.has(key) ? "planned" : "checking", barred: barred(app, row.point, row.side) }));
  let number = 0;
  return ordered(app, all, [...told.keys()]).map((row) => ({ ...row, number: row.state === "out" ? 0 : ++number }));
}

/** By position as the visit goes; within one, as the plan has it, and what is not in the plan where it was. */
function ordered(app, list, plan) {
  const place = new Map(plan.map((key, n) => [key, n])), turns = plan.map((key) => list.find((row) => row.key === key).position);
  let last = -1;
  const at = new Map(list.map((row) => [row.key, (last = place.get(row.key) ?? last + 0.01)]));
  return lying([...list].sort((a, b) => at.get(a.key) - at.get(b.key)), [...app.view.plan.order, ...turns]);
}

/** Points position by position in this order, positions not in it after them as they come. */
export function lying(list, order) {
  const turns = [...order, ...list.map((one) => one.position)];
  return [...list].sort((a, b) => turns.indexOf(a.position) - turns.indexOf(b.position));
}

function fromPlan(app, one) {
  const row = known(app).get(one.point), kinds = new Map((row?.hazards ?? []).map((h) => [h.structure, h.kind]));
  return { ...one, at: row?.at, hazards: one.at_risk.map((h) => graded({ ...h, kind: kinds.get(h.structure) })), size: sizeOf(one.needle), depth: one.needle.words.replace(TAIL, "."), cautions: one.rules.filter((r) => r.action !== "note") };
}

/** A point that the clinic has said nothing of yet. */
function fromCatalogue(app, { point, side }) {
  const row = known(app).get(point) ?? {}, lies = row.positions?.[0] ?? "elsewhere";
  const position = lies === "side-lying" && side !== "both" ? `side-lying, ${side} side up` : lies;
  return { kind: "symptomatic", ...row, point, side, position, hazards: (row.hazards ?? []).map(graded), size: sizeOf(row), depth: row.needle_words ?? "", reason: t("plan.added"), cautions: [] };
}

const graded = (hazard) => ({ ...hazard, grave: GRAVE.includes(hazard.kind) });

/** The size of a needle, "0.25 × 30 mm"; `none` where nothing is told of it. */
export function sizeOf({ gauge_mm: gauge, length_mm: length }, none = t("plan.size-judged")) {
  if (!length) return none;
  return gauge ? t("plan.size", { gauge: gauge.toFixed(2), length }) : t("plan.size-length", { length });
}

/** Points of the catalogue whose name, muscle or level begins with what was typed, word by word; at most `most`. */
export function search(app, typed, most = 8) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (typed.trim().length < 2) return [];
  const fits = (text) => wanted.every((one) => text.some((word) => word.startsWith(one)));
  return [...known(app).values()].filter((row) => fits(`${row.name} ${row.muscle} ${row.level}`.toLowerCase().split(/[\s,]+/))).slice(0, most);
}
