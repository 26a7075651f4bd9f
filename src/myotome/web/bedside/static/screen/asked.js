// Which questions are asked of whom, and which red flags nobody asked yet. As care/screening/items.py and referral.py.

import { answers } from "../fold.js";

const SAID = ["yes", "no", "not asked"]; // of two answers to one thing the first counts
const SEXES = ["female", "male"];

/** Whether a question is for this person, {age, sex, region}; what is not known of them rules nothing out. */
export function appliesTo({ regions, sex, ages: [from, to] }, who) {
  return (!who.region || !regions.length || regions.includes(who.region))
    && (!sex || !SEXES.includes(who.sex) || sex === who.sex)
    && (typeof who.age !== "number" || (who.age >= from && (!to || who.age <= to)));
}

/** The answers, with those of a question that asks for several things given to each of them; a yes stays. */
export function spread(items, given) {
  const found = { ...given }, rank = (answer) => SAID.indexOf(answer ?? "not asked");
  for (const { code, also } of items)
    if (code in given) for (const part of also) if (rank(given[code]) <= rank(found[part])) found[part] = given[code];
  return found;
}

/** The red flags of this person that nobody asked about, by code. */
export function flagsOpen(items, who, given) {
  const said = spread(items, given);
  return items.filter((one) => one.red_flag && appliesTo(one, who) && (said[one.code] ?? "not asked") === "not asked").map((one) => one.code);
}

/** What the questions depend on, as told in this visit or known before it. */
export function whoOf(app) {
  const area = app.catalogue.areas.find((one) => one.name === app.told("complaint", "area"));
  return { age: app.told("person", "age"), sex: app.known.person?.sex, region: area?.region };
}

/** {code: answer} as it counts now: as answered here, else as handed in before; of devices that differ the careful one. */
export function answered(app) {
  const own = { ...app.known.screening, ...answers(app.view) }, all = spread(app.catalogue.items, own);
  return Object.fromEntries(Object.keys(all).map((code) => [code, own[code] === "no" ? "no" : all[code]]));
}

/** The red flags that are still to be asked in this visit. */
export const flagsLeft = (app) => flagsOpen(app.catalogue.items, whoOf(app), { ...app.known.screening, ...answers(app.view) });
