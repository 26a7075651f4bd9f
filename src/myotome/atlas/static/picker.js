// Point at the body: whole figures first, then a region or plate, its layers, and one of at most six candidates.
// Needs no other page. It tells of a choice with the event "atlas:pick", detail {kind, name, side}.

import { candidates, nearestRegion } from "./hit.js";
import { search } from "./search.js";
import { Stage } from "./stage.js";

const LAYER_WORDS = { surface: "Surface", middle: "Middle", deep: "Deep", deepest: "Deepest", bones: "Bones" };
const FIGURES = ["front", "back", "side"];
export const labelOf = (part) => `${part.name}${part.side === "both" || !part.side ? "" : `, ${part.side}`}`;

export class Picker extends EventTarget {
  /** @param root an empty element  @param base address of the atlas, without a slash at its end */
  constructor(root, base = "") {
    super();
    Object.assign(this, { root, base, side: "right", skin: false, picked: null });
    root.classList.add("picker");
    root.innerHTML = `
      <div class="picker-bar">
        <button type="button" class="home">Whole body</button>
        <div class="find"><input type="search" class="query" placeholder="Search, 3 letters" aria-label="Search for a muscle, level, skin area or nerve"
          role="combobox" aria-expanded="false" aria-controls="picker-found" autocomplete="off"><ul id="picker-found" class="found" role="listbox" aria-label="Found" hidden></ul></div>
        <div class="layers" role="group" aria-label="Layer"></div>
        <div class="sides" role="group" aria-label="Side"></div>
        <div class="zooms" role="group" aria-label="Zoom"><button type="button" data-zoom="0.7" aria-label="Zoom in">+</button><button type="button" data-zoom="1.43" aria-label="Zoom out">−</button></div>
      </div>
      <div class="picker-figures" aria-hidden="true"></div>
      <div class="picker-stage" aria-hidden="true" hidden></div>
      <output class="hover" aria-hidden="true"></output>
      <div class="picker-side">
        <p class="said" role="status"></p>
        <div class="which" role="group" aria-label="Which one?"></div>
        <nav class="plates" aria-label="Plates"></nav>
        <div class="all" hidden><h2 id="picker-all">On this plate</h2><ul class="parts" role="listbox" tabindex="0" aria-labelledby="picker-all"></ul></div>
      </div>`;
    this.at = (name) => root.querySelector(`.${name}`);
    this.stage = new Stage(this.at("picker-stage"), base);
    this.ready = this.start();
  }

  async start() {
    const get = (path) => fetch(this.base + path).then((answer) => answer.json());
    [this.plates, this.index] = await Promise.all([get("/plates"), get("/index")]);
    this.order = new Map(this.index.map((entry, n) => [`${entry.kind} ${entry.name}`, n]));
    this.byId = Object.fromEntries(this.plates.map((plate) => [plate.id, plate]));
    this.listen();
    search(this.at("query"), this.at("found"), this.index, (entry) => this.find(entry));
    this.listPlates();
    await this.overview();
  }

  listen() {
    this.at("home").onclick = () => this.overview();
    this.at("zooms").onclick = ({ target }) => target.dataset.zoom && this.stage.zoom(Number(target.dataset.zoom));
    const stage = this.at("picker-stage");
    let down = null;
    stage.addEventListener("pointerdown", (event) => (down = { x: event.clientX, y: event.clientY, last: event, id: event.pointerId }));
    stage.addEventListener("pointermove", (event) => this.moved(event, down));
    stage.addEventListener("pointerup", (event) => {
      const still = down && Math.hypot(event.clientX - down.x, event.clientY - down.y) < 14;
      down = null;
      if (still) this.tapped(event.clientX, event.clientY);
    });
    stage.addEventListener("pointerleave", () => { this.at("hover").textContent = ""; });
    stage.addEventListener("wheel", (event) => { event.preventDefault(); this.stage.zoom(event.deltaY > 0 ? 1.15 : 0.87); }, { passive: false });
    this.at("picker-figures").addEventListener("pointerup", (event) => this.region(event.clientX, event.clientY));
    this.at("parts").addEventListener("keydown", (event) => this.walk(event));
    this.at("parts").addEventListener("click", ({ target }) => target.dataset.n && this.choose(this.listed[target.dataset.n]));
  }

