// "Others tested here normal": lists what it would write, of the signs opened in this examination only, before it writes.

import { button, fill, h, tile, upper, words } from "../dom.js";
import { t } from "../texts.js";
import { ordinary, siteOf, standing } from "./brushes.js";
import { quickOf } from "./structures.js";

const SIGNS = ["strength", "reflex", "tenderness", "taut band", "shortening"];

export class Others {
  constructor(exam) {
    this.exam = exam;
    this.groups = h("div", { class: "others" });
    this.write = button("", () => this.record(), { class: "main", data: { kind: "finding.recorded", value: "others normal" } });
    this.dialog = h("dialog", { class: "sheet", "aria-labelledby": "others-title" },
      h("div", { class: "sheet-head" }, h("h2", { id: "others-title" }, t("examine.normal")), button(t("examine.normal-cancel"), () => this.dialog.close(), { class: "second" })),
      h("p", { class: "soft" }, t("examine.normal-what")),
      this.groups, h("div", { class: "row" }, this.write));
  }

  open() {
    this.list = offered(this.exam).map((one) => ({ ...one, out: new Set() }));
    if (!this.list.length) return void this.exam.app.say(t("examine.normal-none"), "warning");
    this.draw();
    this.dialog.showModal();
    this.write.focus();
    return undefined;
  }

  draw() {
    fill(this.groups, this.list.map((group) => {
      const all = group.names.length === group.out.size;
      return h("section", {},
        h("div", { class: "sheet-head" }, h("h3", {}, titleOf(group)),
          button(t(all ? "examine.normal-all" : "examine.normal-nothing"), () => { group.out = new Set(all ? [] : group.names); this.draw(); }, { class: "quiet", data: { key: `all ${group.sign} ${group.paints}` } })),
        h("div", { class: "tiles" }, group.names.map((name) => tile(upper(name), !group.out.has(name), () => { group.out.has(name) ? group.out.delete(name) : group.out.add(name); this.draw(); }, { data: { key: `${group.sign} ${group.paints} ${name}` } }))));
    }));
    const count = this.entries().length;
    this.write.textContent = t("examine.normal-write", { n: count });
    this.write.setAttribute("aria-disabled", String(!count));
  }

  entries() {
    const { app } = this.exam;
    return this.list.flatMap(({ sign, paints, names, out, sides }) => names.filter((name) => !out.has(name)).flatMap((name) => sides.filter((side) => !standing(app, sign, siteOf(paints, name), side))
      .map((side) => ({ kind: "finding.recorded", body: { sign, at: siteOf(paints, name), side, result: ordinary(sign), when: "before" } }))));
  }

  async record() {
    const list = this.entries();
    this.dialog.close();
    await this.exam.app.noteAll(list, { gesture: "others normal" });
  }
}

function titleOf({ sign, paints, sides }) {
  const name = t(`examine.sign-${sign.replace(" ", "-")}`), of = paints === "level" ? t("examine.sign-of-levels", { sign: name }) : name;
  return t(ordinary(sign) === "absent" ? "examine.normal-group-none" : "examine.normal-group", { sign: of, sides: words(sides) });
}

/** The signs opened in this examination, each with what of it is not tested yet on the sides that were tested. */
function offered(exam) {
  const { app } = exam, quick = quickOf(app, app.chart.home()), found = [];
  const lists = { level: quick.levels, reflex: quick.reflexes };
  for (const body of app.findings()) {
    const paints = / paraspinal$/.test(body.at) ? "level" : body.sign === "reflex" ? "reflex" : "muscle";
    if (!SIGNS.includes(body.sign) || !body.side) continue;
    const names = lists[paints] ?? (body.sign === "strength" ? quick.strengths : quick.muscles);
    let group = found.find((one) => one.sign === body.sign && one.paints === paints);
    if (!group) found.push((group = { sign: body.sign, paints, names, sides: [] }));
    for (const side of body.side === "both" ? ["left", "right"] : [body.side]) if (!group.sides.includes(side)) group.sides.push(side);
  }
  for (const group of found) group.names = group.names.filter((name) => group.sides.some((side) => !standing(app, group.sign, siteOf(group.paints, name), side)));
  return found.filter((group) => group.names.length);
}
