// What the plan step says of a plan and of one of its points, in words.

import { button, h, upper } from "../dom.js";
import { t } from "../texts.js";

const GRADES = { read: t("plan.grade-read"), recalled: t("plan.grade-recalled"), assumed: t("plan.grade-assumed") };

/** What else is known of a point, under what it is there for. */
export function more(row) {
  const grade = GRADES[row.grade] ?? row.grade ?? t("plan.grade-unknown"), reviewed = row.reviewed_by ? t("plan.row-signed", { grade, by: row.reviewed_by }) : t("plan.row-unreviewed", { grade });
  const all = [["find", row.find], ["direction", row.direction], ["technique", row.technique], ["expect", row.expect], ["depth", row.depth], ["row", reviewed], ["depth-from", row.needle?.source]];
  return h("details", {}, h("summary", {}, h("span", {}, `${upper(row.reason)}. `, row.grade && row.grade !== "read" ? `${t("plan.site", { grade: GRADES[row.grade] })} ` : "", h("u", {}, t("plan.more")))),
    h("dl", {}, all.filter(([, text]) => text).map(([name, text]) => [h("dt", {}, t(`plan.of-${name}`)), h("dd", {}, text)])),
    row.hazards.length ? h("ul", { class: "keeps" }, row.hazards.filter((one) => one.keep).map((one) => h("li", {}, h("b", {}, `${one.structure}: `), one.keep))) : null);
}

/** How many points, of how many, and how long they take; the minutes of a plan that nobody checked are not known. */
export function counted(count, plan, unchecked) {
  const points = t("plan.points", { n: count });
  if (!plan) return points;
  const { needles: most, why, minutes: given } = plan.limits;
  return t(unchecked ? "plan.of-at-most" : "plan.of-at-most-minutes", { points, most, why, minutes: Math.round(plan.minutes), given: Math.round(given) });
}

/** At the foot of the panel, where nothing has to make room for it. */
export function breaks(broken) {
  return h("section", { class: "stopped", role: "alert", tabindex: 0 }, h("h3", {}, t("plan.broken")), h("ul", {}, broken.map((one) => h("li", {}, one))));
}

/** A plan that is blocked or refused: what to do instead, and no needle anywhere. */
export function stopped(plan, app) {
  const { referral, questions } = plan, blocked = plan.status === "blocked";
  const rules = plan.rules.filter((one) => one.action === "block");
  return h("section", { class: "stopped", role: "alert", data: { status: plan.status } },
    h("h3", {}, t(blocked ? "plan.blocked" : "plan.refused")),
    referral.urgency !== "none" ? [h("p", {}, h("b", {}, t("explain.refer", referral))), h("ul", {}, referral.reasons.map((one) => h("li", {}, one.words)))] : null,
    rules.length ? h("ul", {}, rules.map((one) => h("li", {}, h("b", {}, one.practitioner), h("small", {}, ` ${t("explain.because", { reasons: one.because.join("; ") })}`)))) : null,
    questions.length && !blocked ? h("ul", { class: "asks" }, questions.map((one) => h("li", {}, button(one.ask, () => { app.ready = { sign: "screening", at: one.code }; app.go("screen"); }, { class: "ask", data: { item: one.code } })))) : null,
    blocked ? h("p", {}, t("plan.blocked-stands")) : null);
}

export function rules(plan) {
  const { person, rules: all } = plan, strange = person.unrecognised ?? [];
  const said = all.filter((one) => one.action !== "block");
  return [
    strange.length ? h("p", { class: "warned" }, t("plan.not-recognised", { list: strange.map((one) => one.text).join("; ") })) : null,
    person.read_as?.length ? h("p", { class: "soft" }, t("plan.read-as", { list: person.read_as.map((one) => `${one.text} = ${one.read_as}`).join("; ") })) : null,
    said.length ? h("section", { class: "card" }, h("h3", {}, t("plan.for-person")), h("ul", { class: "rules" }, said.map((one) => h("li", {}, h("b", {}, upper(one.action)), `: ${one.practitioner}`)))) : null,
    h("p", { class: "soft" }, plan.notice),
  ];
}
