// How long the needles that are in are to stay, chosen in one tap; asked for by nobody who does not want it.

import { h } from "../dom.js";
import { t } from "../texts.js";
import { lasted, marks, tap, text } from "./parts.js";
import { now, timersOf } from "./timers.js";

const MINUTES = [5, 10, 15, 20, 25, 30];

/** The button that shows what is left of the soonest time, and the choice. */
export class Stay {
  constructor(deeds) {
    this.deeds = deeds;
    this.button = tap(deeds, [h("b", {}, t("needle.timer")), h("small", {})], () => deeds.look("stay"), { class: "second", data: { act: "timer" } });
    this.asked = h("p", {});
    const back = tap(deeds, t("needle.back-to-needles"), () => deeds.look("pad"), { class: "second back" });
    const tiles = [...MINUTES, 0].map((minutes) => tap(deeds, minutes ? t("needle.minutes", { minutes }) : t("needle.call-off"), () => deeds.timed(minutes), { class: "tile", data: { kind: "needles.timed", value: minutes } }));
    this.node = h("section", { class: "stay", "aria-label": t("needle.timer") }, h("header", {}, h("h3", {}, t("needle.how-long")), back), this.asked, h("div", { class: "tiles terms" }, tiles));
  }

  update() {
    const { app, timeable, mayChart: may } = this.deeds, left = (timersOf(app)[0]?.due - now(app)) / 1000;
    const words = Number.isNaN(left) ? t("needle.no-timer") : left > 0 ? t("needle.time-left", { time: lasted(Math.ceil(left)) }) : t("needle.time-is-over");
    text(this.button.lastChild, words);
    marks(this.button, { "aria-disabled": !may || !timeable.length, "data-state": left <= 0 ? "differs" : "" });
    text(this.asked, t("needle.from-now", { n: timeable.length }));
  }
}
