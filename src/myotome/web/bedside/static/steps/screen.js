// The first step: what changed since last time, red flags, medicines, complaint, consent. Not asked stays visible.

import { h, put } from "../dom.js";
import { Consent, lacking } from "../screen/consent.js";
import { flagsLeft } from "../screen/asked.js";
import { EachVisit, Questions } from "../screen/questions.js";
import { Build, Complaint, Lists, untold } from "../screen/told.js";
import { Unchanged } from "../screen/unchanged.js";
import { PAIN, painNow } from "../close/scores.js";
import { valueOf } from "../fold.js";
import { t } from "../texts.js";

/** Pain before the needles: once one is in, it is asked under Close as after them. */
class PainBefore {
  constructor(app) {
    this.app = app;
    this.row = painNow(app, t("screen.pain-now"));
    this.node = h("section", { class: "card" }, this.row);
  }

  update() {
    const told = valueOf(this.app.view, "score.recorded", [PAIN, "before"])?.body.total, late = this.app.view.ledger.insertions.length > 0;
    this.node.hidden = !this.row || (late && told === undefined);
    this.row?.told(told ?? "");
    for (const one of this.row?.querySelectorAll("button") ?? []) one.setAttribute("aria-disabled", String(late));
  }
}

/** Have one question in view and in hand: another step asks for it. */
function look(root, code) {
  const there = root.querySelector(`[data-item="${CSS.escape(code)}"]`);
  there?.closest("li,section").scrollIntoView({ block: "center" });
  there?.focus({ preventScroll: true });
}

let parts = [], lacks = null;

export const step = {
  name: "screen",
  title: t("frame.step-screen"),

  missing(app) {
    const open = flagsLeft(app).length, lists = untold(app).map((part) => t(`screen.list-${part}`)).join(", ");
    return [
      open ? t("screen.lacks-flags", { n: open }) : "",
      lists ? t("screen.lacks-lists", { lists }) : "",
      app.side ? "" : t("screen.lacks-side"),
      app.told("complaint", "area") ? "" : t("screen.lacks-place"),
      lacking(app),
    ].filter(Boolean);
  },

  show(root, app) {
    parts = [new Unchanged(app), new Complaint(app), new Consent(app), new Questions(app), new Lists(app), new Build(app), new EachVisit(app), new PainBefore(app)];
    const [unchanged, complaint, consent, questions, lists, build, each, pain] = parts;
    lacks = h("p", { class: "what-lacks" });
    put(root, lacks, h("div", { class: "screen-top" }, unchanged.node, each.node, pain.node, consent.node), complaint.node, questions.node, lists.node, build.node);
    this.update(root, app);
    if (app.ready?.sign === "screening") look(root, app.ready.at);
    app.ready = null;
  },

  update(root, app) {
    for (const part of parts) part.update();
    const list = this.missing(app), words = list.join(" ") || t("frame.nothing-missing");
    if (lacks.textContent !== words) lacks.textContent = words;
    lacks.dataset.state = list.length ? "lacks" : "done";
  },
};
