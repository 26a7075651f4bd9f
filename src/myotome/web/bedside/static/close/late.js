// Needles that came to light after the signature, of which nobody has said that they are out.

import { clock, h } from "../dom.js";
import { tap } from "../needle/parts.js";
import { renew } from "../parts.js";
import { t } from "../texts.js";

/** Those of this visit, without what was noted as out here just now. */
export function lateIn({ pack, entries }) {
  const out = new Set(entries.filter((one) => one.kind === "needle.out" && !one.received).flatMap((one) => one.body.insertions));
  return (pack.late_in ?? []).filter((one) => !out.has(one.id));
}

/** Where each is, by whom and since when; each can be noted as out. */
export class LateIn {
  constructor(app, deeds) {
    Object.assign(this, { app, deeds, node: h("div", { role: "alert" }) });
  }

  update() {
    const { app, deeds } = this, { staff, clinic, me } = app.pack, list = lateIn(app);
    const line = (one) => {
      const told = { place: t("ledger.place", one), name: staff[one.by] ?? one.by, time: clock(one.made, clinic.zone) };
      const out = () => app.note("needle.out", { insertions: [one.id] });
      return h("li", {}, h("b", {}, t("close.late-where", told)), me.may?.chart === false ? null : tap(deeds, t("close.late-out"), out, { class: "second", data: { kind: "needle.out", value: one.id } }));
    };
    renew(this.node, list, () => (list.length ? h("section", { class: "stopped late-in" }, h("h3", {}, t("close.late", { n: list.length })), h("ul", {}, list.map(line)), h("p", {}, t("close.late-do"))) : null));
  }
}
