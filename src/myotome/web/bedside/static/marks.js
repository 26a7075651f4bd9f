// Marks on the plates: findings, points. Shape and colour say the same, so that colour alone decides nothing.

import { s } from "./dom.js";

/** The outlines of the shapes, about one unit in radius; the first six are those of the printed chart. */
export const SHAPES = {
  circle: "M1 0A1 1 0 1 1-1 0 1 1 0 1 1 1 0Z", ring: "M1 0A1 1 0 1 1-1 0 1 1 0 1 1 1 0Z", triangle: "M0-1.2l1.1 1.9h-2.2z", square: "M-.9-.9h1.8v1.8h-1.8z",
  diamond: "M0-1.25l1.1 1.25-1.1 1.25-1.1-1.25z", cross: "M-.35-1.1h.7v.75h.75v.7h-.75v.75h-.7v-.75h-.75v-.7h.75z",
  hexagon: "M-.6-1.05h1.2l.6 1.05-.6 1.05h-1.2l-.6-1.05z", octagon: "M-.45-1.1h.9l.65.65v.9l-.65.65h-.9l-.65-.65v-.9z",
};

/** A small picture of a mark for tiles and legends. */
export function sign(shape, tone, text = "") {
  return s("svg", { class: "plate sign", viewBox: "-1.5 -1.5 3 3", width: 20, height: 20, "aria-hidden": "true" }, mark(shape, tone, text));
}

/** One mark about its own origin. */
export function mark(shape, tone, text = "", dashed = false) {
  const hollow = dashed || shape === "ring";
  return s("g", { class: `mark ${tone} ${dashed ? "last" : ""}` },
    s("path", { d: SHAPES[shape] ?? SHAPES.circle, class: hollow ? "hollow" : null }),
    text === "" ? null : s("text", { y: ".36", "text-anchor": "middle", "font-size": String(text).length > 1 ? ".95" : "1.1" }, text));
}

const FINDINGS = {
  strength: ["triangle", "mark-1"], wasting: ["triangle", "mark-1"], electrodiagnosis: ["triangle", "mark-1"], tenderness: ["circle", "mark-2"], "taut band": ["circle", "mark-2"],
  twitch: ["circle", "mark-2"], shortening: ["diamond", "mark-3"], sensation: ["square", "mark-4"], trophic: ["square", "mark-4"], pain: ["cross", "mark-2"],
};
const ORDINARY = ["normal", "absent", "negative"];

/** The parts of the plates that a finding stands for: [[kind, name]]; none where no plate shows it. */
export function partsOf(body, catalogue) {
  const level = /^([CTLS]\d{1,2})( paraspinal)?$/.exec(body.at);
  if (level) return [["level", level[1]]];
  if (catalogue.muscles.some((one) => one.name === body.at)) return [["muscle", body.at]];
  const group = catalogue.groups?.find((one) => one.name === body.at);
  if (group) return group.members.slice(0, 3).map((name) => ["muscle", name]);
  return catalogue.patches?.some((one) => one.name === body.at) ? [["patch", body.at]] : [];
}

/** Findings as marks; those of `dashed` are of the last time and only outlined. */
export function findingMarks(bodies, catalogue, dashed = false) {
  return bodies.flatMap((body) => {
    const [shape, tone] = FINDINGS[body.sign] ?? [];
    if (!shape || body.result === "not tested") return [];
    const ordinary = ORDINARY.includes(body.result) && body.sign !== "reflex", sides = body.side === "both" ? ["left", "right"] : [body.side];
    const text = body.grade ?? (body.sign === "taut band" ? "≡" : "");
    return partsOf(body, catalogue).flatMap(([kind, name]) => sides.map((side) => ({ kind, name, side, shape: ordinary ? "ring" : shape, tone, text, dashed })));
  });
}

/** A place within rings (flat lists of x, y) that is well inside: the middle of the widest run at one of several heights. */
export function middleOf(rings) {
  const ring = rings.reduce((best, one) => (size(one) > size(best) ? one : best), rings[0] ?? []);
  const ys = ring.filter((_, n) => n % 2), top = Math.min(...ys), bottom = Math.max(...ys);
  let found = null, most = -1;
  for (const share of [0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75]) {
    const y = top + (bottom - top) * share, cuts = crossings(rings, y);
    for (let n = 0; n + 1 < cuts.length; n += 2) {
      const wide = (cuts[n + 1] - cuts[n]) * (share === 0.5 ? 1.3 : 1);
      if (wide > most) [most, found] = [wide, [(cuts[n] + cuts[n + 1]) / 2, y]];
    }
  }
  return found;
}

function size(ring) {
  let sum = 0;
  for (let n = 0, last = ring.length - 2; n < ring.length; last = n, n += 2) sum += ring[last] * ring[n + 1] - ring[n] * ring[last + 1];
  return Math.abs(sum);
}

function crossings(rings, y) {
  const found = [];
  for (const ring of rings)
    for (let n = 0, last = ring.length - 2; n < ring.length; last = n, n += 2) {
      const [ay, by] = [ring[last + 1], ring[n + 1]];
      if (ay > y !== by > y) found.push(ring[last] + ((y - ay) / (by - ay)) * (ring[n] - ring[last]));
    }
  return found.sort((a, b) => a - b);
}

/**
 * Set marks of one radius beside one another where they would lie on one another: [{x, y, half}] in their order.
 * `half` is 1 or -1 where a mark belongs to one half of the picture: it never leaves it, or it would say the other side.
 */
export function apart(places, radius) {
  const taken = [];
  return places.map(({ x, y, half }) => {
    const from = [half ? half * Math.max(half * x, radius) : x, y];
    let at = from;
    for (let n = 0; n < 40 && !free(at, taken, radius, half); n++) {
      const turn = TURNS[n % TURNS.length] * (Math.PI / 4), far = 2.2 * radius * (1 + Math.floor(n / TURNS.length));
      at = [from[0] + (half || 1) * far * Math.cos(turn), from[1] + far * Math.sin(turn)];
    }
    taken.push(at);
    return at;
  });
}

const TURNS = [0, 1, -1, 2, -2, 3, -3, 4]; // outwards first

function free([x, y], taken, radius, half) {
  return !(half && half * x < radius * 0.9) && !taken.some(([px, py]) => Math.hypot(px - x, py - y) < 2.1 * radius);
}
