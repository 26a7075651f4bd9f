// What the software says against needles: against any in this visit, and against one at a point of this person.

import { t } from "./texts.js";

/** Why no needle may go in at a point on a side; empty where nothing speaks against that point. */
export function barred({ pack }, point, side) {
  const place = side ? t("ledger.place", { point, side }) : point;
  return (pack.excluded ?? []).find((one) => one.points.includes(place))?.why ?? "";
}

/** Every sentence against the needles of some points ([point, side]), each once. */
export function against(app, points) {
  const there = points.filter((one) => barred(app, ...one)).map(([point, side]) => `${point}, ${side}: ${barred(app, point, side)}`);
  return [...new Set([...(app.pack.against ?? []), ...there])];
}

/** Write why needles went in all the same, beside the sentences that were shown. */
export function writeWhy(app, reason, points) {
  const said = against(app, points);
  return app.note("needled.against", { reason, said: said.length ? said : [app.pack.unwritten] }, { gesture: "typed" });
}
