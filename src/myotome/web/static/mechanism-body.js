// The muscles of the story on the atlas plates: coloured by tightness, needled by a tap or from the list.

import { distance } from "../atlas/atlas-js/hit.js";
import { Stage } from "../atlas/atlas-js/stage.js";

const NS = "http://www.w3.org/2000/svg";
const FINGER = 22; // pixels; the muscles of a story are few, so a finger may miss by more than on the atlas

export class Body {
  constructor(root, act) {
    Object.assign(this, { root, act, view: 0, needled: [] });
    this.at = (name) => root.querySelector(`.${name}`);
    this.stage = new Stage(this.at("stage"), "atlas");
    this.at("views").addEventListener("click", ({ target }) => target.dataset.n && this.look(Number(target.dataset.n)));
    let down = null;
    this.at("stage").addEventListener("pointerdown", (event) => { down = event; });
    this.at("stage").addEventListener("pointerup", (event) => {
      if (down && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 14) this.tapped(event.clientX, event.clientY);
      down = null;
    });
    root.querySelector("#needle").addEventListener("click", () => this.act(this.choice.value));
    this.choice.addEventListener("change", () => this.mark());
  }

  get choice() {
    return this.root.querySelector("#muscle");
  }

  /** Another story: its windows and its list of muscles. */
  open(story) {
    this.story = story;
    this.at("views").innerHTML = story.views.map((view, n) => `<button type="button" data-n="${n}">${view.title}</button>`).join("");
    const options = (names) => names.map((name) => `<option value="${name}">${story.labels[name] ?? name}</option>`).join("");
    this.choice.innerHTML = `<optgroup label="Beside the spine">${options(story.spine)}</optgroup><optgroup label="Away from it">${options(story.limb)}</optgroup>`;
    this.say("");
    this.look(0);
  }

  async look(n) {
    const view = this.story.views[n];
    this.view = n;
    [...this.at("views").children].forEach((button, k) => button.setAttribute("aria-pressed", String(k === n)));
    if (!view) return;
    try {
      await this.picture(view);
    } catch {
      this.say("The picture did not come. Choose a muscle from the list below.");
    }
  }

  /** Put a window on the stage: without fibres, which would be drowned by the colours and are slow to send. */
  async picture(view) {
    const asked = (this.asked = Symbol("asked")), { side } = this.story;
    const query = new URLSearchParams({ layer: view.layer, side });
    const get = (path) => fetch(`atlas/plates/${view.plate}${path}`).then((answer) => (answer.ok ? answer : Promise.reject(answer)));
    const [svg, targets] = await Promise.all([get(`?${query}`).then((r) => r.text()), get(`/targets?${query}`).then((r) => r.json())]);
    if (asked !== this.asked) return;
    const plate = { id: view.plate, facing: view.facing, view: view.whole };
    Object.assign(this.stage, { plate, layer: view.layer, side, targets, view: view.view });
    this.stage.put(svg);
    this.dress();
  }

  /** Outlines and pins over a picture that was just put on the stage. */
  dress() {
    const view = this.story.views[this.view], { svg, targets, side } = this.stage;
    const group = (name) => {
      const made = svg.appendChild(document.createElementNS(NS, "g"));
      made.setAttribute("class", name);
      made.setAttribute("transform", this.stage.turn(side));
      return made;
    };
    const tight = group("tight"), pins = group("pins");
    this.parts = view.taps.map((tap) => {
      const target = targets.parts.find((part) => part.kind === tap.kind && part.name === tap.name);
      const path = tight.appendChild(document.createElementNS(NS, "path"));
      path.setAttribute("d", tap.r ? disc(tap) : target.seen.map((ring) => outline(ring, targets.fine)).join(""));
      const pin = pins.appendChild(document.createElementNS(NS, "circle"));
      pin.setAttribute("cx", tap.x);
      pin.setAttribute("cy", tap.y);
      pin.setAttribute("r", Math.max(view.view[2], view.view[3]) / 45);
      return { ...tap, target, path, pin };
    });
    this.root.dataset.opened = `${view.plate} ${view.layer} ${side}`;
    if (this.course) this.show(this.course, this.day, this.needled);
  }

  show(course, day, needled) {
    Object.assign(this, { course, day, needled });
    for (const { muscle, path, pin } of this.parts ?? []) {
      const value = course.muscles[muscle]?.[day] ?? 0;
      path.style.fillOpacity = 0.12 + 0.8 * value;
      pin.style.display = needled.includes(muscle) ? "" : "none";
    }
    const last = needled.length - 4;
    this.at("needled").textContent = needled.length ? `Needles today (${needled.length}): ${needled.slice(0, 4).map((name) => this.story.labels[name] ?? name).join(", ")}${last > 0 ? ` and ${last} more` : ""}.` : "No needles today.";
    this.mark();
  }

  /** The muscle chosen in the list, on the plate; and what the button would do. */
  mark() {
    for (const { muscle, path } of this.parts ?? []) path.classList.toggle("sized", muscle === this.choice.value);
    this.root.querySelector("#needle").textContent = this.needled.includes(this.choice.value) ? "Take it out" : "Needle it";
  }

  tapped(clientX, clientY) {
    const at = this.stage.sheet(clientX, clientY), { fine } = this.stage.targets;
    const x = this.stage.mirrored && this.story.side === "left" ? -at.x : at.x;
    const reach = FINGER * (at.reach / 12) * fine;
    const near = this.parts.map((part) => ({ part, off: distance(part.target.seen, x * fine, at.y * fine) })).sort((a, b) => a.off - b.off)[0];
    if (!near || near.off > reach) return this.say("No muscle of this story there. Tap a coloured one.");
    this.choice.value = near.part.muscle;
    this.act(near.part.muscle);
  }

  say(text) {
    this.at("said").textContent = text;
  }
}

const disc = ({ x, y, r }) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

function outline(ring, fine) {
  const points = [];
  for (let i = 0; i < ring.length; i += 2) points.push(`${ring[i] / fine} ${ring[i + 1] / fine}`);
  return `M${points.join("L")}Z`;
}
