// How the person lies one after another, how often they turn, and each position put before the one ahead of it.

import { button, h, upper } from "../dom.js";
import { keyed, marks, text } from "../needle/parts.js";
import { t } from "../texts.js";

/** The positions of some rows, as they follow one another. */
export const positionsOf = (rows) => [...new Set(rows.map((row) => row.position))];

/** The part of the plan step; its buttons stay where they are, only what they would do changes. */
export class Turns {
  constructor(app) {
    Object.assign(this, { app, rows: [] });
    this.says = h("p", {});
    this.list = h("div", { class: "turns", role: "group", "aria-label": t("plan.order") });
    this.node = h("div", { class: "p-turns" }, this.says, this.list);
  }

  update(rows, readOnly) {
    const lies = positionsOf(rows.filter((row) => row.state !== "out"));
    const swaps = readOnly ? [] : lies.slice(1).map((position, n) => ({ n, position, next: lies[n] }));
    this.rows = rows;
    this.node.hidden = lies.length < 2;
    text(this.says, t("plan.turns", { n: lies.length - 1, positions: upper(lies.join(" → ")) }));
    keyed(this.list, swaps, (one) => one.n, () => this.swap(), (node, one) => this.tell(node, one));
  }

  swap() {
    const node = button("", () => this.put(node.swap), { class: "second", data: { kind: "plan.ordered" } });
    return node;
  }

  tell(node, swap) {
    node.swap = swap;
    text(node, t("plan.position-before", { position: upper(swap.position), next: swap.next }));
    marks(node, { "data-value": swap.position });
  }

  /** All positions are named, also those whose points were taken out. */
  put({ position, next }) {
    const order = positionsOf(this.rows).filter((one) => one !== position);
    order.splice(order.indexOf(next), 0, position);
    return this.app.note("plan.ordered", { positions: order });
  }
}
