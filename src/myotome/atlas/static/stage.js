// One plate on the screen: its picture, the way from screen to sheet, zoom, and what is lit up on it.

import { distance } from "./hit.js";

const NS = "http://www.w3.org/2000/svg";
export const FINGER = 12; // pixels that a fingertip may miss by

export class Stage {
  /** @param holder element that takes the picture  @param base address of the atlas */
  constructor(holder, base) {
    Object.assign(this, { holder, base, overlay: null, lit: [] });
  }

  /** Show a plate; resolves when the picture and what can be pointed at are there. */
  async show(plate, { layer, side = "right", view = null }) {
    const asked = (this.asked = Symbol("asked"));
    const query = new URLSearchParams({ layer, side });
    if (this.overlay) for (const [key, value] of Object.entries(this.overlay)) query.set(key, value);
    const [svg, targets] = await Promise.all([
      fetch(`${this.base}/plates/${plate.id}?${query}`).then(textOf),
      fetch(`${this.base}/plates/${plate.id}/targets?layer=${layer}`).then((r) => r.json()),
    ]);
    if (asked !== this.asked) return false;
    Object.assign(this, { plate, layer, side, targets, view: view ?? plate.view });
    this.put(svg);
    query.set("fibres", "true");
    fetch(`${this.base}/plates/${plate.id}?${query}`).then(textOf).then((full) => asked === this.asked && this.put(full)).catch(() => {});
    return true;
  }

  put(svg) {
    // Ids of their own: the same plate may stand on the page as a whole figure too.
    this.holder.innerHTML = svg.replace(/(id="|url\(#|href="#)/g, "$1stage-");
    this.svg = this.holder.querySelector("svg");
    this.svg.setAttribute("aria-hidden", "true");
    this.look(this.view);
    this.light(this.lit);
  }

  /** Zoom to a view on the sheet (right side); the whole plate where null. */
  look(view) {
    this.view = view;
    const [x, y, w, h] = view;
    const full = view === this.plate.view;
    const left = full || this.plate.facing === "back" ? x : this.plate.facing === "front" ? -x - w : x;
    const flipped = !full && this.side === "left";
    const at = !flipped ? left : this.mirrored ? -left - w : 2 * this.plate.view[0] + this.plate.view[2] - left - w;
    this.svg.setAttribute("viewBox", `${at} ${y} ${w} ${h}`);
  }

  zoom(factor) {
    const [x, y, w, h] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.svg.setAttribute("viewBox", [x + (w - w * factor) / 2, y + (h - h * factor) / 2, w * factor, h * factor].join(" "));
  }

  pan(dx, dy) {
    const [x, y, w, h] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.svg.setAttribute("viewBox", [x + dx * w, y + dy * h, w, h].join(" "));
  }

  get mirrored() {
    return this.plate.facing !== "right";
  }

  /** A place of the screen on the sheet: {x, y, reach}; x is positive on the person's right where both sides are drawn. */
  sheet(clientX, clientY) {
    const matrix = this.svg.getScreenCTM();
    const at = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    const [left, , width] = this.plate.view;
    let x = at.x;
    if (this.plate.facing === "front") x = -x;
    if (!this.mirrored && this.side === "left") x = 2 * left + width - x;
    return { x, y: at.y, reach: FINGER / matrix.a };
  }

  /** A sheet place of a side on the screen: {x, y} in client pixels; the inverse of `sheet`. */
  screen(x, y, side) {
    const [left, , width] = this.plate.view;
    let px = this.mirrored && side === "left" ? -x : x;
    if (this.plate.facing === "front") px = -px;
    if (!this.mirrored && this.side === "left") px = 2 * left + width - x;
    const at = new DOMPoint(px, y).matrixTransform(this.svg.getScreenCTM());
    return { x: at.x, y: at.y };
  }

  /** The transform that carries sheet places of a side to the picture. */
  turn(side) {
    const [left, , width] = this.plate.view;
    if (this.mirrored) return (side === "right") === (this.plate.facing === "front") ? "scale(-1 1)" : "";
    return this.side === "left" ? `translate(${2 * left + width} 0)scale(-1 1)` : "";
  }

  /** Light up parts: {kind, name, side}. What lies deeper is dashed. */
  light(parts) {
    this.lit = parts;
    this.svg?.querySelector("g.lit")?.remove();
    if (!this.svg || !parts.length) return;
    const group = this.svg.appendChild(document.createElementNS(NS, "g"));
    group.setAttribute("class", "lit");
    for (const part of parts) {
      const target = [...this.targets.parts, ...this.targets.skins].find((t) => t.kind === part.kind && t.name === part.name);
      if (!target) continue;
      for (const side of this.mirrored ? (part.side === "both" ? ["right", "left"] : [part.side]) : [this.side]) {
        const path = group.appendChild(document.createElementNS(NS, "path"));
        const hidden = !target.seen.length;
        path.setAttribute("d", outline(hidden ? target.all : target.seen, this.targets.fine));
        path.setAttribute("transform", this.turn(side));
        path.setAttribute("class", hidden ? "deeper" : "shown");
      }
    }
  }

  /** Whether a part is on the plate at all. */
  has(kind, name) {
    return [...this.targets.parts, ...this.targets.skins].some((t) => t.kind === kind && t.name === name);
  }

  /** How far a sheet place is from the part, in sheet units. */
  off(target, x, y) {
    return distance(target.seen, x * this.targets.fine, y * this.targets.fine) / this.targets.fine;
  }
}

function outline(rings, fine) {
  return rings.map((ring) => {
    const points = [];
    for (let i = 0; i < ring.length; i += 2) points.push(`${ring[i] / fine} ${ring[i + 1] / fine}`);
    return `M${points.join("L")}Z`;
  }).join("");
}

async function textOf(answer) {
  if (!answer.ok) throw new Error((await answer.json()).message);
  return answer.text();
}
