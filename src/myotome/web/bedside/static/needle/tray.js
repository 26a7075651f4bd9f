// The count in the sharps container, typed without seeing the ledger's; where the two differ, what is not accounted for.

import { fill, h } from "../dom.js";
import { t } from "../texts.js";
import { keyed, marks, tap, text } from "./parts.js";
import { short } from "./queue.js";

const PAGE = 21; // tiles 0 to 20, then 21 to 41, and so on
const SAYS = 10; // letters with which somebody else understands what happened; fewer the clinic refuses

/** The tray: tiles, the answer, the incident. */
export class Tray {
  constructor(deeds) {
    this.deeds = deeds;
    this.page = 0;
    this.asked = h("h3", {}, t("needle.how-many"));
    this.tiles = Array.from({ length: PAGE }, (_, n) => tap(deeds, "", (event, node) => this.count(node), { class: "tile", data: { kind: "sharps.counted", value: n } }));
    this.more = tap(deeds, "", () => { this.page = (this.page + 1) % 5; this.update(); }, { class: "tile" });
    this.answer = h("div", { class: "answer", "aria-live": "polite" });
    this.chosen = new Set();
    this.which = h("div", { class: "tiles terms", role: "group", "aria-label": t("needle.which-needle") });
    this.text = h("textarea", { id: "incident", rows: 3, maxlength: 5000 });
    this.wrong = h("p", { class: "differs", role: "alert" });
    this.incident = h("div", { class: "incident" }, h("p", {}, h("b", {}, t("needle.which-needle"))), this.which, h("label", { for: "incident" }, t("needle.if-not-found")), this.text, this.wrong,
      tap(deeds, t("needle.write-incident"), () => this.write(), { class: "second", data: { kind: "incident.written" } }));
    const back = tap(deeds, t("needle.back-to-needles"), () => deeds.look("pad"), { class: "second back" });
    this.node = h("section", { class: "tray", "aria-label": t("needle.tray") }, h("header", {}, this.asked, back), h("div", { class: "tiles tray-tiles" }, this.tiles, this.more), this.answer, this.incident);
  }

  count(node) {
    return this.deeds.counted(Number(node.dataset.value));
  }

  /** The needles that an incident may be about: those that are in; where none is, every one of the visit. */
  get about() {
    const { open, insertions } = this.deeds.ledger;
    return [...new Map((open.length ? open : insertions).map((one) => [one.needle, one])).values()];
  }

  write() {
    const { deeds } = this, words = this.text.value.trim(), about = this.about.map((one) => one.needle), needles = about.filter((one) => this.chosen.has(one));
    text(this.wrong, !needles.length && about.length ? t("needle.incident-which") : words.length < SAYS ? t("needle.incident-short", { n: words.length, least: SAYS }) : "");
    if (this.wrong.textContent || !deeds.mayOut) return null;
    return deeds.after(async () => {
      await deeds.app.note("incident.written", { text: words, ...(needles.length ? { needles } : {}) }, { gesture: "typed" });
      this.text.value = "";
      this.chosen.clear();
    });
  }

  choose({ needle }) {
    if (!this.chosen.delete(needle)) this.chosen.add(needle);
    this.update();
  }

  update() {
    const { ledger } = this.deeds, given = ledger.inSharps;
    this.tiles.forEach((tile, n) => {
      const value = this.page * PAGE + n;
      text(tile, String(value));
      marks(tile, { "data-value": value, "aria-pressed": given === value, "aria-disabled": !this.deeds.mayOut });
    });
    text(this.more, t("needle.up-from", { count: this.page === 4 ? 0 : (this.page + 1) * PAGE }));
    keyed(this.which, this.about, (one) => one.needle, (one) => tap(this.deeds, short(one), () => this.choose(one), { class: "tile" }), (node, one) => marks(node, { "aria-pressed": this.chosen.has(one.needle) }));
    const key = JSON.stringify([given, ledger.opened, ledger.stillIn, ledger.excused]);
    if (key === this.key) return;
    this.key = key;
    const differs = given !== null && (given !== ledger.opened || ledger.stillIn > 0);
    this.incident.hidden = !differs;
    const told = { counted: given, opened: ledger.opened };
    fill(this.answer, given === null ? [] : differs ? this.differing(ledger, given) : h("p", { class: "good" }, `✓ ${t("needle.tray-good", told)}`));
  }

  differing(ledger, given) {
    const held = ledger.insertions.filter((one) => !one.ended);
    const places = new Map();
    for (const one of held) places.set(short(one), (places.get(short(one)) ?? 0) + 1);
    return [
      h("p", { class: "differs" }, h("b", {}, `! ${t("needle.tray-differs", { counted: given, opened: ledger.opened })} `), held.length ? t("needle.not-out", { n: held.length }) : t("needle.look-everywhere")),
      h("ul", { class: "look" }, held.length ? [...places].map(([place, count]) => h("li", {}, count > 1 ? t("needle.place-times", { place, count }) : place)) : [...new Set(ledger.insertions.map(short))].map((place) => h("li", {}, place))),
      ledger.excused ? h("p", {}, t("needle.excused")) : null,
    ];
  }
}
