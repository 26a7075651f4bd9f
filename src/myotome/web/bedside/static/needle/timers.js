// How long needles are to stay in: read off the entries alone, so that every device of the visit, and a page that was
// loaded anew, know the same times.

import { happened as moment, now } from "../clock.js";

export { moment, now };

export const TIMED = "needles.timed";
const MINUTE = 60e3;

/** The times of the needles that are in, soonest first: {id, due, held}. Of several for a needle the last counts. */
export function timersOf({ view }) {
  const last = new Map(), found = new Map();
  for (const one of view.standing) if (one.kind === TIMED) for (const id of one.body.insertions) last.set(id, one);
  for (const one of view.ledger.open) {
    const timed = last.get(one.id);
    if (!timed?.body.minutes || one.reconcile || view.ledger.named.includes(one.needle)) continue;
    if (!found.has(timed.id)) found.set(timed.id, { id: timed.id, due: moment(timed) + timed.body.minutes * MINUTE, held: [] });
    found.get(timed.id).held.push(one);
  }
  return [...found.values()].sort((a, b) => a.due - b.due);
}

/** For how many seconds the one of some needles that is longest in has been in. */
export function longest(app, held = app.view.ledger.open) {
  return Math.max(0, ...held.map((one) => (now(app) - moment(one.entry)) / 1000));
}
