// The points of the visit as tiles, the groups that come out together, and any other point by its letters.

import { fill, h } from "../dom.js";
import { search } from "../planned.js";
import { t } from "../texts.js";
import { felt } from "./pad.js";
import { keyed, lasted, marks, tap, text } from "./parts.js";
import { groups, isProposed, keyOf, short } from "./queue.js";
import { stopOf } from "./stops.js";
import { longest } from "./timers.js";

const FOUND = 6;

/** Tiles of the points; a tap on one that waits is a needle in there. */
export class Points {
  constructor(deeds) {
    this.deeds = deeds;
    this.list = h("div", { class: "queue", role: "group", "aria-label": t("needle.points-here") });
    this.title = h("h3", { id: "points-title" });
    this.kept = h("div", { class: "queue", role: "group", "aria-label": t("needle.kept-out") });
    this.search = new Search(deeds);
    this.node = h("section", { class: "points", "aria-labelledby": "points-title" }, this.title, this.list, h("h3", { class: "kept-title" }, t("needle.kept-out")), this.kept, this.search.node);
  }

  update() {
    const { deeds } = this, shown = deeds.shown && keyOf(deeds.shown);
    const all = deeds.list, open = all.filter((one) => !one.kept), tell = (node, one) => this.tell(node, one, all.indexOf(one), shown);
    text(this.title, t(isProposed(deeds.app) ? "needle.points-proposed" : "needle.points"));
    keyed(this.list, open, keyOf, (one) => this.tile(one), tell);
    keyed(this.kept, all.filter((one) => one.kept), keyOf, (one) => this.tile(one), tell);
    this.kept.previousSibling.hidden = open.length === all.length;
    this.search.update();
  }

  tile({ point, side }) {
    const label = [h("i", { class: "n" }), h("span", { class: "of" }, h("b", {}, short({ point, side })), h("small", {}))];
    return tap(this.deeds, label, () => this.deeds.point(point, side, {}), { class: "point-tile", data: { kind: "needle.in", point, side } });
  }

  tell(node, one, n, shown) {
    text(node.firstChild, one.kept ? "!" : String(n + 1));
    text(node.querySelector("small"), one.kept || (one.next ? t("needle.next") : one.state === "open" ? one.position : stateOf(one)));
    marks(node, { "data-state": one.kept ? "kept" : one.next ? "next" : one.state, "aria-current": keyOf(one) === shown ? "true" : null, "aria-disabled": !this.deeds.may });
  }
}

/** What has become of a point, how often, and what came of its last needle. */
function stateOf({ state, insertions }) {
  const given = insertions.at(-1).response, once = t(`needle.state-${state}`);
  const told = insertions.length > 1 ? t("needle.state-again", { state: once, count: insertions.length }) : once;
  return given ? t("needle.state-response", { state: told, twitch: given.twitch, sensation: felt(given.sensation) }) : t("needle.state-no-response", { state: told });
}

/** Out by position: one tap for all that are in there, each with the time of its longest needle. */
export class Outs {
  constructor(deeds) {
    this.deeds = deeds;
    this.node = h("div", { class: "outs", role: "group", "aria-label": t("needle.outs") });
  }

  update() {
    const found = groups(this.deeds.list);
    keyed(this.node, found.length ? found : [{ position: "", held: [] }], (one) => one.position, (one) => this.slot(one), (node, one) => this.tell(node, one));
  }

  slot({ position }) {
    const label = [h("b", {}), h("span", {}, position), h("small", { class: "timer" })];
    return tap(this.deeds, label, () => this.go(position), { class: "out", data: { kind: "needle.out", value: position } });
  }

  go(position) {
    const group = groups(this.deeds.list).find((one) => one.position === position);
    return group && this.deeds.outGroup(group);
  }

  tell(node, group) {
    const held = group.held.length, asked = group.held.some((one) => one.reconcile);
    text(node.firstChild, asked ? t("needle.out-asked", { n: held }) : held ? t("needle.out-held", { count: held }) : t("needle.out"));
    const seconds = longest(this.deeds.app, group.held);
    text(node.lastChild, held ? (asked ? t("needle.out-confirm") : t("needle.in-for", { time: lasted(seconds) })) : t("needle.none-in"));
    marks(node, { "data-state": asked ? "reconcile" : held ? "in" : "none", "aria-disabled": !held || !this.deeds.mayOut });
  }
}

/** Any point of the catalogue by some of its letters. */
class Search {
  constructor(deeds) {
    this.deeds = deeds;
    this.field = h("input", { id: "other-point", type: "search", autocomplete: "off", spellcheck: "false", placeholder: t("needle.three-letters"), on: { input: () => this.find() } });
    this.found = h("div", { class: "queue found", role: "group", "aria-label": t("needle.points-found") });
    this.node = h("div", { class: "search" }, h("label", { for: "other-point" }, t("needle.another-point")), this.field, this.found);
  }

  update() {
    this.field.disabled = !this.deeds.may;
  }

  find() {
    fill(this.found, search(this.deeds.app, this.field.value, FOUND).flatMap((row) => row.sides.map((side) => this.tile(row.name, side))));
  }

  tile(point, side) {
    const act = () => {
      this.deeds.point(point, side, {});
      this.field.value = "";
      this.find();
    };
    const kept = stopOf(this.deeds.app, { point, side });
    return tap(this.deeds, h("span", { class: "of" }, h("b", {}, short({ point, side })), h("small", {}, kept || t("needle.in-here"))), act, { class: "point-tile", data: { kind: "needle.in", point, side, state: kept ? "kept" : null } });
  }
}
