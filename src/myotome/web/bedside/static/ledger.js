// The ledger of needles and, in words, what is missing before the note can be signed. As care/session/ledger.py and wording.py.

import { TAKEN_BACK, compare, covered, happened, idsOf, word } from "./entries.js";
import { t } from "./texts.js";

const IN = "needle.in", OUT = "needle.out", REMOVED = "needles.removed", UNUSED = "needle.unused", COUNTED = "sharps.counted";
const KINDS = new Set([IN, OUT, REMOVED, UNUSED, COUNTED]);
const EARLY = "before the last needle"; // a value, as the clinic has it
const WHAT = { grasp: "grasp", depth_mm: "depth", technique: "technique" };

const all = (view, kind) => [...(view.values.get(kind)?.values() ?? [])];
const needleOf = (entry) => word(entry, "needle") || entry.id;
const needles = (list) => new Set(list.map((one) => one.needle)).size;
const number = (entry) => (typeof entry.body?.count === "number" ? Math.trunc(entry.body.count) : 0);

/** The ledger of a visit's entries in their order. Needles are counted by needle, insertions apart. */
export function ledgerOf(early, view) {
  const insertions = insertionsOf(early, view), open = insertions.filter((one) => !one.ended);
  const counted = all(view, COUNTED)[0], counts = [...new Set((counted?.heads ?? []).map(number))].sort((a, b) => a - b);
  const unused = all(view, UNUSED).reduce((sum, one) => sum + Math.max(...one.heads.map(number)), 0);
  const everIn = needles(insertions), stillIn = needles(open), sharps = sharpsOf(counted, view), incidents = newest(early, view);
  const ledger = {
    insertions, open, unused, everIn, stillIn, opened: everIn + unused, out: everIn - stillIn,
    toReconcile: needles(open.filter((one) => one.reconcile)), sharps, counts, inSharps: sharps === "counted" ? counts[0] : null,
    needled: [...new Map(insertions.map((one) => [`${one.point}\n${one.side}`, [one.point, one.side]])).values()],
    conflicts: conflictsOf(view, new Set(insertions.map((one) => one.id))),
    excused: incidents.length > 0, named: [...new Set(incidents.flatMap((one) => idsOf(one, "needles")))],
  };
  ledger.missing = [...stillInWords(ledger), ...ledger.conflicts.map((one) => differing(one, ledger)), ...sharpsWords(ledger)];
  return { ...ledger, settled: !ledger.missing.length };
}

function insertionsOf(early, view) {
  const stand = view.standing.filter((one) => one.kind === IN), { moved, movers } = movedIn(early, stand);
  const outs = new Map(), removed = new Set();
  for (const entry of view.standing) {
    if (entry.kind === OUT) for (const one of idsOf(entry, "insertions")) if (!outs.has(one)) outs.set(one, entry);
    if (entry.kind === REMOVED) for (const one of idsOf(entry, "insertions")) removed.add(one);
  }
  return stand.map((entry) => {
    const { id, by = "", device = "", body } = entry;
    const [how, endedBy] = outs.has(id) ? ["out", outs.get(id)]
      : body.out === true ? ["in and out", entry] : moved.has(id) ? ["in again", movers.get(id) ?? null] : ["", null];
    const { gauge_mm = null, length_mm = null, depth_mm = null, technique = "" } = body;
    return {
      id, entry, by, device, needle: needleOf(entry), point: word(entry, "point"), side: word(entry, "side"), made: happened(entry),
      gauge_mm, length_mm, depth_mm, technique, how, endedBy, ended: Boolean(how), removed: removed.has(id), reconcile: removed.has(id) && !how,
      ...toldOf(view, id),
    };
  });
}

/** What was noted of an insertion: its response, or null where nobody noted one, and the rest by name. */
function toldOf(view, id) {
  const value = view.values.get("needle.response")?.get(id), notes = {};
  for (const what of Object.keys(WHAT)) {
    const note = view.values.get("needle.noted")?.get(`${id}\n${what}`);
    if (note) notes[what] = { value: note.body.value, conflict: note.conflict, heads: note.heads };
  }
  const { twitch, sensation } = value?.body ?? {};
  return { response: value ? { twitch, sensation, conflict: value.conflict, heads: value.heads } : null, notes };
}

