// The spine drawn, with what is believed of each level on both sides: pattern and place say it, colour only helps.

import { s } from "./dom.js";
import { share } from "./parts.js";
import { t } from "./texts.js";

const ROW = 20, SMALL = 7, TOP = 30, MIDDLE = 150, LONG = 100;
const BREADTH = { C: 17, T: 19, L: 26, S: 22 };

/** What a level is more likely to be, with its chance. */
export function stateOf({ irritated, deficient }) {
  return deficient >= irritated ? [t("explain.level-deficient"), deficient] : [t("explain.level-irritated"), irritated];
}

/**
 * The figure, seen from behind: right is on the right. Levels that something is believed of, and their neighbours, are
 * drawn large. `found`: [{segment, side, irritated, deficient}].
 */
export function spine(names, found) {
  const lit = new Set(found.map((one) => names.indexOf(one.segment))), large = (n) => [n - 1, n, n + 1].some((one) => lit.has(one));
  const ends = [];
  for (let n = 0, y = TOP; n < names.length; n++) ends.push([y, (y += large(n) ? ROW : SMALL)]);
  const high = ends.at(-1)[1] + 44;
  const said = (one, [state, chance]) => t("chart.spine-level", { level: one.segment, side: one.side, state, share: share(chance) });
  const words = found.slice(0, 6).map((one) => said(one, stateOf(one))).join("; ") || t("chart.spine-no-level");
  return s("svg", { class: "spine", viewBox: `0 0 ${2 * MIDDLE} ${high}`, role: "img", "aria-label": t("chart.spine-from-behind", { levels: words }) },
    s("defs", {}, s("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("path", { d: "M0 0V6", class: "hatching" }))),
    [["left", 24], ["right", 2 * MIDDLE - 24]].map(([side, x]) => s("text", { x, y: 20, class: "side" }, t(`chart.side-${side}`))),
    names.map((name, n) => vertebra(name, ...ends[n], lit.has(n))),
    ["C", "T", "L", "S"].map((run) => runOf(run, names, ends)),
    found.map((one) => bars(one, ends[names.indexOf(one.segment)][0])),
    legend(high - 26));
}

function vertebra(name, y, end, lit) {
  const half = BREADTH[name[0]], high = end - y, tall = high > SMALL;
  return s("g", { class: lit ? "vertebra lit" : "vertebra" },
    s("path", { d: `M${MIDDLE - half - 7} ${y + high / 3}L${MIDDLE - half} ${y + 1}H${MIDDLE + half}L${MIDDLE + half + 7} ${y + high / 3}L${MIDDLE + half} ${end - 1}H${MIDDLE - half}Z` }),
    tall ? s("text", { x: MIDDLE, y: y + 14.5 }, name) : null);
}

/** The letter of a run of levels none of which is drawn large. */
function runOf(run, names, ends) {
  const here = ends.filter((_, n) => names[n][0] === run);
  if (!here.length || here.some(([y, end]) => end - y > SMALL)) return null;
  return s("text", { x: MIDDLE, y: (here[0][0] + here.at(-1)[1]) / 2 + 4, class: "run" }, run);
}

function bars({ segment, side, irritated, deficient }, y) {
  const turn = side === "left" ? -1 : 1, from = MIDDLE + turn * (BREADTH[segment[0]] + 10), at = (x, long) => (turn < 0 ? x - long : x);
  const solid = deficient * LONG, hatched = irritated * LONG, end = from + turn * (solid + hatched + 4), sum = irritated + deficient;
  return s("g", { class: "belief", data: { segment, side } },
    solid >= 1 ? s("rect", { class: "deficient", x: at(from, solid), y: y + 3, width: solid, height: ROW - 6 }) : null,
    hatched >= 1 ? s("rect", { class: "irritated", fill: "url(#hatch)", x: at(from + turn * solid, hatched), y: y + 3, width: hatched, height: ROW - 6 }) : null,
    sum >= 0.05 ? s("text", { x: end, y: y + 14.5, class: turn < 0 ? "before" : "after" }, `${Math.round(100 * sum)}`) : null);
}

function legend(y) {
  return s("g", { class: "legend" },
    s("rect", { class: "deficient", x: 22, y: y - 10, width: 18, height: 11 }), s("text", { x: 46, y }, t("explain.level-deficient")),
    s("rect", { class: "irritated", fill: "url(#hatch)", x: 168, y: y - 10, width: 18, height: 11 }), s("text", { x: 192, y }, t("explain.level-irritated")),
    s("text", { x: 22, y: y + 18 }, t("chart.spine-number")));
}
