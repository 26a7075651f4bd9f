// What else was done, what the person takes home, when they come again, and the look at the lung before they leave.

import { fill, h } from "../dom.js";
import { marks, strip, tap, text } from "../needle/parts.js";
import { rows } from "../needle/queue.js";
import { compare } from "../entries.js";
import { valueOf, valuesOfKind } from "../fold.js";
import { t } from "../texts.js";

const DAYS = [3, 7, 14, 21, 28, 0];
const HOW = ["spoken", "print", "phone"];
const KINDS = ["expect", "do", "avoid", "watch", "emergency"];
const ANSWERS = ["no", "yes"];
const NONE_PLANNED = "none planned"; // as it is recorded

/** What the catalogue selects advice by, for what was needled and for the person. */
function selectors(app) {
  const found = new Set(["everywhere"]);
  for (const [name] of app.view.ledger.needled) {
    const point = rows(app).get(name);
    if (!point) continue;
    for (const one of [`kind: ${point.kind}`, `region: ${point.region}`, `limb: ${point.limb}`]) found.add(one);
    for (const one of point.hazards) found.add(`at risk: ${one.structure}`).add(`at risk kind: ${one.kind}`);
  }
  for (const one of app.thought.whole?.plan?.person?.facts ?? app.pack.frozen?.plan?.person?.facts ?? []) found.add(`fact: ${one.fact}`);
  return found;
}

/** The advice for this visit; none where nothing was needled. */
export function adviceFor(app) {
  if (!app.view.ledger.needled.length) return [];
  const held = selectors(app);
  return (app.catalogue.advice ?? []).filter((one) => one.when.some((selector) => held.has(selector)));
}

/** The last needle that went in near the lung, as its entry; a point that is not known counts as near. */
function nearLung(app) {
  return app.view.ledger.insertions.filter(({ point }) => rows(app).get(point)?.hazards.some((one) => one.kind === "lung") ?? true).at(-1)?.entry;
}

/** Advice for what was needled that was not among what was given; none where nothing was given yet. */
function notGiven(app) {
  const given = valueOf(app.view, "aftercare.given")?.body.advice;
  return given ? adviceFor(app).filter((one) => !given.includes(one.name)) : [];
}

/** What is asked before the person leaves, and its newest answers. */
function checkin({ catalogue, view }) {
  const asked = (catalogue.checkins ?? []).find((one) => one.where === "room");
  const made = valuesOfKind(view, "checkin.made").flatMap((one) => one.heads).filter((one) => one.body.due === asked?.name).sort(compare).at(-1);
  return { asked, made, open: (asked?.questions ?? []).filter((one) => !ANSWERS.includes(made?.body.answers?.[one.code])) };
}

/** What is still to do of all this before the person goes. */
export function lacking(app) {
  const { asked, made, open } = checkin(app), lung = nearLung(app), fresh = notGiven(app).length;
  const early = lung && made && compare(made, lung) < 0, unsaid = open.length && !made?.body.text;
  return [
    !lung || !asked ? "" : early ? t("close.lacks-checkin-newer") : unsaid ? t("close.lacks-checkin") : "",
    fresh ? t("close.lacks-aftercare", { n: fresh }) : "",
  ].filter(Boolean);
}

/** Co-interventions, aftercare, next visit. */
export class After {
  constructor(app, deeds) {
    Object.assign(this, { app, deeds });
    this.tiles = (app.catalogue.alongside ?? []).map((one) => tap(deeds, one.words, () => this.toggle(one.code), { class: "tile", data: { kind: "alongside.recorded", value: one.code }, "aria-pressed": false }));
    this.list = h("div", { class: "advice-list" });
    this.how = strip(t("aftercare.given"), HOW.map((how) => [how, t(`aftercare.how-${how}`)]), (how) => app.note("aftercare.given", { advice: adviceFor(app).map((one) => one.name), how }), { data: { kind: "aftercare.given" } });
    this.sheet = h("a", { class: "button second", href: `/visits/${app.visit}/aftercare.pdf`, target: "_blank", rel: "noopener" }, t("aftercare.sheet"));
    this.next = strip(t("aftercare.next-in"), DAYS.map((days) => [days, t(`aftercare.days-${days}`)]), (days) => app.note("followup.planned", days ? { days } : { text: NONE_PLANNED }), { data: { kind: "followup.planned" } });
    this.lung = new Lung(app, deeds);
    this.aftercare = h("section", { class: "card", "aria-labelledby": "aftercare-title" }, h("h3", { id: "aftercare-title" }, t("aftercare.title")), h("div", { class: "row" }, this.how, this.sheet),
      (this.stale = h("p", { class: "differs", role: "status" })), h("details", {}, (this.says = h("summary", {})), this.list));
    this.node = h("div", { class: "takes-home" }, this.lung.node, this.aftercare,
      h("section", { class: "card", "aria-labelledby": "next-title" }, h("h3", { id: "next-title" }, t("aftercare.next")), this.next),
      h("details", { class: "card more-card" }, h("summary", {}, t("aftercare.alongside")), h("div", { class: "tiles terms" }, this.tiles)));
  }

