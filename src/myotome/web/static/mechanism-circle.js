// The circle: each station's ring fills with its state, each arrow thickens with what flows along it.

const STEPS = [0.08, 0.3, 0.6]; // where one word gives way to the next
const wordOf = (words, value) => words[STEPS.filter((step) => value >= step).length];
const FLOWS = { nerve: "nerve", sensitivity: "sensitivity", shortening: "shortening", alert: "alert", tight: "shortening", squeeze: "spine" };

export class Circle {
  constructor(svg) {
    this.svg = svg;
    this.stations = new Map([...svg.querySelectorAll("[data-station]")].map((group) => [group.dataset.station, group]));
    this.flows = [...svg.querySelectorAll("[data-flow]")];
    this.corner = (name) => svg.querySelector(`[data-corner=${name}]`);
  }

  show(course, day) {
    const at = (name) => course.stations[name][day], said = [];
    for (const [name, group] of this.stations) {
      const value = name === "pain" ? course.pain[day] / 10 : at(name), { words, label } = group.dataset;
      group.querySelector(".level").style.strokeDasharray = `${Math.min(100, 100 * value)} 100`;
      group.querySelector(".glow").style.opacity = 0.5 * value;
      const word = name === "pain" ? `${course.pain[day].toFixed(1)} of 10` : wordOf(words.split("|"), value);
      if (group.querySelector(".word")) group.querySelector(".word").textContent = word;
      said.push(`${label} ${word}`);
    }
    for (const flow of this.flows) {
      const value = at(FLOWS[flow.dataset.flow]);
      flow.style.opacity = 0.25 + 0.75 * Math.min(1, 1.3 * value);
      flow.style.strokeWidth = 2 + 5 * value;
    }
    const twitch = course.twitch[day];
    this.say("alert", wordOf(["calm", "on alert", "on alert", "on alert"], at("alert")));
    this.say("blood", wordOf(["no", "a little", "yes", "very"], at("blood")));
    this.say("cause", at("cause") ? "now" : "over");
    this.say("needles", twitch < 0 ? "none today" : twitch < Number(this.corner("needles").dataset.twitches) ? "no twitch" : "twitch");
    this.corner("needles").classList.toggle("needling", twitch >= 0);
    this.svg.setAttribute("aria-label", `The circle. ${said.join(", ")}.`);
  }

  say(corner, word) {
    this.corner(corner).querySelector(".word").textContent = word;
  }

  move(on) {
    for (const flow of this.flows) flow.classList.toggle("moving", on && !flow.classList.contains("off"));
  }
}
