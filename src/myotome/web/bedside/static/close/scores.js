// Scores that the clinic may use: a number or a yes, asked before the needles or after.

import { h } from "../dom.js";
import { keyed, strip, tap } from "../needle/parts.js";
import { valueOf, valuesOfKind } from "../fold.js";
import { t } from "../texts.js";

/** The score that is a number for pain as it is now. */
export const PAIN = "pain-now";

/** Pain before the needles, 0 to 10, in one tap; null where the clinic does not use this score. */
export function painNow(app, label) {
  const score = app.catalogue.scores?.find((one) => one.code === PAIN);
  const note = (n) => app.note("score.recorded", { score: PAIN, when: "before", items: { [score.items[0]]: n }, total: n });
  return score && strip(label, Array.from({ length: 11 }, (_, n) => [n, String(n)]), note, { class: "wide", data: { kind: "score.recorded", score: PAIN } });
}

/** The part of the close step. */
export class Scores {
  constructor(app, deeds) {
    Object.assign(this, { app, deeds, when: "after" });
    this.choice = strip(t("scores.asked"), [["before", t("scores.before")], ["after", t("scores.after")]], (when) => { this.when = when; this.update(); });
    this.rows = h("div", { class: "scores" });
    this.node = h("details", { class: "card more-card" }, h("summary", {}, t("scores.title")), this.choice, this.rows);
    this.node.hidden = !app.catalogue.scores?.length;
  }

  update() {
    this.choice.told(this.when);
    keyed(this.rows, this.app.catalogue.scores ?? [], (one) => one.code, (one) => this.row(one), (node, one) => this.tell(node, one));
  }

  row(score) {
    const tiles = h("div", {}), add = score.kind === "own words" ? this.activity(score) : null;
    const node = h("div", { class: "score" }, h("b", {}, score.name), h("p", {}, score.asks), score.kind === "yes or no" ? null : h("p", { class: "soft" }, t("scores.ends", score)), tiles, add);
    return Object.assign(node, { strips: tiles });
  }

  activity(score) {
    const field = h("input", { id: `activity-${score.code}`, maxlength: 80 });
    const act = () => {
      const name = field.value.trim();
      if (!name) return field.focus();
      (this.own ??= new Map()).set(score.code, [...(this.own?.get(score.code) ?? []), name]);
      field.value = "";
      return this.update();
    };
    return h("div", { class: "row" }, h("label", { for: field.id }, t("scores.activity")), field, tap(this.deeds, t("scores.add"), act, { class: "second" }));
  }

  /** The activities of before, of now, and those just named. */
  names(score) {
    if (score.kind !== "own words") return score.items;
    const last = (this.app.pack.last?.entries ?? []).filter((one) => one.kind === "score.recorded" && one.body.score === score.code).at(-1)?.body.items ?? {};
    const here = valuesOfKind(this.app.view, "score.recorded").filter((one) => one.body.score === score.code).flatMap((one) => Object.keys(one.body.items));
    return [...new Set([...Object.keys(last), ...here, ...(this.own?.get(score.code) ?? [])])].slice(0, score.most_items);
  }

  tell(node, score) {
    const given = valueOf(this.app.view, "score.recorded", [score.code, this.when])?.body.items ?? {};
    const numbers = Array.from({ length: (score.most - score.least) / score.step + 1 }, (_, n) => score.least + n * score.step);
    const options = score.kind === "yes or no" ? [["yes", t("scores.yes")], ["no", t("scores.no")]] : numbers.map((n) => [n, String(n)]);
    const make = (name) => strip(score.kind === "own words" ? name : score.name, options, (value) => this.record(score, name, value), { class: options.length > 6 ? "wide" : undefined, data: { kind: "score.recorded", score: score.code } });
    keyed(node.strips, this.names(score), (name) => name, make, (one, name) => one.told(given[name] ?? ""));
  }

  record(score, name, value) {
    const before = score.kind === "own words" ? valueOf(this.app.view, "score.recorded", [score.code, this.when])?.body.items ?? {} : {};
    const items = { ...before, [name]: value }, numbers = Object.values(items).filter((one) => typeof one === "number");
    const total = numbers.length ? { total: numbers.reduce((sum, one) => sum + one, 0) / numbers.length } : {};
    return this.app.note("score.recorded", { score: score.code, when: this.when, items, ...total });
  }
}
