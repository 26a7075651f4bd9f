// The sixth step: the same signs again, what the person takes home, what is missing, the signature.

import { After, lacking } from "../close/after.js";
import { LateIn, lateIn } from "../close/late.js";
import { Retest } from "../close/retest.js";
import { Scores } from "../close/scores.js";
import { Sign, hinders } from "../close/sign.js";
import { Why } from "../close/why.js";
import { deedsOf, removeAllNow } from "./needle.js";
import { printable } from "../note.js";
import { t } from "../texts.js";

let shown = null;

export const step = {
  name: "close",
  title: t("frame.step-close"),

  /** What is still to do before the person goes; what hinders the signature itself stands with it. */
  missing(app) {
    const late = lateIn(app).length ? [t("close.late", { n: lateIn(app).length })] : [];
    if (app.pack.visit.signature) return late;
    return [...late, ...hinders(app).filter((one) => !app.view.ledger.missing.includes(one)), ...lacking(app), t("close.lacks-signature")];
  },

  show(root, app) {
    printable(app);
    shown = new Closing(root, app);
    shown.update();
  },

  update(root, app) {
    if (shown?.root === root && app.step === step) shown.update();
  },
};

class Closing {
  constructor(root, app) {
    const deeds = deedsOf(app);
    Object.assign(this, { root, app });
    this.remove = removeAllNow(app);
    this.parts = [new LateIn(app, deeds), new Retest(app), new After(app, deeds), new Scores(app, deeds), new Why(app, deeds), new Sign(app, deeds)];
    root.append(this.remove, ...this.parts.map((one) => one.node));
  }

  update() {
    this.remove.hidden = !this.app.view.ledger.open.some((one) => !one.removed);
    for (const one of this.parts) one.update();
  }
}
