// The large button that puts the next needle in, and the pad whose place is its value: twitch beside sensation.

import { h, roving } from "../dom.js";
import { t } from "../texts.js";
import { marks, tap, text } from "./parts.js";
import { keyOf, riskOf, short, sizeOf, sure } from "./queue.js";

const FELT = ["plain", "ache", "familiar pain"];
const SIDES = ["right", "left", "both"];

/** What was felt, in words. */
export const felt = (sensation) => t(`needle.felt-${sensation.replace(" ", "-")}`);

/** The in button and the pad; `update()` tells them anew. */
export class Pad {
  constructor(deeds) {
    this.deeds = deeds;
    this.in = tap(deeds, [], () => this.go(), { class: "in", data: { kind: "needle.in" } });
    this.words = { in: h("b", {}), point: h("span", { class: "in-point" }), side: h("strong", { class: "in-side" }), size: h("small", {}), risk: h("small", { class: "risk" }) };
    this.in.append(...Object.values(this.words));
    this.risk = h("p", { class: "risk" });
    this.whose = h("p", { class: "pad-whose", id: "pad-whose" });
    this.cells = FELT.flatMap((sensation) => [0, 1, 2, 3].map((twitch) => this.cell(twitch, sensation)));
    this.pad = roving(h("div", { class: "pad", role: "group", "aria-labelledby": "pad-whose" }, this.cells));
    this.size = tap(deeds, "", () => deeds.look("size"), { class: "second size" });
    this.usual = tap(deeds, "", () => { deeds.size = deeds.next; deeds.told(); }, { class: "second size", data: { act: "usual-size" } });
    this.keys = h("p", { class: "keys-state", role: "status" });
    this.node = h("div", { class: "in-and-pad" }, h("div", { class: "in-and-size" }, this.in, this.usual, this.size), h("div", { class: "response" }, h("div", { class: "pad-head" }, this.whose, this.keys), this.risk, this.pad));
  }

  cell(twitch, sensation) {
    const label = [h("b", {}, String(twitch)), h("span", {}, felt(sensation))];
    return tap(this.deeds, label, () => this.deeds.respond(twitch, sensation), {
      class: `cell ${sensation.replace(" ", "-")}`, data: { kind: "needle.response", value: `${twitch} ${sensation}` }, "aria-label": t("needle.cell", { twitch, sensation: felt(sensation) }), "aria-pressed": false,
    });
  }

  /** What the button said when it was tapped, whatever has changed since. */
  go() {
    const { point, side } = this.in.dataset;
    return point ? this.deeds.needle(point, side, {}) : this.deeds.inNext({});
  }

  update() {
    const { deeds } = this, { next, shown } = deeds, same = deeds.same && shown, size = sizeOf(deeds.size ?? sure(next ?? {}), ""), usual = next && sizeOf(next, "");
    marks(this.in, { "data-point": next?.point ?? "", "data-side": next?.side ?? "", "aria-disabled": !deeds.may || !next || deeds.pending.has(keyOf(next)) });
    text(this.words.in, deeds.mode === "through" ? t("needle.in-and-out") : t("needle.in"));
    text(this.words.point, next?.point ?? (deeds.list.length ? t("needle.all-needled") : t("needle.tap-a-point")));
    text(this.words.side, SIDES.includes(next?.side) ? t(`needle.side-${next.side}`) : "");
    text(this.size, size ? t("needle.size-of", { size }) : t("needle.size"));
    this.usual.hidden = !usual || Boolean(size || same) || !deeds.may;
    text(this.usual, usual ? t("needle.size-usual", { size: usual }) : "");
    marks(this.size, { "aria-disabled": !deeds.may || !next });
    text(this.words.size, next ? (same ? t("needle.same-needle") : size || t("needle.size-none")) : "");
    text(this.words.risk, next ? riskOf(next, true) : "");
    this.response(shown);
  }

  response(shown) {
    const { list } = this.deeds, given = shown?.response, at = shown ? list.findIndex((one) => keyOf(one) === keyOf(shown)) : -1, number = at + 1;
    text(this.risk, list[at] ? riskOf(list[at]) : "");
    const about = shown && { number, place: short(shown), twitch: given?.twitch, sensation: given && felt(given.sensation) };
    text(this.whose, shown ? (given ? t("needle.response-of", about) : t("needle.response-none", about)) : t("needle.no-response-of"));
    const value = given ? `${given.twitch} ${given.sensation}` : "";
    for (const one of this.cells) marks(one, { "aria-pressed": one.dataset.value === value, "aria-disabled": !shown || !this.deeds.mayChart });
  }
}
