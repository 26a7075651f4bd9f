// Entries in words: what the status line says, what undo names, what the list of the recorded shows.

import { day, upper } from "./dom.js";
import { t } from "./texts.js";

const at = ({ point, side }) => [point, side].filter(Boolean).join(", ");
const given = (one) => one !== undefined && one !== null;
// Signs with a word of their own; those of the first kind are there or not, so being there needs no word.
const THERE = { tenderness: "entry.sign-tenderness", "taut band": "entry.sign-taut-band", shortening: "entry.sign-shortening" };
const SIGNS = { ...THERE, strength: "entry.sign-strength", range: "entry.sign-range", wasting: "entry.sign-wasting" };

/** A finding in words: "Tender: infraspinatus, right". */
export function finding(body) {
  const sign = SIGNS[body.sign] ? t(SIGNS[body.sign]) : upper(body.sign);
  const result = body.value ?? (THERE[body.sign] && body.result === "present" ? "" : body.result);
  const more = [given(body.grade) ? t("entry.grade", { grade: body.grade }) : result, body.quality, given(body.intensity) ? t("entry.intensity", { n: body.intensity }) : ""]
    .filter((one) => one !== "" && one !== undefined).join(", ");
  const where = [body.at, body.side].filter(Boolean).join(", ");
  const said = more ? t("entry.finding-more", { sign, where, more }) : t("entry.finding", { sign, where });
  return body.when === "after" ? t("entry.finding-again", { finding: said }) : said;
}

/** A packet by what it says itself; what it does not say is left out. */
export function packetOf({ maker, lot, expires, diameter_mm: diameter, length_mm: length }) {
  const size = given(diameter) && given(length) ? t("entry.packet-size", { diameter: diameter.toFixed(2), length }) : "";
  const what = [maker, lot && t("entry.packet-lot", { lot }), size, expires && t("entry.packet-expires", { day: day(expires) })];
  return what.filter(Boolean).join(", ");
}

const WORDS = {
  "screening.answered": ({ item, answer }, app) => t("entry.screening-answered", { item: question(app, item), answer }),
  "screening.unchanged": (body, app) => (app.lastDay ? t("entry.screening-unchanged", { day: app.lastDay }) : t("entry.screening-unchanged-last")),
  "case.told": ({ part, field, value: told }) => t("entry.case-told", { what: upper([part, (field ?? "").replaceAll("_", " ")].filter(Boolean).join(", ")), value: value(told) }),
  "finding.recorded": finding,
  "hypothesis.recorded": (body) => t("entry.hypothesis", body),
  "explanation.judged": (body) => t("entry.explanation-judged", body),
  "plan.changed": (body) => t(body.change === "add" ? "entry.plan-added" : "entry.plan-removed", { point: at(body) }),
  "plan.ordered": ({ positions }) => t("entry.plan-ordered", { positions: positions.join(", ") }),
  "plan.taken": ({ points }) => t("entry.plan-taken", { n: points.length }),
  "packet.opened": (body) => t("entry.packet", { what: packetOf(body) }),
  "needle.in": (body) => t(body.out ? "entry.needle-in-and-out" : "entry.needle-in", { point: at(body) }),
  "needle.response": (body) => t("entry.needle-response", body),
  "needle.noted": (body) => t("entry.needle-noted", { what: body.what.replace("_mm", ""), value: value(body.value) }),
  "needles.timed": ({ insertions, minutes }) => (minutes ? t("entry.needles-timed", { n: insertions.length, minutes }) : t("entry.timer-off")),
  "needled.against": (body) => t("entry.needled-against", body),
  "needle.out": ({ insertions }) => t("entry.needle-out", { n: insertions.length }),
  "needle.unused": ({ count: n }) => t("entry.needle-unused", { n }),
  "needles.removed": ({ insertions }) => t("entry.needles-removed", { n: insertions.length }),
  "sharps.counted": ({ count: n }) => t("entry.sharps-counted", { n }),
  "incident.written": (body) => t("entry.incident", body),
  "adverse.recorded": ({ severity, term, ...body }) => t(body.point ? "entry.adverse-at" : "entry.adverse", { severity, term, point: at(body) }),
  "checkin.made": (body) => t("entry.checkin", body),
  "score.recorded": (body) => t(given(body.total) ? "entry.score-total" : "entry.score", body),
  "alongside.recorded": (body) => t("entry.alongside", body),
  "aftercare.given": (body) => t("entry.aftercare", body),
  "followup.planned": ({ date, days, text }) => (given(date) || !given(days) ? t("entry.followup", { when: date ?? text }) : t("entry.followup-days", { n: days })),
  "remark.written": (body) => t("entry.remark", body),
  "entry.taken-back": (body, app) => {
    const meant = app.entries.find((one) => one.id === body.entry);
    return meant ? t("entry.undone", { entry: said(meant, app) }) : t("entry.undone-unknown");
  },
};

/** An entry as one line of words. */
export function said(entry, app) {
  return WORDS[entry.kind]?.(entry.body, app) ?? entry.kind;
}

/** Who made an entry, as a name. */
export function author(entry, app) {
  return app.pack.staff?.[entry.by] ?? (entry.by === app.pack.me.staff ? app.pack.me.name : t("entry.someone"));
}

function question(app, code) {
  return upper(app.catalogue.items?.find((one) => one.code === code)?.code ?? code);
}

function value(told) {
  if (Array.isArray(told)) return told.join(", ") || t("entry.none");
  return told === true ? t("entry.yes") : told === false ? t("entry.no") : String(told ?? "");
}
