// What speaks against a needle, as the clinic last said it, and which of it somebody has answered with a reason.

import { barred } from "../against.js";
import { clock } from "../dom.js";
import { answers, valuesOfKind } from "../fold.js";
import { ANSWERED } from "../keys.js";
import { known, planOf } from "../planned.js";
import { t } from "../texts.js";

const UNHEARD = ["yes", "no"]; // an answer that may speak against needles: of a red flag, and of the consent

/** Sentences against any needle in this visit; empty where nothing speaks against. */
export function stops(app) {
  if (app.pack.visit.signature) return [];
  return [...(app.pack.against ?? []), ...unheard(app), ...unasked(app)];
}

/** What was answered here while the clinic could not be asked what it makes of it. */
function unheard({ thought, view, catalogue }) {
  if (thought.state !== "offline") return [];
  const flags = new Set((catalogue.items ?? []).filter((one) => one.red_flag).map((one) => one.code));
  const bad = ({ item, answer }) => answer === UNHEARD[item === "consent" ? 1 : 0] && (flags.has(item) || item === "consent");
  return valuesOfKind(view, ANSWERED).filter((one) => one.heads.some((head) => !head.received && bad(head.body))).map((one) => t("needle.unheard", one.body));
}

function unasked(app) {
  const plan = planOf(app);
  const none = () => !app.view.plan.taken && !Object.keys(answers(app.view)).length;
  return (plan ? plan.status === "refused" : none()) ? [t("needle.unasked")] : [];
}

/** What keeps a needle out of a point, in a few words; `row` is planned or not. */
export function stopOf(app, { point, side, planned = false }) {
  const plan = app.thought.whole, there = barred(app, point, side) || (plan?.broken ?? []).find((one) => one.startsWith(`${point}, ${side} `));
  if (there || planned) return there ?? "";
  const row = known(app).get(point), { offers = [] } = app.pack.clinic, offered = (kind) => offers.includes(`${kind} points`);
  if (row?.specialist && !offered("specialist")) return t("needle.specialist");
  return row?.kind === "homeostatic" && offers.length && !offered("homeostatic") ? t("needle.not-offered") : "";
}

/** Everything against a needle there that no reason answers yet; a sentence of a point names it. */
export function unanswered(app, row) {
  const there = stopOf(app, row), said = new Set(valuesOfKind(app.view, "needled.against").flatMap((one) => one.heads).flatMap((one) => one.body.said));
  return [...stops(app), ...(there ? [`${row.point}, ${row.side}: ${there}`] : [])].filter((one) => !said.has(one));
}

/** Of what time the answer is; always a line, so that nothing moves under a finger when the connection is lost. */
export function asOf({ online, pack }) {
  return online ? t("needle.as-now") : t("needle.as-of", { time: clock(pack.known_at ?? pack.now, pack.clinic.zone) });
}
