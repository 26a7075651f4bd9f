// The structures of a region for each brush: which are offered first, which after, and what three letters find.

import { matches } from "/atlas/atlas-js/search.js";
import { titleOf } from "../regions.js";
import { t } from "../texts.js";

const TABLES = { muscle: "muscles", reflex: "reflexes", movement: "movements", test: "tests", patch: "patches", area: "areas" };

/** [[heading, [{name, midline}]]] for a brush in a region of the chart. */
export function structures(app, brush, region) {
  const { catalogue } = app, quick = quickOf(app, region);
  const here = (list) => list.filter((one) => !one.region || region.of.includes(one.region));
  if (brush.paints === "muscle") {
    const first = brush.sign === "strength" ? quick.strengths : quick.muscles;
    const mine = catalogue.muscles.filter((one) => region.beside.includes(one.name) || region.of.includes(one.region));
    const rest = mine.filter((one) => !first.includes(one.name));
    const groups = brush.sign === "strength" ? here(catalogue.groups ?? []).filter((one) => !first.includes(one.name)) : [];
    return parted([[t(brush.sign === "strength" ? "examine.tell-most" : "examine.first-here"), first.map((name) => ({ name }))], [t("examine.groups"), groups], [titleOf(region), rest]]);
  }
  if (brush.paints === "reflex") {
    const usual = catalogue.reflexes.filter((one) => !one.pathological), first = quick.reflexes;
    return parted([[t("examine.here"), usual.filter((one) => first.includes(one.name))], [t("examine.others"), usual.filter((one) => !first.includes(one.name))]]);
  }
  if (brush.paints === "area") return parted([[titleOf(region), here(catalogue.areas)]]);
  if (brush.paints === "skin") return parted([[t("examine.places"), [...here(catalogue.areas), ...here(catalogue.patches).slice(0, 40)]]]);
  const list = catalogue[TABLES[brush.paints]] ?? [], mine = list.filter((one) => region.of.includes(one.region));
  return parted([[titleOf(region), mine.slice(0, 40)]]);
}

function parted(groups) {
  return groups.filter(([, list]) => list.length);
}

/** What to look at first in a region: {muscles, levels, reflexes, strengths}. */
export function quickOf(app, region) {
  const { quick } = app.catalogue;
  return quick[region.like] ?? quick[region.of[0]] ?? { muscles: [], levels: [], reflexes: [], strengths: [] };
}

/** Everything that can be typed: [{kind, name, also, midline}]. */
export function everything(app) {
  const { catalogue } = app;
  const level = catalogue.levels.map((one) => ({ kind: "level", name: one.name, also: [`${one.name} paraspinal`] }));
  const groups = (catalogue.groups ?? []).map((one) => ({ ...one, kind: "muscle" }));
  return [...Object.entries(TABLES).flatMap(([kind, table]) => (catalogue[table] ?? []).filter((one) => kind !== "reflex" || !one.pathological).map((one) => ({ ...one, kind }))), ...groups, ...level].map((one) => ({ also: [], ...one }));
}

/** What the letters typed find; from three letters on, or a level such as C6. */
export function found(index, typed, most = 8) {
  const text = typed.trim();
  return text.length >= 3 || /^[ctls]\d/i.test(text) ? matches(index, text).slice(0, most) : [];
}
