// The points in the order of the visit, and what has become of each: read off the plan and the ledger, never stored.

import { SIDES, keyOf, known as rows, lying, planOf, sizeOf as size } from "../planned.js";
import { t } from "../texts.js";
import { stopOf } from "./stops.js";

export { keyOf, rows };

/** "C7 paraspinal R". */
export const short = ({ point, side }) => `${point} ${SIDES[side] ?? ""}`.trim();

/** The size that was chosen with a plan that was taken; what is only proposed is none. */
export const sure = (row) => (row.taken ? row : {});

/** Whether there is a plan that nobody has taken. */
export const isProposed = (app) => !app.view.plan.taken && Boolean(planOf(app)?.points?.length);

/** "0.25 × 30 mm", or that nothing was told. */
export const sizeOf = (needle, none = t("needle.size-unknown")) => size(needle, none);

/** A point of the catalogue, as something to needle on a side. */
export function known(app, point, side) {
  const row = rows(app).get(point);
  const lies = row?.positions?.[0] ?? "elsewhere";
  const position = lies === "side-lying" ? `side-lying, ${side === "both" ? "either" : side} side up` : lies;
  return { point, side, position, gauge_mm: row?.gauge_mm ?? null, length_mm: row?.length_mm ?? null, ceiling_mm: row?.ceiling_mm ?? null, muscle: row?.muscle ?? "", hazards: row?.hazards ?? [], planned: false };
}

/** What lies beneath a point and how deep a needle may go: of a checked plan for this person, else for an average build. */
export function riskOf({ hazards, ceiling_mm: mm, checked }, brief) {
  const kinds = [...new Set(hazards.map((one) => one.kind))].join(", "), deep = mm ? t(brief ? "needle.ceiling-brief" : checked ? "needle.ceiling" : "needle.ceiling-average", { mm }) : "";
  return [kinds && t("needle.beneath", { kinds }), deep].filter(Boolean).join(" · ");
}

/** The sizes of needle there are, shortest first. */
export function sizes(app) {
  const found = new Map();
  for (const one of [...(app.catalogue.points ?? []), ...(planOf(app)?.points ?? []).map((one) => one.needle)])
    if (one.length_mm) found.set(sizeOf(one), { gauge_mm: one.gauge_mm, length_mm: one.length_mm });
  return [...found.values()].sort((a, b) => a.length_mm - b.length_mm || a.gauge_mm - b.gauge_mm);
}

/** The plan: what was taken, else what is proposed, with what the practitioner changed in it. */
export function planned(app) {
  const told = new Map((planOf(app)?.points ?? []).map((one) => [keyOf(one), one]));
  const taken = new Set((app.view.plan.taken ?? []).map(keyOf)), order = new Map((app.view.plan.taken ?? [...told.values()]).map((one) => [keyOf(one), one]));
  for (const one of app.view.plan.changes ?? []) {
    if (one.change === "remove") order.delete(keyOf(one));
    else if (!order.has(keyOf(one))) order.set(keyOf(one), one);
  }
  const list = [...order.values()].map((one) => {
    const base = known(app, one.point, one.side), plan = told.get(keyOf(one));
    if (!plan) return { ...base, planned: true };
    const { gauge_mm, length_mm, ceiling_mm } = plan.needle;
    return { ...base, planned: true, taken: taken.has(keyOf(one)), checked: true, position: plan.position, gauge_mm, length_mm, ceiling_mm };
  });
  return app.view.plan.taken && !app.view.plan.since ? list : lying(list, app.view.plan.order);
}

/**
 * Planned points and any other that was needled, each with its insertions; `next` marks where the next needle goes.
 * `kept`: why no needle is to go there; such points come last, and never up by themselves.
 */
export function queue(app, cursor = "") {
  const list = new Map(planned(app).map((one) => [keyOf(one), { ...one, insertions: [] }]));
  for (const one of app.view.ledger.insertions) {
    const key = keyOf(one);
    if (!list.has(key)) list.set(key, { ...known(app, one.point, one.side), insertions: [] });
    list.get(key).insertions.push(one);
  }
  const all = [...list.values()].map((one) => ({ ...one, state: stateOf(one.insertions), kept: one.insertions.length ? "" : stopOf(app, one) }));
  const open = all.filter((one) => one.state === "open" && !one.kept), next = open.find((one) => keyOf(one) === cursor) ?? open[0];
  return [...all.filter((one) => !one.kept), ...all.filter((one) => one.kept)].map((one) => ({ ...one, next: one === next }));
}

function stateOf(insertions) {
  if (!insertions.length) return "open";
  const held = insertions.filter((one) => !one.ended);
  return held.some((one) => one.reconcile) ? "reconcile" : held.length ? "in" : "out";
}

/** The positions of the visit, each with its points and the insertions that are in. */
export function groups(list) {
  const found = new Map();
  for (const one of list) {
    if (!found.has(one.position)) found.set(one.position, { position: one.position, points: [], held: [] });
    const group = found.get(one.position);
    group.points.push(one);
    group.held.push(...one.insertions.filter((each) => !each.ended));
  }
  return [...found.values()];
}
