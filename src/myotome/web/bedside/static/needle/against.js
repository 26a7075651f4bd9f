// What speaks against needles, always in view; and the one question before a needle goes in all the same.

import { fill, h } from "../dom.js";
import { t } from "../texts.js";
import { tap, text } from "./parts.js";
import { short } from "./queue.js";
import { asOf, stops } from "./stops.js";

const WHYS = ["asked", "cleared", "judged", "wrong"];

const list = (said) => h("ul", {}, said.map((one) => h("li", {}, one)));

/** The sentences at the top of the step; `update()` tells them anew. */
export class Notice {
  constructor(app) {
    this.app = app;
    this.node = h("section", { class: "against stopped", "aria-label": t("needle.against"), hidden: true });
  }

  update() {
    const said = stops(this.app), when = asOf(this.app), key = JSON.stringify([said, when]);
    this.node.hidden = !said.length;
    if (key === this.key) return;
    this.key = key;
    fill(this.node, h("p", {}, h("b", {}, t("needle.against")), " ", h("small", {}, when)), list(said));
  }
}

/** The question: a reason in one tap or in words, or that the needle is in already. */
export class AllTheSame {
  constructor(deeds) {
    this.deeds = deeds;
    this.title = h("h3", { id: "against-title" });
    this.said = h("div", {});
    this.field = h("input", { id: "against-why", maxlength: 2000, autocomplete: "off", placeholder: t("needle.why-other") });
    const whys = WHYS.map((why) => tap(deeds, t(`needle.why-${why}`), () => deeds.allTheSame(t(`needle.why-${why}`), "tap"), { class: "tile", data: { kind: "needled.against", value: why } }));
    this.node = h("section", { class: "all-the-same", role: "alertdialog", tabindex: -1, "aria-labelledby": "against-title" },
      h("header", {}, this.title, tap(deeds, t("needle.no-needle"), () => deeds.look("pad"), { class: "second back" })), this.said,
      h("p", {}, h("b", {}, t("needle.why"))), h("div", { class: "tiles whys" }, whys),
      h("form", { class: "row", on: { submit: (event) => { event.preventDefault(); this.typed(); } } }, h("label", { class: "hidden", for: "against-why" }, t("needle.why-other")), this.field, h("button", { type: "submit", class: "second" }, t("needle.all-the-same"))),
      tap(deeds, [h("b", {}, t("needle.already-in")), h("small", {}, t("needle.already-in-then"))], () => deeds.allTheSame("", "tap"), { class: "second already", data: { kind: "needle.in", value: "already in" } }));
  }

  typed() {
    const why = this.field.value.trim();
    if (!why) return this.field.focus();
    this.field.value = "";
    return this.deeds.allTheSame(why, "typed");
  }

  update() {
    const { asked, app } = this.deeds, key = JSON.stringify([asked?.said, asOf(app)]);
    text(this.title, asked ? t("needle.all-the-same-asked", { place: short(asked) }) : "");
    if (key === this.key) return;
    this.key = key;
    fill(this.said, asked ? [list(asked.said), h("small", {}, asOf(app))] : []);
  }
}
