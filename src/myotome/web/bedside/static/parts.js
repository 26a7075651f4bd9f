// What the steps of explanation and plan share.

import { fill } from "./dom.js";
import { t } from "./texts.js";

const shown = new WeakMap();

/** Fill a part of the page anew where what it tells has changed; nothing else is touched. */
export function renew(node, told, build) {
  const key = JSON.stringify(told ?? null);
  if (shown.get(node) === key) return;
  shown.set(node, key);
  fill(node, build());
}

/** A chance in whole hundredths; never a false nought or a false certainty. */
export function share(chance) {
  if (chance > 0 && chance < 0.005) return t("explain.share-under");
  if (chance < 1 && chance > 0.995) return t("explain.share-over");
  return t("explain.share", { percent: Math.round(100 * chance) });
}

/** Whether the whole answer for what is known now is still on its way. */
export function wait({ thought, thinking }) {
  if (thought.problems.length) return false;
  return thought.state === "waiting" || Boolean(thought.quick && thought.wholeKey !== thinking?.bears);
}
