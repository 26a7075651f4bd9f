// What is asked before something unusual is recorded: once, in words, and nothing is recorded before the answer.

import { t } from "../texts.js";
import { keyOf } from "./queue.js";
import { unanswered } from "./stops.js";

const same = (one, other) => keyOf(one) === keyOf(other);

/** Ask before a needle against which something speaks that no reason answers yet; whether it was asked. */
export function against(deeds, { point, side }, how) {
  const said = unanswered(deeds.app, deeds.list.find((one) => same(one, { point, side })) ?? { point, side });
  if (!said.length) return false;
  deeds.asked = { point, side, how, said };
  deeds.app.signals.wrong();
  deeds.look("against");
  return true;
}

/** Do it; on a side that is neither the plan's nor the complaint's only after a question, once a visit. */
export function onSide({ app, list }, point, side, act) {
  const sides = new Set(list.filter((one) => one.planned).map((one) => one.side));
  if (!side || side === "both" || sides.has(side) || sides.has("both")) return act();
  if (!sides.size || app.sides.has(side)) return app.withSide(side, act);
  app.signals.wrong();
  return app.frame.ask(t("needle.other-side", { planned: [...sides][0], point, side: side.toUpperCase() }), t("needle.yes-side", { side }), () => {
    app.sides.add(side);
    act();
  });
}

/** Note a depth: none beyond the needle's length; beyond the ceiling of the point only after a question. */
export function deep({ app, list }, one, depth, note) {
  const { ceiling_mm: ceiling } = list.find((row) => same(row, one)), told = { depth, ceiling, length: one.length_mm };
  const over = one.length_mm && depth > one.length_mm;
  if (!over && (!ceiling || depth <= ceiling)) return note();
  app.signals.wrong();
  return over ? app.say(t("needle.depth-impossible", told), "stop") : app.frame.ask(t("needle.depth-over", told), t("needle.depth-over-yes", told), note);
}
