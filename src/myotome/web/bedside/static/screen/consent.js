// The consent that stands, with its version and signature; or what is missing, with the way to it.

import { day, fill, h, roving, tile } from "../dom.js";
import { answers } from "../fold.js";
import { t } from "../texts.js";
import { answerWords } from "./questions.js";

const TODAY = ["yes", "no", "not asked"];

/** What is missing of the consent, or "": a signed text on record, and the person's yes of today. */
export function lacking(app) {
  return unsigned(app) || ((answers(app.view).consent ?? "not asked") === "yes" ? "" : t("screen.consent-lacks-today"));
}

function unsigned({ pack }) {
  const { standing, current_version: version } = pack.consent;
  if (!standing.length) return t("screen.consent-lacks");
  return standing.some((one) => one.current) ? "" : t("screen.consent-old", { version });
}

export class Consent {
  constructor(app) {
    const { pack } = app, lacks = unsigned(app), way = `/people/${encodeURIComponent(pack.person.id)}/consents`;
    this.node = h("section", { class: "card consent" });
    const lines = pack.consent.standing.map((one) => h("p", {}, h("b", {}, "✓ "), told(one, pack)));
    fill(this.node, h("h3", {}, t("screen.consent")), lines, lacks ? h("p", { class: "warned" }, `⚠ ${lacks}`) : null, h("a", { class: "button", href: way }, t(lacks ? "screen.consent-take" : "screen.consent-see")));
    this.app = app;
    this.today = TODAY.map((answer) => tile(answerWords(answer), false, () => app.note("screening.answered", { item: "consent", answer }), { data: { kind: "screening.answered", item: "consent", value: answer } }));
    this.node.append(h("p", { id: "consent-today" }, t("screen.consent-today")), roving(h("div", { class: "strip", role: "group", "aria-labelledby": "consent-today" }, this.today)));
  }

  update() {
    const now = answers(this.app.view).consent ?? "not asked";
    this.today.forEach((one, n) => one.setAttribute("aria-pressed", String(TODAY[n] === now)));
  }
}

function told(one, { staff, clinic }) {
  return t("screen.consent-told", {
    treatment: one.treatment, version: one.text_version, day: day(one.day, clinic.zone), signature: one.signature,
    whose: t(one.by === "guardian" ? "screen.consent-guardian" : "screen.consent-person"),
    copy: t(one.copy_given ? "screen.consent-copy" : "screen.consent-no-copy"), by: staff[one.recorded_by] ?? t("screen.consent-clinic"),
  });
}
