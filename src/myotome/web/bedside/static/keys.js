// What makes two entries say something of one thing: the key under which their value stands. As care/session/keys.py.

import { TAKEN_BACK, word } from "./entries.js";

export const ANSWERED = "screening.answered", UNCHANGED = "screening.unchanged";
const FINDING = "finding.recorded";
// The fields of a body that make its key. Kinds that are not here are lists: each entry, with what replaces it, is one.
export const KEYS = {
  [ANSWERED]: ["item"],
  [UNCHANGED]: [],
  "case.told": ["part", "field"],
  [FINDING]: ["sign", "at", "side", "when"],
  "explanation.judged": [],
  "plan.changed": ["point", "side"],
  "plan.ordered": [],
  "plan.taken": [],
  "needle.response": ["insertion"],
  "needle.noted": ["insertion", "what"],
  "sharps.counted": [],
  "score.recorded": ["score", "when"],
  "alongside.recorded": ["what"],
  "aftercare.given": [],
  "followup.planned": [],
};
// Each is an act by itself: it is taken back, never replaced.
export const ACTS = new Set(["needle.in", "needle.out", "needles.removed", TAKEN_BACK]);
const MANIFOLD = "trophic"; // the sign of which several results may be seen at one place
const OF_ALL = ["", "absent", "not tested"]; // but these say something of all of them

/** What an entry says something of: the parts joined by line ends; its own id where its kind is a list. */
export function placeOf(entry) {
  const fields = KEYS[entry.kind];
  return fields ? fields.map((name) => word(entry, name) || (name === "when" ? "before" : "")).join("\n") : entry.id;
}

/** The key of an entry's value: its place, and for a trophic change which one it is. */
export function keyOf(entry) {
  const change = word(entry, "result"), manifold = entry.kind === FINDING && word(entry, "sign") === MANIFOLD && !OF_ALL.includes(change);
  return manifold ? `${placeOf(entry)}\n${change}` : placeOf(entry);
}

/** Whether what is said under two keys cannot both stand: of one place only different trophic changes can. */
export const excludes = (one, other) => one === other || below(one, other) || below(other, one);

const below = (place, key) => place.split("\n").length === KEYS[FINDING].length && key.slice(0, key.lastIndexOf("\n")) === place;

/** The heads of a place under their keys; under that of the place where one says something of all of them. */
export function apart(place, heads) {
  const found = new Map();
  for (const head of heads) found.set(keyOf(head), [...(found.get(keyOf(head)) ?? []), head]);
  return found.has(place) ? new Map([[place, heads]]) : found;
}
