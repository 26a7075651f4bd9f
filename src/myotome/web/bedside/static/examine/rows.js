// Rows of structures to paint: a side each, or a strip of answers a side; each shows what stands and what stood last time.

import { button, fill, h, tile, upper } from "../dom.js";
import { sign } from "../marks.js";
import { levelsOf } from "../regions.js";
import { t } from "../texts.js";
import { allStanding, short, siteOf, standing } from "./brushes.js";

const SIDES = ["left", "right"];
const letterOf = (side) => (SIDES.includes(side) ? t(`chart.side-${side}`) : "");

/** One row for a structure, as its brush is painted. */
export function row(exam, brush, one) {
  return brush.choices ? strips(exam, brush, one) : pair(exam, brush, one);
}

/** L, name, R: one tap paints. */
function pair(exam, brush, one) {
  const sides = one.midline ? [""] : SIDES;
  const tiles = sides.map((side) => paintTile(exam, brush, one.name, side));
  return h("div", { class: `pair ${one.midline ? "middle" : ""}` }, tiles[0], h("span", { class: "name" }, upper(one.name)), tiles[1]);
}

function paintTile(exam, brush, name, side) {
  const at = siteOf(brush.paints, name), value = h("small", {}), letter = h("b", {}, letterOf(side) || "●");
  const node = button([letter, value], () => exam.paint(brush.paints, name, side), { class: "paint", data: { kind: "finding.recorded", at, side, sign: brush.sign } });
  exam.shown.push(() => show(exam, node, value, brush, at, side, name));
  return node;
}

function show(exam, node, value, brush, at, side, name) {
  const { app } = exam, change = exam.changeOf(brush), all = allStanding(app, brush.sign, at, side), now = standing(app, brush.sign, at, side, change), seen = now ?? all[0];
  const before = app.lastFindings.find((one) => one.sign === brush.sign && one.at === at && (one.side || "") === side && (!change || one.result === change));
  const text = seen ? (seen.conflict ? t("examine.differs") : all.map((one) => short(one.body)).join(", ")) : before ? short(before) : "";
  const key = `${seen ? seen.body.result : ""} ${text} ${Boolean(before)} ${Boolean(now)}`;
  if (node.dataset.key === key) return;
  node.dataset.key = key;
  const ordinary = ["absent", "normal", "negative"].includes(seen?.body.result) && brush.sign !== "reflex";
  node.dataset.state = seen ? (ordinary ? "ordinary" : "found") : before ? "last" : "";
  node.dataset.tone = brush.tone;
  node.setAttribute("aria-pressed", String(Boolean(now)));
  const state = seen ? text || seen.body.result : before ? t("examine.not-tested-last", { found: text }) : t("examine.not-tested");
  node.setAttribute("aria-label", t("examine.tile", { place: [name, side].filter(Boolean).join(", "), state }));
  fill(value, seen ? [sign(ordinary ? "ring" : brush.shape, brush.tone, ordinary ? "" : brush.text === "≡" ? "≡" : ""), ` ${text}`] : before ? t("examine.last", { found: text }) : "");
}

/** Answers side by side, for each side: one tap is one finding. */
function strips(exam, brush, one) {
  const sides = one.midline ? [""] : SIDES;
  return h("div", { class: `answers ${one.midline ? "middle" : ""}` }, h("span", { class: "name" }, upper(one.name)),
    sides.map((side) => h("div", { class: "side", role: "group", "aria-label": `${one.name}${side ? `, ${side}` : ""}` }, h("b", {}, letterOf(side)),
      h("div", { class: "strip" }, brush.choices.map((result) => answer(exam, brush, one.name, side, result))))));
}

function answer(exam, brush, name, side, result) {
  const node = button(t(`examine.result-${result}`), () => exam.record(brush, name, side, { result }), { data: { kind: "finding.recorded", at: name, side, value: result, sign: brush.sign }, "aria-pressed": false });
  exam.shown.push(() => {
    const now = standing(exam.app, brush.sign, name, side), before = exam.app.lastFindings.find((old) => old.sign === brush.sign && old.at === name && (old.side || "") === side);
    node.setAttribute("aria-pressed", String(Boolean(now && !now.conflict && now.body.result === result)));
    node.classList.toggle("last", !now && before?.result === result);
    node.title = !now && before?.result === result ? t("examine.as-last") : "";
  });
  return node;
}

/** The changes that a brush can paint beside each other: one is in hand. */
export function changes(exam, brush) {
  const tiles = brush.modes.map((mode) => {
    const node = tile(mode.label, false, () => exam.hold(brush, mode), { data: { key: mode.result, mode: mode.result } });
    exam.shown.push(() => node.setAttribute("aria-pressed", String(exam.mode === mode)));
    return node;
  });
  return h("section", {}, h("h3", {}, t("examine.changes")), h("div", { class: "tiles changes" }, tiles));
}

/** Levels of one run of the spine, both sides: eight by two. */
export function levels(exam, brush) {
  const { catalogue } = exam.app, names = levelsOf(catalogue, exam.spine);
  const choose = h("div", { class: "strip spines", role: "group", "aria-label": t("examine.run") },
    catalogue.runs.map(({ id, levels: list }) => button([t(`chart.run-${id.toLowerCase()}`), h("small", {}, ` ${list[0]}–${list.at(-1)}`)], () => exam.openSpine(id), { "aria-pressed": id === exam.spine, data: { spine: id } })));
  const line = (side) => [h("b", { class: "side-letter", "aria-hidden": "true" }, letterOf(side)), names.map((name) => levelTile(exam, brush, name, side))];
  const grid = h("div", { class: "level-grid", role: "group", "aria-label": t("examine.beside-spine") }, line("left"), line("right"));
  return [choose, grid];
}

function levelTile(exam, brush, name, side) {
  const node = paintTile(exam, brush, name, side);
  node.querySelector("b").textContent = `${name} ${letterOf(side)}`;
  return node;
}
