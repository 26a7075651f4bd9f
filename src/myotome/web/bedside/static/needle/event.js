// Something went wrong: a term, then the place, and it is recorded; how bad, when and what was done can be changed after.

import { fill, h, upper } from "../dom.js";
import { t } from "../texts.js";
import { strip, tap } from "./parts.js";
import { keyOf, short } from "./queue.js";

const FIRST = ["bruise", "bleeding", "pain during", "feeling faint", "faint", "nerve symptoms", "pneumothorax suspected", "nausea", "needle stuck", "needle bent", "needlestick of staff"];
const NO_PLACE = ["body", "staff", "other"]; // groups of terms that have no point

/** The fixed terms, the points, and the event that was recorded last. */
export class Mishap {
  constructor(deeds) {
    Object.assign(this, { deeds, term: null, all: false, entry: "" });
    this.node = h("section", { class: "event", "aria-label": t("needle.event") });
  }

  get told() { return this.deeds.app.catalogue.adverse ?? { terms: [], severities: [], onsets: [], actions: [], outcomes: [] }; }

  open() {
    Object.assign(this, { term: null, all: false, entry: "" });
    this.draw();
    this.deeds.look("event");
  }

  update() {
    if (this.entry && !this.deeds.app.entries.some((one) => one.id === this.entry)) this.entry = "";
    if (this.entry) this.draw();
  }

  draw() {
    const back = tap(this.deeds, t("needle.back-to-needles"), () => this.deeds.look("pad"), { class: "second back" });
    const [title, body] = this.entry ? this.card() : this.term ? this.places() : this.terms();
    const key = JSON.stringify([title, this.entry, this.term?.code, this.all]);
    if (key === this.key) return this.body?.told?.();
    this.key = key;
    this.body = body;
    fill(this.node, h("header", {}, h("h3", {}, title), back), body);
    return null;
  }

  terms() {
    const shown = this.told.terms.filter((one) => FIRST.includes(one.code) !== this.all);
    const tiles = shown.map((one) => tap(this.deeds, label(one), () => this.choose(one), { class: "tile", data: { value: one.code } }));
    const other = tap(this.deeds, this.all ? t("needle.common") : t("needle.others"), () => { this.all = !this.all; this.draw(); }, { class: "tile" });
    return [t("needle.what-happened"), h("div", { class: "tiles terms" }, tiles, other)];
  }

  choose(term) {
    this.term = term;
    if (NO_PLACE.includes(term.group)) return this.record({});
    return this.draw();
  }

  places() {
    const seen = new Map([...this.deeds.ledger.insertions].reverse().map((one) => [keyOf(one), one]));
    const data = (one) => ({ kind: "adverse.recorded", value: this.term.code, point: one?.point, side: one?.side });
    const tiles = [...seen.values()].map((one) => tap(this.deeds, short(one), () => this.record({ point: one.point, side: one.side }), { class: "tile", data: data(one) }));
    const none = tap(this.deeds, t("needle.no-one-point"), () => this.record({}), { class: "tile", data: data() });
    return [t("needle.event-where", { term: upper(label(this.term)) }), h("div", { class: "tiles terms" }, tiles, none)];
  }

  /** Severity is the usual one of the term; the onset is read off the ledger: while needles are in, or after. */
  record(place) {
    const { app, ledger } = this.deeds, { code, severity } = this.term;
    const onset = ledger.stillIn ? "during" : "within 1 hour";
    this.term = null;
    return this.deeds.after(async () => {
      const entry = await app.note("adverse.recorded", { term: code, severity: severity || "mild", onset, actions: [], ...place });
      this.entry = entry.id;
      this.draw();
    });
  }

  card() {
    const { app } = this.deeds, entry = app.entries.find((one) => one.id === this.entry);
    const now = entry.body, { severities, onsets, actions, outcomes } = this.told;
    const row = this.told.terms.find((one) => one.code === now.term);
    const rows = [
      ["severity", t("needle.how-bad"), severities.map((one) => [one.code, one.code])], ["onset", t("needle.since-when"), onsets.map((one) => [one.code, one.words])],
      ["actions", t("needle.what-was-done"), actions.map((one) => [one.code, one.words])], ["outcome", t("needle.how-it-is"), outcomes.map((one) => [one.code, one.words])],
    ].map(([field, words, options]) => [field, strip(words, options, (value) => this.change(field, value))]);
    const tell = () => {
      const told = app.entries.find((one) => one.id === this.entry)?.body ?? now;
      for (const [field, node] of rows) if (field !== "actions") node.told(told[field]);
      for (const tile of rows.find(([field]) => field === "actions")[1].querySelectorAll(".tile")) tile.setAttribute("aria-pressed", (told.actions ?? []).includes(tile.dataset.value));
    };
    tell();
    const body = h("div", { class: "event-card" }, row?.do ? h("p", { class: "advice" }, row.do) : null, rows.map(([, node]) => node));
    body.told = tell;
    return [now.point ? t("needle.event-recorded-at", { term: now.term, place: short(now) }) : t("needle.event-recorded", { term: now.term }), body];
  }

  change(field, value) {
    return this.deeds.after(async () => {
      const { app } = this.deeds, before = app.entries.find((one) => one.id === this.entry);
      const { replaces, gesture, clock_off, ...body } = before.body;
      const held = body.actions ?? [], actions = held.includes(value) ? held.filter((one) => one !== value) : [...held, value];
      const entry = await app.note("adverse.recorded", { ...body, ...(field === "actions" ? { actions } : { [field]: value }) }, { replaces: [before.id] });
      this.entry = entry.id;
      this.body?.told?.();
    });
  }
}

function label({ code, severity }) {
  return severity ? t("needle.term-with", { term: code, severity }) : code;
}
