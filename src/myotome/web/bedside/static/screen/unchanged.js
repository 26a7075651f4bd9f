// "Nothing has changed since …": one act that carries the last answers over; it lists what it writes before it writes.

import { button, fill, h, upper, words } from "../dom.js";
import { answers, fold } from "../fold.js";
import { t } from "../texts.js";
import { answerWords } from "./questions.js";
import { LISTS } from "./told.js";

const FIELDS = [["complaint", "side"], ["complaint", "area"], ["complaint", "text"], ["build", "height_cm"], ["build", "weight_kg"]];
const NOT_CARRIED = ["consent"]; // it is looked up anew each time

/** What the last visit held that can be carried over: {answers, told, fields}; null where there is no such visit. */
export function carried(app) {
  if (!app.pack.last) return null;
  const view = fold(app.pack.last.entries), said = answers(view);
  const may = app.pack.last.carries, holds = (code) => !NOT_CARRIED.includes(code) && (!may || may.includes(code)); // as the clinic counts it
  const kept = Object.fromEntries(Object.entries(said).filter(([code, answer]) => answer !== "not asked" && holds(code)));
  const told = Object.fromEntries(LISTS.map((part) => [part, view.told(part)]).filter(([, value]) => value !== undefined));
  const fields = FIELDS.map(([part, field]) => ({ part, field, value: view.told(part, field) })).filter((one) => one.value !== undefined && one.value !== "");
  return { answers: kept, told, fields };
}

export class Unchanged {
  constructor(app) {
    this.app = app;
    this.last = carried(app);
    this.act = button("", () => this.write(), { class: "main unchanged", data: { kind: "screening.unchanged" } });
    this.list = h("details", { class: "writes" });
    this.node = this.last ? h("section", { class: "card" }, this.act, this.list) : h("p", { class: "soft" }, t("screen.first-visit"));
    if (this.last) this.draw();
  }

  draw() {
    const parts = this.parts(), said = t("screen.writes-answers", { n: Object.keys(this.last.answers).length });
    const what = parts.length ? t("screen.writes-both", { answers: said, values: t("screen.writes-values", { n: parts.length }) }) : said;
    fill(this.list, h("summary", {}, t("screen.writes", { what })), h("ul", {}, parts.map((line) => h("li", {}, line)), this.lines()));
  }

  lines() {
    const by = (wanted) => Object.entries(this.last.answers).filter(([, answer]) => answer === wanted).map(([code]) => code);
    return [["yes", by("yes")], ["no", by("no")]].filter(([, list]) => list.length).map(([answer, list]) => h("li", {}, h("b", {}, `${upper(answerWords(answer))}: `), words(list)));
  }

  parts() {
    const { told, fields } = this.last;
    return [
      ...Object.entries(told).map(([part, value]) => t("screen.writes-list", { list: upper(t(`screen.list-${part}`)), words: Array.isArray(value) ? words(value) : t("screen.none") })),
      ...fields.map((one) => t(`screen.writes-${one.field.replace("_", "-")}`, one)),
    ];
  }

  async write() {
    if (this.done()) return;
    const { answers: said, told, fields } = this.last, { app } = this;
    const fresh = fields.filter((one) => app.told(one.part, one.field) === undefined);
    await app.noteAll([
      { kind: "screening.unchanged", body: { since: app.pack.last.visit, answers: said, told } },
      ...fresh.map(({ part, field, value }) => ({ kind: "case.told", body: { part, field, value } })),
    ], { gesture: "nothing changed" });
  }

  done() {
    return this.app.view.standing.some((one) => one.kind === "screening.unchanged");
  }

  update() {
    if (!this.last) return;
    const word = t(this.done() ? "screen.unchanged-done" : "screen.unchanged", { day: this.app.lastDay });
    if (this.act.textContent !== word) this.act.textContent = word;
    this.act.setAttribute("aria-disabled", String(this.done()));
  }
}