  listPlates() {
    const nav = this.at("plates");
    nav.innerHTML = this.plates.map((plate) => `<button type="button" data-plate="${plate.id}"><img alt="" loading="lazy" src="${this.base}/plates/${plate.id}?alone=true"><span>${plate.title}</span></button>`).join("");
    nav.onclick = (event) => {
      const button = event.target.closest("button");
      if (button) this.open(button.dataset.plate);
    };
  }

  /** The whole figures, with the regions that a tap may choose. */
  async overview() {
    const holder = this.at("picker-figures");
    if (!holder.childElementCount) {
      const svgs = await Promise.all(FIGURES.filter((id) => this.byId[id]).map((id) => fetch(`${this.base}/plates/${id}`).then((r) => r.text())));
      holder.innerHTML = svgs.map((svg) => `<div>${svg}</div>`).join("");
    }
    this.stage.plate = null;
    this.root.dataset.shows = "figures";
    holder.hidden = false;
    this.at("picker-stage").hidden = true;
    this.at("all").hidden = true;
    this.at("which").innerHTML = this.at("layers").innerHTML = this.at("sides").innerHTML = "";
    this.say("Tap a region of the body, or choose a plate.");
  }

  region(clientX, clientY) {
    let best = null;
    for (const svg of this.at("picker-figures").querySelectorAll("svg")) {
      const plate = this.byId[svg.dataset.plate];
      const matrix = svg.getScreenCTM();
      const at = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
      const near = nearestRegion(plate.regions, plate.facing === "front" ? -at.x : at.x, at.y, plate.facing !== "right");
      if (near && (!best || near.off * matrix.a < best.pixels)) best = { ...near, pixels: near.off * matrix.a };
    }
    if (best && best.pixels < 40) this.open(best.region.plate, { side: best.side === "both" ? this.side : best.side, view: best.region.view });
  }

  /** Open a plate, at a layer, side and view where given. */
  async open(id, { layer, side = this.side, view = null } = {}) {
    const plate = this.byId[id];
    this.side = side;
    this.layer = plate.layers.includes(layer) ? layer : plate.layers[0];
    // What an earlier tap offered may lie on another plate or side.
    this.at("which").innerHTML = "";
    this.at("picker-figures").hidden = true;
    this.at("picker-stage").hidden = false;
    this.root.dataset.shows = "plate";
    if (!(await this.stage.show(plate, { layer: this.layer, side, view }))) return;
    this.bars(plate);
    this.list();
    this.say(`${plate.title}${plate.facing === "right" ? `, ${side}` : ""}: ${LAYER_WORDS[this.layer].toLowerCase()}. Tap a part.`);
    this.root.dataset.opened = `${id} ${this.layer} ${side}`;
  }

  bars(plate) {
    const group = (name, values, chosen, words, act) => {
      const holder = this.at(name);
      holder.innerHTML = values.map((value) => `<button type="button" data-value="${value}" aria-pressed="${value === chosen}">${words(value)}</button>`).join("");
      holder.onclick = ({ target }) => target.dataset.value && act(target.dataset.value);
    };
    const again = (change) => this.open(plate.id, { layer: this.layer, side: this.side, view: this.stage.view, ...change });
    group("layers", [...plate.layers, ...(this.stage.targets.skins.length ? ["skin"] : [])], this.skin ? "skin" : this.layer,
      (value) => LAYER_WORDS[value] ?? "Skin", (value) => { this.skin = value === "skin"; again(this.skin ? { layer: plate.layers[0] } : { layer: value }); });
    group("sides", plate.facing === "right" ? ["right", "left"] : [], this.side, (value) => (value === "right" ? "R" : "L"), (value) => again({ side: value }));
  }

