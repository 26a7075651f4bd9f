// What is told in words and numbers: complaint, medicines, conditions, implants, age and build.

import { button, fill, h, tile, upper } from "../dom.js";
import { matches } from "/atlas/atlas-js/search.js";
import { t } from "../texts.js";

export const LISTS = ["medicines", "conditions", "implants"];
const MOST = 8; // places offered at once
const BUILD = [["person", "age", 0, 120], ["build", "height_cm", 30, 250], ["build", "weight_kg", 2, 400]];

/** The lists that nobody has told yet. */
export const untold = (app) => LISTS.filter((part) => app.told(part) === undefined);

const tell = (app, part, field, value, gesture) => app.note("case.told", { part, field, value }, { gesture });

/** Side, place and words of the complaint. */
export class Complaint {
  constructor(app) {
    this.app = app;
    this.sides = ["left", "right", "both"].map((side) => tile(t(`screen.side-${side}`), false, () => tell(app, "complaint", "side", side), { data: { kind: "case.told", side, value: side } }));
    this.area = h("input", { type: "search", id: "area", autocomplete: "off", placeholder: t("screen.where-hint"), on: { input: () => this.find(), keydown: (event) => this.key(event) } });
    this.found = h("div", { class: "tiles", role: "group", "aria-label": t("screen.places") });
    this.text = h("input", { type: "text", id: "complaint-text", autocomplete: "off", maxlength: 500, on: { change: () => this.text.value.trim() && tell(app, "complaint", "text", this.text.value.trim(), "typed") } });
    this.now = h("b", {});
    this.node = h("section", { class: "card complaint" }, h("h3", {}, t("screen.complaint")),
      h("div", { class: "strip", role: "group", "aria-label": t("screen.side") }, this.sides),
      h("label", { for: "area" }, t("screen.where"), this.now), this.area, this.found,
      h("label", { for: "complaint-text" }, t("screen.own-words")), this.text);
  }

  find() {
    const text = this.area.value.trim(), { catalogue, chart } = this.app, region = chart?.region;
    const list = text.length >= 3 ? matches(catalogue.areas, text) : catalogue.areas.filter((one) => region?.of.includes(one.region));
    this.drawn = region;
    fill(this.found, list.slice(0, MOST).map((one) => tile(upper(one.name), one.name === this.app.told("complaint", "area"), () => this.take(one), { data: { kind: "case.told", value: one.name, key: one.name } })));
  }

  key(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.found.querySelector("button")?.click();
  }

  async take(one) {
    const gesture = this.area.value ? "typed" : "tap";
    this.area.value = "";
    await tell(this.app, "complaint", "area", one.name, gesture);
    this.find();
  }

  update() {
    const { app } = this;
    for (const one of this.sides) one.setAttribute("aria-pressed", String(one.dataset.value === app.side));
    const area = app.told("complaint", "area"), text = app.told("complaint", "text") ?? "";
    if (this.drawn !== app.chart?.region && !this.area.value) this.find();
    for (const one of this.found.children) one.setAttribute("aria-pressed", String(one.dataset.value === area));
    this.now.textContent = area ? t("screen.where-now", { area }) : "";
    if (document.activeElement !== this.text && this.text.value !== text) this.text.value = text;
  }
}

/** Medicines, conditions, implants: typed words, or none. */
export class Lists {
  constructor(app) {
    this.app = app;
    this.parts = LISTS.map((part) => this.list(part));
    this.node = h("section", { class: "card lists" }, this.parts.map((one) => one.node));
  }

  list(part) {
    const { app } = this, chips = h("div", { class: "chips" });
    const field = h("input", { type: "text", id: `list-${part}`, placeholder: t(`screen.hint-${part}`), autocomplete: "off", maxlength: 120, on: { keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }, change: () => add() } });
    const held = () => { const told = app.told(part); return Array.isArray(told) ? told : []; };
    const add = () => {
      const more = field.value.split(/[,;]/).map((one) => one.trim()).filter((one) => one && !held().includes(one));
      field.value = "";
      if (more.length) tell(app, part, "", [...held(), ...more], "typed");
    };
    const none = tile(upper(t("screen.none")), false, () => tell(app, part, "", "none"), { data: { kind: "case.told", value: `${part} none` } });
    const remove = (word) => { const left = held().filter((one) => one !== word); tell(app, part, "", left.length ? left : "none"); };
    const update = () => {
      const told = app.told(part), key = JSON.stringify(told ?? null);
      none.setAttribute("aria-pressed", String(told === "none"));
      if (chips.dataset.key === key) return;
      chips.dataset.key = key;
      fill(chips, told === undefined ? h("span", { class: "untold" }, t("screen.not-asked")) : null, held().map((word) => button(`${word} ✕`, () => remove(word), { class: "chip", "aria-label": t("screen.take-out", { word }) })));
    };
    return { update, node: h("div", { class: "list" }, h("label", { for: `list-${part}` }, upper(t(`screen.list-${part}`))), h("div", { class: "list-row" }, field, none), chips) };
  }

  update() {
    for (const one of this.parts) one.update();
  }
}

/** Age and build, where they matter for depth. */
export class Build {
  constructor(app) {
    this.app = app;
    this.fields = BUILD.map(([part, field, low, high]) => {
      const input = h("input", { type: "number", inputmode: "decimal", id: `told-${field}`, min: low, max: high, on: { change: () => this.tell(part, field, input) } });
      return { part, field, input, node: h("div", {}, h("label", { for: `told-${field}` }, t(`screen.build-${field.replace("_", "-")}`)), input) };
    });
    this.node = h("section", { class: "card build" }, h("h3", {}, t("screen.build")), h("div", { class: "three" }, this.fields.map((one) => one.node)));
  }

  tell(part, field, input) {
    const value = Number(input.value);
    if (input.value === "" || !input.checkValidity()) return void (input.value !== "" && this.app.say(t("screen.number-within", { what: input.labels[0].textContent, least: input.min, most: input.max }), "warning"));
    return void tell(this.app, part, field, value, "typed");
  }

  update() {
    for (const { part, field, input } of this.fields) {
      const told = this.app.told(part, field);
      if (document.activeElement !== input && told !== undefined && told !== null && input.value !== String(told)) input.value = told;
    }
  }
}