  toggle(code) {
    const given = valueOf(this.app.view, "alongside.recorded", code);
    return given ? this.app.takeBack(given.heads[0].id) : this.app.note("alongside.recorded", { what: code });
  }

  update() {
    const { app } = this, { view } = app;
    for (const one of this.tiles) marks(one, { "aria-pressed": Boolean(valueOf(view, "alongside.recorded", one.dataset.value)) });
    this.how.told(valueOf(view, "aftercare.given")?.body.how ?? "");
    const next = valueOf(view, "followup.planned")?.body;
    this.next.told(next ? next.days ?? 0 : "");
    this.lung.update();
    const fresh = notGiven(app).length;
    text(this.stale, fresh ? t("close.lacks-aftercare", { n: fresh }) : "");
    const advice = adviceFor(app), key = advice.map((one) => one.name).join();
    this.aftercare.hidden = !advice.length;
    this.sheet.hidden = !app.online;
    if (key === this.key) return;
    this.key = key;
    text(this.says, t("aftercare.read", { count: advice.length }));
    fill(this.list, KINDS.map((kind) => [kind, advice.filter((one) => one.kind === kind)]).filter(([, list]) => list.length)
      .map(([kind, list]) => [h("h4", {}, t(`aftercare.kind-${kind}`)), h("ul", {}, list.map((one) => h("li", {}, one.patient)))]));
  }
}

/** The check-in before the person leaves, where the lung may have been reached; later ones by the clinic's list. */
class Lung {
  constructor(app, deeds) {
    Object.assign(this, { app, answers: {}, asked: checkin(app).asked });
    this.strips = (this.asked?.questions ?? []).map((one) => [one, strip(one.question, ANSWERS.map((answer) => [answer, t(`aftercare.answer-${answer}`)]), (answer) => { this.answers[one.code] = answer; this.update(); })]);
    this.says = h("p", { class: "differs", role: "alert" });
    this.made = h("p", { class: "soft" });
    this.why = h("input", { id: "lung-why", maxlength: 500, on: { input: () => this.update() } });
    this.unasked = h("div", {}, h("label", { for: "lung-why" }, t("aftercare.why-not-asked")), this.why);
    this.record = tap(deeds, t("aftercare.record"), () => this.write(), { class: "second", data: { kind: "checkin.made" } });
    const later = (app.catalogue.checkins ?? []).filter((one) => one.where === "home").map((one) => one.title.toLowerCase());
    this.node = h("section", { class: "card lung", "aria-labelledby": "lung-title" }, h("h3", { id: "lung-title" }, t("aftercare.lung")),
      this.asked ? h("p", { class: "soft" }, this.asked.why) : null, this.strips.map(([, node]) => node), this.says, this.unasked, h("div", { class: "row" }, this.record, this.made),
      later.length ? h("p", {}, t("aftercare.again", { list: later.join("; ") })) : null);
  }

  /** What was tapped since; what was recorded already stands on beside it. */
  async write() {
    const given = this.given(), text = this.why.value.trim();
    const answers = Object.fromEntries(this.strips.map(([one]) => [one.code, given[one.code] ?? "not asked"]));
    await this.app.note("checkin.made", { due: this.asked.name, how: "in person", answers, ...(text ? { text } : {}) });
    this.answers = {};
    this.why.value = "";
    this.update();
  }

  /** The answers as they stand; those from before the last needle near the lung say nothing any more. */
  given() {
    const { made } = checkin(this.app), lung = nearLung(this.app);
    return { ...(made && lung && compare(made, lung) > 0 ? made.body.answers : {}), ...this.answers };
  }

  update() {
    this.node.hidden = !this.asked || !nearLung(this.app);
    const { made, open } = checkin(this.app), given = this.given();
    for (const [one, node] of this.strips) node.told(given[one.code] ?? "");
    text(this.says, this.strips.filter(([one]) => given[one.code] === "yes").map(([one]) => one.says).join(" "));
    this.unasked.hidden = this.strips.every(([one]) => ANSWERS.includes(given[one.code]));
    marks(this.record, { "aria-disabled": !Object.keys(this.answers).length && !this.why.value.trim() });
    text(this.made, !made ? t("aftercare.not-recorded") : open.length ? t("aftercare.some-asked", { count: open.length }) : t("aftercare.all-asked"));
  }
}