  get pointable() {
    return this.skin ? this.stage.targets.skins : this.stage.targets.parts;
  }

  moved(event, down) {
    if (down && event.pointerType !== "mouse" && Math.hypot(event.clientX - down.x, event.clientY - down.y) > 14) {
      const box = this.at("picker-stage").getBoundingClientRect();
      this.stage.pan((down.last.clientX - event.clientX) / box.width, (down.last.clientY - event.clientY) / box.height);
      down.last = event;
    } else if (event.pointerType === "mouse" && this.stage.svg) {
      const [part] = this.under(event.clientX, event.clientY, 0);
      this.at("hover").textContent = part ? labelOf(part) : "";
    }
  }

  under(clientX, clientY, reach = null) {
    const at = this.stage.sheet(clientX, clientY), fine = this.stage.targets.fine;
    return candidates(this.pointable, at.x * fine, at.y * fine, (reach ?? at.reach) * fine, this.stage.mirrored, this.side);
  }

  tapped(clientX, clientY) {
    const found = this.under(clientX, clientY);
    this.offer(found);
    if (found.length) this.choose(found[0]);
    else this.say("Nothing to point at there. Tap nearer to a muscle, or search.");
  }

  /** Offer what a tap may have meant; the first is chosen, the others are one tap away. */
  offer(found) {
    const which = this.at("which");
    which.innerHTML = found.map((part, n) => `<button type="button" data-n="${n}" data-name="${part.name}" data-side="${part.side}">${labelOf(part)}</button>`).join("");
    which.onclick = ({ target }) => target.dataset.n && this.choose(found[target.dataset.n]);
  }

  choose(part) {
    this.picked = part;
    this.stage.light([part]);
    for (const button of this.at("which").children) button.setAttribute("aria-pressed", String(button.dataset.name === part.name && button.dataset.side === part.side));
    this.say(`${labelOf(part)} chosen.`);
    this.dispatchEvent(new CustomEvent("atlas:pick", { detail: part }));
  }

  /** Open where a searched entry is best seen and choose it. */
  async find(entry) {
    const where = entry.where[0];
    if (!where) {
      this.dispatchEvent(new CustomEvent("atlas:pick", { detail: { kind: entry.kind, name: entry.name, side: "both" } }));
      return;
    }
    const [plate, layer, view] = where;
    this.skin = entry.kind === "patch";
    await this.open(plate, { layer, view: sameView(view, this.byId[plate].view) ? null : view });
    const part = { kind: entry.kind, name: entry.name, side: this.side };
    this.offer([part]);
    this.choose(part);
  }

  list() {
    const here = this.pointable.map((part) => ({ kind: part.kind, name: part.name }));
    here.sort((a, b) => this.order.get(`${a.kind} ${a.name}`) - this.order.get(`${b.kind} ${b.name}`));
    const sides = this.stage.mirrored ? ["right", "left"] : [this.side];
    this.listed = here.flatMap((part) => sides.map((side) => ({ ...part, side })));
    this.at("parts").innerHTML = this.listed.map((part, n) => `<li id="part-${n}" data-n="${n}" role="option" aria-selected="false">${labelOf(part)}</li>`).join("");
    this.at("all").hidden = false;
    this.current = -1;
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      if (this.current >= 0) this.choose(this.listed[this.current]);
      event.preventDefault();
    } else if (step) {
      this.current = Math.max(0, Math.min(this.listed.length - 1, this.current + step));
      const list = this.at("parts"), item = list.children[this.current];
      for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
      item.setAttribute("aria-selected", "true");
      list.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
      this.stage.light([this.listed[this.current]]);
      event.preventDefault();
    }
  }

  /** Lay an overlay over the plates ({over, of}) or take it away (null). */
  async lay(overlay) {
    this.stage.overlay = overlay;
    if (this.stage.plate) await this.open(this.stage.plate.id, { layer: this.layer, side: this.side, view: this.stage.view });
  }

  say(text) {
    this.at("said").textContent = text;
  }
}

const sameView = (a, b) => a.every((value, n) => value === b[n]);