/** The insertions whose needle went in again elsewhere, and by which entry. Only the same needle can. */
function movedIn(early, stand) {
  const every = new Map(early.filter((one) => one.kind === IN).map((one) => [one.id, one])), before = new Map(), movers = new Map();
  for (const entry of every.values()) {
    const last = every.get(word(entry, "after"));
    before.set(entry.id, last && needleOf(last) === needleOf(entry) ? [last.id] : []);
  }
  for (const entry of stand) for (const last of before.get(entry.id)) if (!movers.has(last)) movers.set(last, entry);
  return { moved: covered(before, new Set(stand.map((one) => one.id))).under, movers };
}

function sharpsOf(counted, view) {
  if (!counted) return "never";
  if (counted.conflict) return "differing";
  const last = counted.heads.reduce((a, b) => (compare(a, b) < 0 ? b : a));
  return view.standing.some((one) => (one.kind === IN || one.kind === UNUSED) && compare(one, last) > 0) ? EARLY : "counted";
}

/** The incidents written after everything that was noted of needles; older ones knew too little. */
function newest(early, view) {
  const concerned = new Set(early.filter((one) => KINDS.has(one.kind) || one.kind === TAKEN_BACK).map((one) => one.id));
  const acts = view.standing.filter((one) => KINDS.has(one.kind) || (one.kind === TAKEN_BACK && concerned.has(word(one, "entry"))));
  const last = acts.at(-1); // they are in order
  return all(view, "incident.written").flatMap((one) => one.heads).filter((one) => !last || compare(one, last) >= 0);
}

function conflictsOf(view, ids) {
  const here = [...all(view, "needle.response"), ...all(view, "needle.noted")].filter((one) => ids.has(one.key.split("\n")[0]));
  return [...here, ...all(view, UNUSED), ...all(view, COUNTED)].filter((one) => one.conflict);
}

function stillInWords(ledger) {
  const left = ledger.open.filter((one) => !ledger.named.includes(one.needle));
  const unsure = new Set(left.filter((one) => one.removed).map((one) => one.needle));
  const here = left.filter((one) => !unsure.has(one.needle)), gone = left.filter((one) => unsure.has(one.needle)), found = [];
  if (here.length) found.push(t("ledger.still-in", { n: needles(here), places: places(here) }));
  if (gone.length) found.push(t("ledger.to-reconcile", { n: needles(gone), places: places(gone) }));
  return found;
}

function sharpsWords({ excused, sharps, opened, inSharps }) {
  if (excused || (sharps === "never" && !opened)) return [];
  if (sharps === "never") return [t("ledger.not-counted")];
  if (sharps === EARLY) return [t("ledger.counted-too-early")];
  if (inSharps === null || inSharps === opened) return [];
  const told = { n: opened, counted: inSharps };
  return [inSharps < opened ? t("ledger.too-few-counted", told) : t("ledger.too-many-counted", told)];
}

function differing(value, ledger) {
  if (value.kind === COUNTED) return t("ledger.counts-differ", { counts: ledger.counts.join(", ") });
  if (value.kind === UNUSED) return t("ledger.unused-differ");
  const [insertion, noted] = value.key.split("\n"), what = value.kind === "needle.response" ? "response" : WHAT[noted] ?? "note";
  return t(`ledger.differ-${what}`, { place: place(ledger.insertions.find((one) => one.id === insertion)) });
}

function places(list) {
  const counts = new Map();
  for (const one of list) counts.set(place(one), (counts.get(place(one)) ?? 0) + 1);
  return [...counts].map(([where, count]) => (count === 1 ? where : t("ledger.place-more", { place: where, count }))).join("; ");
}

const place = ({ point, side }) => (side ? t("ledger.place", { point, side }) : point);
