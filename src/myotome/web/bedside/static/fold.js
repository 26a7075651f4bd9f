// What the entries of a visit mean together, the same in any order of them. Pure; as care/session/values.py.

import { compare, covered, idsOf, inOrder, says, standing, word } from "./entries.js";
import { ACTS, ANSWERED, apart, excludes, keyOf, KEYS, placeOf, UNCHANGED } from "./keys.js";
import { ledgerOf } from "./ledger.js";

const CAREFUL = ["yes", "not asked", "no"];
const DARING = "consent"; // where yes is the daring answer

/**
 * The view of a set of entries:
 * `standing` and `late` (entries), `values` (Map of kind to Map of key to value {kind, key, heads, body, conflict, differing}),
 * `conflicts` (values whose heads differ), `ledger`, `plan` {taken, changes}, `takenBack` (Map of entry to the standing
 * taking-backs of it), `headsOf(kind, body)`, `told(part, field)`.
 */
export function fold(entries) {
  const every = inOrder(entries), early = every.filter((one) => !one.late);
  const { stand, gone } = standing(early), ids = new Set(stand.map((one) => one.id));
  const kinds = groupsOf(early, (one) => one.kind);
  const values = new Map([...kinds].map(([kind, listed]) => [kind, valuesOf(kind, listed, ids)]));
  const view = { standing: stand, late: every.filter((one) => one.late), takenBack: gone, values };
  view.conflicts = [...values.keys()].sort().flatMap((kind) => [...values.get(kind).values()].filter((one) => one.conflict));
  view.ledger = ledgerOf(early, view);
  view.plan = planOf(view);
  view.headsOf = (kind, body) => (KEYS[kind] ? headsAgainst(view, kind, keyOf({ kind, body })) : []);
  view.told = (part, field = "") => toldOf(view, part, field);
  return view;
}

/** The value under a key, given as a text or as a list of its parts; undefined where nothing stands. */
export function valueOf(view, kind, key = "") {
  return view.values.get(kind)?.get(Array.isArray(key) ? key.join("\n") : key);
}

/** What stands that cannot stand beside a new value under this key. */
const headsAgainst = (view, kind, key) => valuesOfKind(view, kind).flatMap((one) => one.heads).filter((head) => excludes(keyOf(head), key));

/** Every value of a kind. */
export const valuesOfKind = (view, kind) => [...(view.values.get(kind)?.values() ?? [])];

/** The screening answers by item; of several that differ, the more careful one. */
export function answers(view) {
  const said = new Map();
  for (const head of valueOf(view, UNCHANGED)?.heads ?? [])
    for (const [item, answer] of Object.entries(head.body.answers ?? {})) said.set(item, [...(said.get(item) ?? []), answer]);
  for (const own of valuesOfKind(view, ANSWERED)) said.set(own.key, own.heads.map((head) => word(head, "answer")));
  const order = (item) => (item === DARING ? [...CAREFUL].reverse() : CAREFUL);
  const counts = (item) => order(item).find((answer) => said.get(item).includes(answer)) ?? "not asked";
  return Object.fromEntries([...said.keys()].sort().map((item) => [item, counts(item)]));
}

/** The insertions whose needle has not left its place. */
export const insertionsOpen = (view) => view.ledger.open;

function valuesOf(kind, listed, ids) {
  if (ACTS.has(kind)) return new Map(listed.filter((one) => ids.has(one.id)).map((one) => [one.id, valueWith(kind, one.id, [one])]));
  const found = new Map();
  for (const [place, group] of KEYS[kind] ? groupsOf(listed, placeOf) : threads(listed, ids)) {
    const heads = headsIn(group, ids);
    if (heads.length) for (const [key, those] of KEYS[kind] ? apart(place, heads) : [[place, heads]]) found.set(key, valueWith(kind, key, those));
  }
  return found;
}

function valueWith(kind, key, heads) {
  const seen = new Map();
  if (heads.length > 1) for (const head of heads) if (!seen.has(says(head))) seen.set(says(head), head);
  const differing = heads.length > 1 ? [...seen.values()] : heads;
  return { kind, key, heads, body: heads[0].body, conflict: differing.length > 1, differing };
}

function headsIn(group, ids) {
  const stand = group.filter((one) => ids.has(one.id));
  if (stand.length < 2) return stand;
  const { under } = covered(new Map(group.map((one) => [one.id, idsOf(one, "replaces")])), ids);
  return stand.filter((one) => !under.has(one.id));
}

/** The entries of a list with what replaces them, each thread under the id that it began with. */
function threads(listed, ids) {
  const links = new Map(listed.map((one) => [one.id, idsOf(one, "replaces").filter((target) => target !== one.id)]));
  const beside = new Map(listed.map((one) => [one.id, new Set()])), place = new Map();
  for (const one of covered(links, ids).counts)
    for (const target of links.get(one)) if (links.has(target)) beside.get(one).add(target), beside.get(target).add(one);
  for (const one of links.keys()) {
    if (place.has(one)) continue;
    const thread = new Set([one]);
    for (const each of thread) for (const more of beside.get(each)) thread.add(more); // a set grows while it is walked
    const begun = [...thread].filter((each) => !links.get(each).some((target) => thread.has(target))).sort();
    for (const each of thread) place.set(each, begun[0] ?? [...thread].sort()[0]);
  }
  return groupsOf(listed, (one) => place.get(one.id));
}

function groupsOf(listed, by) {
  const groups = new Map();
  for (const one of listed) groups.has(by(one)) ? groups.get(by(one)).push(one) : groups.set(by(one), [one]);
  return groups;
}

/**
 * The points taken, in their order, or null; what was changed since or before; the positions as the practitioner put
 * them, and whether that was since the points were taken.
 */
function planOf(view) {
  const changes = valuesOfKind(view, "plan.changed").map((one) => (one.conflict ? { ...one.body, change: "remove" } : one.body));
  const taken = valueOf(view, "plan.taken"), put = valueOf(view, "plan.ordered"), order = put && !put.conflict ? put.body.positions : [];
  return { taken: taken?.body.points ?? null, changes, order, since: Boolean(taken && put && compare(taken.heads[0], put.heads[0]) < 0) };
}

function toldOf(view, part, field) {
  const own = valueOf(view, "case.told", [part, field]);
  if (own) return own.conflict ? undefined : own.body.value;
  return field ? undefined : valueOf(view, UNCHANGED)?.body.told?.[part];
}
