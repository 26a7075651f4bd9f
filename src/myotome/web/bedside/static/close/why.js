// Needles went in against what the software says: why, in words, before the note can be signed.

import { against, writeWhy } from "../against.js";
import { h } from "../dom.js";
import { valuesOfKind } from "../fold.js";
import { tap } from "../needle/parts.js";
import { renew } from "../parts.js";
import { t } from "../texts.js";

/** The part of the close step. */
export class Why {
  constructor(app, deeds) {
    this.app = app;
    this.says = h("ul", {});
    this.field = h("textarea", { id: "why-needled", rows: 2, maxlength: 2000 });
    this.asks = h("div", {}, h("label", { for: "why-needled" }, t("close.why")), this.field, tap(deeds, t("close.why-write"), () => this.write(), { class: "second", data: { kind: "needled.against" } }));
    this.written = h("div", {});
    this.node = h("section", { class: "card why-card", "aria-labelledby": "why-title" }, h("h3", { id: "why-title" }, t("close.needled-against")), this.says, this.asks, this.written);
  }

  async write() {
    const reason = this.field.value.trim();
    if (!reason) return this.field.focus();
    await writeWhy(this.app, reason, this.app.view.ledger.needled);
    this.field.value = "";
    return undefined;
  }

  update() {
    const { app } = this, reasons = valuesOfKind(app.view, "needled.against").map((one) => one.body), { unwritten } = app.pack;
    this.node.hidden = !unwritten && !reasons.length;
    this.asks.hidden = !unwritten || Boolean(app.pack.visit.signature);
    const said = [...new Set([...reasons.flatMap((one) => one.said), ...(unwritten ? against(app, app.view.ledger.needled) : [])])];
    renew(this.says, said, () => said.map((one) => h("li", {}, one)));
    renew(this.written, reasons, () => reasons.map((one) => h("p", {}, t("entry.needled-against", one))));
  }
}
