// The curves in time, drawn from what the model answered; a tap or drag on them chooses the day.

const PAD = { left: 26, right: 10, top: 8, bottom: 22 };
const LINES = ["first", "second", "third"];
const DRIVES = ["nerve", "sensitivity", "shortening"];

export class Curves {
  constructor(root, spark, choose) {
    Object.assign(this, { root, spark, choose, course: null, day: 0 });
    this.at = (name) => root.querySelector(`.${name}`);
    this.boxes = [[this.at("pains"), 190, 10], [this.at("states"), 110, 1]];
    for (const [box] of this.boxes) {
      const pick = (event) => event.buttons && this.course && this.choose(this.dayAt(box, event.clientX));
      box.addEventListener("pointerdown", pick);
      box.addEventListener("pointermove", pick);
    }
    new ResizeObserver(() => this.course && this.draw(this.course)).observe(this.at("pains"));
  }

  dayAt(box, clientX) {
    const { left, width } = box.getBoundingClientRect();
    return ((clientX - left - PAD.left) / (width - PAD.left - PAD.right)) * this.course.days;
  }

  draw(course) {
    this.course = course;
    const [pains, states] = this.boxes;
    this.plot(pains, [["ghost", course.untreated], ...course.regions.map((region, n) => [LINES[n], region.pain])], "Pain 0 to 10 over time");
    this.plot(states, DRIVES.map((name) => [name, course.stations[name]]), "Nerve, sensitivity and tightness over time");
    const items = course.regions.map((region, n) => [LINES[n], `pain: ${region.name}`]);
    items.push(["ghost", "worst pain, left alone"]);
    if (course.sessions.length) items.push(["needle", "a session"]);
    items.push(["trouble", "first trouble"]);
    this.at("legend").replaceChildren(...items.map(([kind, text]) => {
      const item = document.createElement("li"), sign = document.createElement("i");
      sign.className = kind;
      item.append(sign, text);
      return item;
    }));
    const last = (values) => values.at(-1).toFixed(1);
    this.at("end").textContent = `At the end of this run: pain ${last(course.pain)} of 10. Left alone: ${last(course.untreated)}. An invented person: this is no forecast for you.`;
    this.small(course);
    this.table(course);
    this.look(this.day);
  }

  plot([box, height, most], lines, label) {
    const width = Math.max(200, box.clientWidth), { days } = this.course;
    const x = (day) => PAD.left + ((width - PAD.left - PAD.right) * day) / days;
    const y = (value) => PAD.top + (height - PAD.top - PAD.bottom) * (1 - value / most);
    const path = (values) => `M${values.map((value, day) => `${x(day).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`;
    const weeks = days / 7, step = [1, 2, 4, 8, 13, 26].find((s) => (weeks / s) * 46 < width) ?? 26;
    const marks = Array.from({ length: Math.floor(weeks / step) + 1 }, (_, n) => n * step).filter((w) => x(7 * w) < width - 70);
    const heights = most === 10 ? [0, 5, 10] : [0, 1];
    const trouble = this.course.stations.cause.lastIndexOf(1);
    box.innerHTML = `<svg viewBox="0 0 ${width} ${height}" height="${height}" role="img" aria-label="${label}">
      ${trouble > 0 ? `<rect class="trouble" x="${x(0)}" y="${y(most)}" width="${x(trouble) - x(0)}" height="${y(0) - y(most)}"><title>first trouble</title></rect>` : ""}
      ${heights.map((v) => `<path class="grid" d="M${x(0)} ${y(v)}H${x(days)}"/>${most === 10 || v ? `<text x="${PAD.left - 6}" y="${y(v) + 4}" text-anchor="end">${v}</text>` : ""}`).join("")}
      ${marks.map((w) => `<text x="${x(7 * w)}" y="${height - 5}" text-anchor="middle">${w}</text>`).join("")}
      <text x="${width - PAD.right}" y="${height - 5}" text-anchor="end" class="unit">weeks</text>
      ${this.course.sessions.map((one) => `<path class="session" d="M${x(one.day)} ${y(0)}v-10"/>`).join("")}
      ${lines.map(([kind, values]) => `<path class="line ${kind}" d="${path(values)}"/>`).join("")}
      <path class="today" d="M0 ${y(0)}V${y(most)}"/><circle class="dot" r="4.5" cy="${y(0)}"/></svg>`;
    Object.assign(box, { x, y });
  }

  /** The worst pain, small, above the slider: its ends lie where the thumb's do. */
  small(course) {
    const width = Math.max(100, this.spark.clientWidth), thumb = 8, height = 34;
    const x = (day) => thumb + ((width - 2 * thumb) * day) / course.days, y = (value) => height - 2 - ((height - 4) * value) / 10;
    const path = (values) => `M${values.map((value, day) => `${x(day).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`;
    const area = `${path(course.pain)}L${x(course.days)} ${y(0)}L${x(0)} ${y(0)}Z`;
    this.spark.innerHTML = `<svg viewBox="0 0 ${width} ${height}" height="${height}"><path class="area" d="${area}"/><path class="line ghost" d="${path(course.untreated)}"/>
      <path class="line" d="${path(course.pain)}"/>${course.sessions.map((one) => `<path class="session" d="M${x(one.day)} ${height}v-7"/>`).join("")}</svg>`;
  }

  look(day) {
    this.day = day;
    if (!this.course) return;
    for (const [box] of this.boxes) {
      box.querySelector(".today").setAttribute("transform", `translate(${box.x(day)} 0)`);
      const dot = box.querySelector(".dot");
      dot.setAttribute("cx", box.x(day));
      dot.setAttribute("cy", box.y(box === this.boxes[0][0] ? this.course.regions[0].pain[day] : this.course.stations.nerve[day]));
    }
  }

  table(course) {
    const row = (cells, tag) => `<tr>${cells.map((cell, n) => (n ? `<${tag}>${cell}</${tag}>` : `<th scope="${tag === "th" ? "col" : "row"}">${cell}</th>`)).join("")}</tr>`;
    const weeks = Array.from({ length: Math.floor(course.days / 14) + 1 }, (_, n) => 14 * n);
    const named = course.regions.map((region) => region.name);
    this.root.querySelector("table").innerHTML = `<thead>${row(["Week", ...named, "left alone"], "th")}</thead><tbody>${
      weeks.map((day) => row([day / 7, ...course.regions.map((region) => region.pain[day].toFixed(1)), course.untreated[day].toFixed(1)], "td")).join("")}</tbody>`;
  }
}
