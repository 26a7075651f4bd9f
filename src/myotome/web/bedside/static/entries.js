// Entries in the order of the record, those that stand, and those that others take the place of. As care/session/noted.py and links.py.

import { made } from "./clock.js";

export const TAKEN_BACK = "entry.taken-back";
const BESIDE = new Set(["replaces", "gesture", "clock_off", "happened", "paper", "on_behalf", "when"]);
const DEEPEST = 6;

/** A text of an entry's body; "" where there is none. */
export const word = (entry, name) => (typeof entry.body?.[name] === "string" ? entry.body[name] : "");

/** The ids that an entry's body lists under a name. */
export const idsOf = (entry, name) => (Array.isArray(entry.body?.[name]) ? entry.body[name].filter((one) => typeof one === "string") : []);

/** When it happened: as it says itself, else when it was entered. */
export const happened = (entry) => word(entry, "happened") || madeOf(entry);

/** What an entry says, as a text that is equal for entries that say the same. */
export function says(entry) {
  return plainText(Object.fromEntries(Object.entries(entry.body ?? {}).filter(([name, value]) => !BESIDE.has(name) && !empty(value))));
}

const empty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
const madeOf = (entry) => entry.made || entry.device_time || "";
const sent = (entry) => entry.position !== null && entry.position !== undefined;

/** Which of two entries comes first, but for their ids: as received; what the clinic has not got yet comes last. */
export function compare(one, other) {
  return sent(other) - sent(one) || moment(one) - moment(other);
}

function moment(entry) {
  if (sent(entry)) return Number(entry.position);
  return made(entry) / 1000 || 0;
}

const before = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/** Each entry once, in the order of the record; of one sent twice, the copy that the clinic has. */
export function inOrder(entries) {
  const kept = new Map();
  for (const entry of entries) {
    const last = kept.get(entry.id);
    if (!last || (last !== entry && (compare(entry, last) || before(copy(entry), copy(last))) < 0)) kept.set(entry.id, entry);
  }
  return [...kept.values()].sort((one, other) => compare(one, other) || before(one.id, other.id));
}

function copy(entry) {
  return plainText([entry.kind, entry.by || entry.author || "", entry.device || "", madeOf(entry), Boolean(entry.late), entry.body ?? {}]);
}

function plainText(value, depth = 0) {
  if (depth > DEEPEST) return "...";
  if (Array.isArray(value)) return `[${value.map((one) => plainText(one, depth + 1)).join()}]`;
  if (value && typeof value === "object")
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${plainText(value[name], depth + 1)}`).join()}}`;
  return JSON.stringify(value) ?? "null";
}

/** The entries that no standing taking-back names; and of each entry the taking-backs that stand against it. */
export function standing(listed) {
  const names = new Map(), takers = new Map();
  for (const entry of listed) if (entry.kind === TAKEN_BACK) names.set(entry.id, word(entry, "entry"));
  for (const [taker, target] of names) takers.set(target, [...(takers.get(target) ?? []), taker]);
  const waiting = new Map([...takers].map(([target, found]) => [target, found.length]));
  const ends = [...names.keys()].filter((one) => !takers.has(one));
  const stands = new Set(ends), decided = new Set(ends);
  while (ends.length) {
    const taker = ends.pop(), target = names.get(taker);
    waiting.set(target, waiting.get(target) - 1);
    if (!names.has(target) || decided.has(target) || !(stands.has(taker) || !waiting.get(target))) continue;
    decided.add(target);
    if (!stands.has(taker)) stands.add(target);
    ends.push(target);
  }
  const gone = new Map();
  for (const one of stands) gone.set(names.get(one), [...(gone.get(names.get(one)) ?? []), one]);
  return { stand: listed.filter((one) => !gone.has(one.id) && (one.kind !== TAKEN_BACK || stands.has(one.id))), gone };
}

/**
 * Which ids a standing one takes the place of, through any chain and through links that were taken back; and which of
 * all count. What lies in a ring takes the place of nothing, so no value can vanish.
 */
export function covered(links, stand) {
  const above = new Map([...links.keys()].map((one) => [one, 0]));
  const targets = (one) => [...new Set(links.get(one))].filter((target) => target !== one && above.has(target));
  for (const one of links.keys()) for (const target of targets(one)) above.set(target, above.get(target) + 1);
  const free = [...links.keys()].filter((one) => !above.get(one)), under = new Set(), counts = new Set();
  while (free.length) {
    const one = free.pop(), active = stand.has(one) || under.has(one);
    if (active) counts.add(one);
    for (const target of targets(one)) {
      above.set(target, above.get(target) - 1);
      if (active) under.add(target);
      if (!above.get(target)) free.push(target);
    }
  }
  return { under, counts };
}
