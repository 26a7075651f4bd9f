// The questions before needling: each answer a visible strip, "not asked" as visible as the others.

import { button, fill, h, roving, tile } from "../dom.js";
import { valueOf } from "../fold.js";
import { regionOf } from "../regions.js";
import { t } from "../texts.js";
import { answered, appliesTo, whoOf } from "./asked.js";

const ANSWERS = ["yes", "no", "not asked"];
const GROUPS = [["alone", "alone"], ["red flag", "flags"], ["needling", "needling"], ["context", "context"]];
const APART = ["consent"]; // shown by itself

/** An answer in words. */
export const answerWords = (answer) => t(`screen.answer-${answer.replace(" ", "-")}`);

/** The questions that apply to this person and complaint. */
function asked(app) {
  const who = whoOf(app);
  return app.catalogue.items.filter((one) => !APART.includes(one.code) && appliesTo(one, who));
}

export class Questions {
  constructor(app) {
    this.app = app;
    this.node = h("div", { class: "questions" });
  }

  update() {
    const list = asked(this.app), now = answered(this.app), key = list.map((one) => one.code).join();
    if (key !== this.key) this.draw(list);
    this.key = key;
    for (const update of this.rows) update(now);
  }

  draw(list) {
    this.rows = [];
    fill(this.node, GROUPS.map(([kind, name]) => this.group(t(`screen.group-${name}`), kind, list.filter((one) => (one.asked === "alone" ? "alone" : one.group) === kind))));
  }

  group(title, kind, list) {
    if (!list.length) return null;
    const region = regionOf(this.app.catalogue, this.app.catalogue.areas.find((one) => one.name === this.app.told("complaint", "area"))?.region);
    const near = (one) => (one.regions.some((name) => region.of.includes(name)) ? 0 : 1);
    const sorted = [...list].sort((a, b) => near(a) - near(b)), count = h("p", { class: "soft" });
    const open = () => sorted.filter((one) => one.asked === "when changed" && !(one.code in answered(this.app)));
    const rest = button("", () => this.rest(open()), { class: "second", data: { kind: "screening.answered", value: "the rest no" } });
    this.rows.push((now) => {
      const of = (answer) => list.filter((one) => (now[one.code] ?? "not asked") === answer).length, left = open().length;
      count.textContent = t("screen.counts", { yes: of("yes"), no: of("no"), open: of("not asked") });
      rest.textContent = left ? t("screen.rest", { n: left }) : t("screen.rest-none");
      rest.setAttribute("aria-disabled", String(!left));
    });
    return h("section", { class: `card group ${kind.replace(" ", "-")}` }, h("div", { class: "group-head" }, h("div", {}, h("h3", {}, title), count), kind === "alone" ? null : rest), roving(h("ul", {}, sorted.map((one) => this.row(one)))));
  }

  row(one) {
    const buttons = ANSWERS.map((answer) => tile(answerWords(answer), false, () => this.app.note("screening.answered", { item: one.code, answer }), { data: { kind: "screening.answered", item: one.code, value: answer } }));
    const node = h("li", { class: "question" }, h("p", { id: `q-${slug(one.code)}` }, one.question, one.asked === "each visit" ? h("small", { class: "soft" }, " ", t("screen.each-visit")) : null), h("div", { class: "strip", role: "group", "aria-labelledby": `q-${slug(one.code)}` }, buttons));
    this.rows.push((now) => {
      const value = valueOf(this.app.view, "screening.answered", one.code), stands = now[one.code] ?? "not asked";
      node.dataset.answer = value?.conflict ? "differs" : stands;
      node.classList.toggle("untouched", !(one.code in now));
      buttons.forEach((each, n) => each.setAttribute("aria-pressed", String(ANSWERS[n] === stands)));
    });
    return node;
  }

  /** One act for the questions that were asked in one breath; each stands as its own answer. */
  rest(open) {
    if (!open.length) return;
    const told = { n: open.length, list: names(open) };
    this.app.frame.ask(t("screen.rest-sure", told), t("screen.rest-yes", told), () => allNo(this.app, open));
  }
}

/** What is asked at each visit: a no to all of it, by name, in one act that shows them all. */
export class EachVisit {
  constructor(app) {
    Object.assign(this, { app, open: [] });
    this.names = h("small", {});
    this.node = button([h("b", {}), this.names], () => allNo(app, this.open), { class: "each-visit", data: { kind: "screening.answered", value: "none of these" } });
  }

  update() {
    const now = answered(this.app), each = asked(this.app).filter((one) => one.asked === "each visit"), { node } = this;
    this.open = each.filter((one) => !["yes", "no"].includes(now[one.code]));
    node.setAttribute("aria-disabled", String(!this.open.length));
    node.firstChild.textContent = t(this.open.length ? "screen.each" : "screen.each-done");
    this.names.textContent = names(this.open.length ? this.open : each);
  }
}

const names = (list) => list.map((one) => one.code).join(", ");

function allNo(app, open) {
  return app.noteAll(open.map((one) => ({ kind: "screening.answered", body: { item: one.code, answer: "no" } })), { gesture: "group" });
}

const slug = (text) => text.replace(/\W+/g, "-");
