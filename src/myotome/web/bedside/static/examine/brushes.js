// The brushes: choose the sign, then paint structures. What each paints, how it looks, what can be said more exactly.

import { upper } from "../dom.js";
import { keyOf } from "../keys.js";
import { t } from "../texts.js";

const RESULTS = ["absent", "reduced", "heightened", "normal", "brisk", "limited", "positive", "negative"];
const palpated = (what, more = []) => ({ modes: [{ label: t(`examine.there-${what}`), result: "present" }, { label: t(`examine.not-there-${what}`), result: "absent" }], more });
const results = (...list) => list.map((result) => ({ label: upper(t(`examine.result-${result}`)), result }));
const weak = (label, first, more) => ({ name: t("examine.weak", { grade: label }), modes: [{ label: t("examine.weak", { grade: label }), result: "weak", ...first }, ...results("normal")], more });
const grades = (list) => list.map((grade) => ({ label: String(grade).replace("-", "−"), grade }));
const HOW_MUCH = ["mild", "moderate", "severe", "familiar"].map((much) => ({ label: t(`examine.much-${much}`), quality: much === "familiar" ? "familiar pain" : much }));

/**
 * Each: id, name, sign, `paints` (muscle, level, reflex, movement, patch, test, area, skin), `shape` and `tone` as the
 * chart draws it, `modes` (what a tap writes; the first is in hand), `more` (one more tap on what was painted last).
 */
export const BRUSHES = [
  { id: "tender", sign: "tenderness", paints: "muscle", shape: "circle", tone: "mark-2", ...palpated("tender", HOW_MUCH) },
  { id: "taut", sign: "taut band", paints: "muscle", shape: "circle", tone: "mark-2", text: "≡", ...palpated("taut") },
  { id: "short", sign: "shortening", paints: "muscle", shape: "diamond", tone: "mark-3", ...palpated("short") },
  { id: "weak4", sign: "strength", paints: "muscle", shape: "triangle", tone: "mark-1", text: "4", ...weak("4", { grade: 4 }, grades([4, "4+", "4-", "5-"])) },
  { id: "weak3", sign: "strength", paints: "muscle", shape: "triangle", tone: "mark-1", text: "3", ...weak("3", { grade: 3 }, grades([3, "3+", "3-"])) },
  { id: "weak2", sign: "strength", paints: "muscle", shape: "triangle", tone: "mark-1", text: "2", ...weak(t("examine.weak-least"), { grade: 2, quality: "0 to 2" }, [{ label: "2", grade: 2, quality: "0 to 2" }, ...grades([1, 0])]) },
  { id: "level-tender", sign: "tenderness", paints: "level", shape: "circle", tone: "mark-2", ...palpated("tender", HOW_MUCH) },
  { id: "level-taut", sign: "taut band", paints: "level", shape: "circle", tone: "mark-2", text: "≡", ...palpated("taut") },
  { id: "reflex", sign: "reflex", paints: "reflex", shape: "cross", tone: "mark-1", choices: ["absent", "reduced", "normal", "brisk"] },
  { id: "sensation", sign: "sensation", paints: "patch", shape: "square", tone: "mark-4", modes: results("reduced", "heightened", "normal"), more: [] },
  { id: "trophic", sign: "trophic", paints: "skin", shape: "hexagon", tone: "mark-4", modes: [], more: [] }, // its changes are those of the catalogue
  { id: "range", sign: "range", paints: "movement", shape: "diamond", tone: "mark-3", choices: ["limited", "normal"] },
  { id: "test", sign: "test", paints: "test", shape: "square", tone: "mark-1", choices: ["positive", "negative"] },
  { id: "pain", sign: "pain", paints: "area", shape: "cross", tone: "mark-2", ...palpated("pain", [2, 4, 6, 8].map((n) => ({ label: t("examine.of-ten", { n }), intensity: n }))) },
  { id: "wasting", sign: "wasting", paints: "muscle", shape: "triangle", tone: "mark-1", ...palpated("wasting") },
].map((one) => ({ name: t(`examine.brush-${one.id}`), ...one }));

/** The brushes with what the catalogue knows: several trophic changes may be painted on one place, or none of them. */
export function brushesOf({ signs }) {
  const found = signs.find((one) => one.name === "trophic")?.results.filter((one) => one !== "absent") ?? [];
  const changes = [...found.map((result) => ({ label: upper(result), result })), { label: t("examine.not-there-trophic"), result: "absent" }];
  return BRUSHES.map((one) => (one.paints === "skin" ? { ...one, modes: changes } : one));
}

const ORDINARY = { present: "absent", weak: "normal", positive: "negative" };

/** What the sign says where nothing is wrong. */
export function ordinary(sign) {
  return { strength: "normal", reflex: "normal", sensation: "normal", range: "normal", test: "negative" }[sign] ?? ORDINARY.present;
}

/** Whether a brush paints a kind of structure. */
export const fits = (brush, kind) => brush.paints === kind || (brush.paints === "skin" && ["level", "patch", "area"].includes(kind));

/** The name by which the record knows a structure: a level that is felt is its paraspinal muscle. */
export const siteOf = (paints, name) => (paints === "level" ? `${name} paraspinal` : name);

const found = (app) => app.view.values.get("finding.recorded") ?? new Map();
const keyed = (body) => keyOf({ kind: "finding.recorded", body });

/** What stands of a sign at a place and side, as the value of the fold; of a trophic change by its `result`. */
export function standing(app, sign, at, side, result = "") {
  return found(app).get(keyed({ sign, at, side, result })) ?? found(app).get(keyed({ sign, at, side }));
}

/** All that stands of a sign at a place and side: several only of trophic changes. */
export function allStanding(app, sign, at, side) {
  const place = keyed({ sign, at, side });
  return [...found(app)].filter(([key]) => key === place || key.startsWith(`${place}\n`)).map(([, value]) => value);
}

/** A finding in a few letters, for a tile. */
export function short(body) {
  if (!body) return "";
  if (body.grade !== null && body.grade !== undefined) return body.quality === "0 to 2" ? t("examine.weak-least") : String(body.grade).replace("-", "−");
  const many = body.intensity !== null && body.intensity !== undefined;
  if (body.result === "present") return body.quality || (many ? t("examine.of-ten", { n: body.intensity }) : t("examine.yes"));
  if (body.result === "absent" && body.sign !== "reflex") return t("examine.no");
  return RESULTS.includes(body.result) ? t(`examine.result-${body.result}`) : body.result;
}
