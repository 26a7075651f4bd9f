// The page of the mechanism: what is asked of the model, which day is looked at, and who draws it.
// Every curve comes from /run; nothing here computes what a muscle does.

import { Body } from "./mechanism-body.js";
import { Circle } from "./mechanism-circle.js";
import { Curves } from "./mechanism-curves.js";

const byId = (id) => document.getElementById(id);
const page = { course: null, story: null, day: 0, edits: {} };
window.mechanism = page;
const circle = new Circle(document.querySelector(".ring"));
const curves = new Curves(document.querySelector(".curves"), document.querySelector(".spark"), (day) => { play(false); look(day); });
const body = new Body(document.querySelector(".body"), (muscle) => needle(muscle));
page.body = body;
const SILENT = "The model did not answer. Change something to ask again.";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function wish() {
  const number = (id) => Number(byId(id).value);
  return {
    levels: byId("levels").value.split(" "), side: byId("side").value, days: number("days"), disturbed: number("disturbed"),
    sessions: number("sessions"), every: number("every"), first: number("first"), needled: byId("where").value,
    exercise: byId("exercise").checked, off: [...document.querySelectorAll("[name=part]:not(:checked)")].map((box) => box.value), edits: Object.fromEntries(Object.entries(page.edits).filter(([day]) => Number(day) < number("days"))),
  };
}

// One question at a time: a newer one takes the place of an older one that is not answered yet.
let asking = null, waiting = 0;
function ask(after = 120) {
  clearTimeout(waiting);
  waiting = setTimeout(run, after);
}

async function run() {
  asking?.abort();
  const mine = (asking = new AbortController()), asked = wish();
  document.body.dataset.state = "asking";
  try {
    const key = new URLSearchParams({ levels: asked.levels.join(" "), side: asked.side }).toString();
    const [story, course] = await Promise.all([
      page.story?.key === key ? page.story : fetch(`story?${key}`, { signal: mine.signal }).then(told),
      fetch("run", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked), signal: mine.signal }).then(told),
    ]);
    if (mine !== asking) return;
    show({ ...story, key, side: asked.side }, course, asked);
  } catch (error) {
    if (error.name === "AbortError" || mine !== asking) return;
    refuse(error instanceof TypeError ? SILENT : error.message);
  }
}

async function told(answer) {
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? SILENT);
  return said;
}

function refuse(message) {
  Object.assign(byId("now"), { textContent: message }).classList.add("refused");
  document.body.dataset.state = "refused";
}

function show(story, course, asked) {
  const other = page.story?.key !== story.key, first = !page.course;
  Object.assign(page, { story, course, asked });
  if (other) {
    body.open(story);
    const limb = /^[LS]/.test(asked.levels[0]) ? "leg" : /^T/.test(asked.levels[0]) ? "trunk" : "arm";
    byId("where").options[1].text = story.place;
    byId("where").options[2].text = limb;
    for (const one of document.querySelectorAll(".tries button")) one.textContent = one.dataset.label.replace("{limb}", limb).replace("{spine}", story.place).replace(/^./, (c) => c.toUpperCase());
  }
  byId("undo").hidden = !Object.keys(page.edits).length;
  for (const one of document.querySelectorAll(".tries button")) {
    const same = Number(one.dataset.number) === asked.sessions && (one.dataset.needled === asked.needled || !asked.sessions);
    one.setAttribute("aria-pressed", String(same && byId("undo").hidden));
  }
  for (const part of document.querySelectorAll("[data-part]")) part.classList.toggle("off", asked.off.includes(part.dataset.part));
  byId("day").max = course.days;
  curves.draw(course);
  look(first ? Math.min(asked.first - 1, course.days) : Math.min(page.day, course.days));
  document.body.dataset.state = "shown";
  document.body.dataset.runs = page.runs = (page.runs ?? 0) + 1;
}

/** Look at a day: everything on the page follows. */
function look(day) {
  const { course } = page;
  if (!course) return;
  page.day = day = Math.max(0, Math.min(course.days, Math.round(day)));
  const session = course.sessions.findIndex((one) => one.day === day);
  const sentence = course.told.findLast(([from]) => from <= day)[1];
  const week = `Week ${Math.floor(day / 7) + 1}`;
  const when = session < 0 ? `${week}, day ${(day % 7) + 1}` : `${week}, session ${session + 1}`;
  const felt = `pain ${course.pain[day].toFixed(1)}`;
  byId("now").textContent = sentence;
  byId("now").classList.remove("refused");
  byId("when").textContent = when;
  byId("felt").textContent = felt;
  for (const span of document.querySelectorAll(".day-of")) span.textContent = `in ${week.toLowerCase()}`;
  byId("day").value = day;
  byId("day").setAttribute("aria-valuetext", `${when}, ${felt} of 10. ${sentence}`);
  circle.show(course, day);
  curves.look(day);
  body.show(course, day, course.sessions[session]?.needled ?? []);
}

/** Put a needle into a muscle on this day, or take it out. */
function needle(muscle) {
  const now = page.course.sessions.find((one) => one.day === page.day)?.needled ?? [];
  const next = now.includes(muscle) ? now.filter((name) => name !== muscle) : [...now, muscle];
  if (page.day >= page.course.days) return body.say("This is the last day. Go back a day to place needles.");
  page.edits = { ...page.edits, [page.day]: next };
  body.say(`${page.story.labels[muscle] ?? muscle}: ${next.includes(muscle) ? "needle in" : "needle out"}. ${now.length ? "" : "This makes it a session. "}`);
  ask(0);
}

let playing = 0;
function play(on) {
  clearInterval(playing);
  playing = 0;
  byId("play").setAttribute("aria-pressed", String(on));
  document.querySelector("#play .hidden").textContent = on ? "Pause" : "Play";
  circle.move(on && !calm.matches);
  if (!on) return;
  if (page.day >= page.course.days) look(0);
  // Without motion the page turns a week at a time, like leaves.
  const [step, wait] = calm.matches ? [7, 1500] : [1, 110];
  playing = setInterval(() => (page.day >= page.course.days ? play(false) : look(page.day + step)), wait);
}

function jump(way) {
  const days = page.course.sessions.map((one) => one.day);
  const next = way > 0 ? days.find((day) => day > page.day) : days.findLast((day) => day < page.day);
  play(false);
  look(next ?? (way > 0 ? page.course.days : 0));
}

byId("play").addEventListener("click", () => page.course && play(!playing));
byId("before").addEventListener("click", () => page.course && jump(-1));
byId("after").addEventListener("click", () => page.course && jump(1));
byId("day").addEventListener("input", () => { play(false); look(Number(byId("day").value)); });
byId("day").addEventListener("keydown", (event) => {
  const step = { PageUp: 7, PageDown: -7 }[event.key];
  if (!step) return;
  event.preventDefault();
  play(false);
  look(page.day + step);
});
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    if (target.id === "levels" || target.id === "side") page.edits = {};
    ask();
  });
}
document.querySelector(".tries").addEventListener("click", ({ target }) => {
  if (!target.dataset.number) return;
  byId("sessions").value = target.dataset.number;
  byId("where").value = target.dataset.needled;
  page.edits = {};
  ask(0);
});
byId("undo").addEventListener("click", () => { page.edits = {}; byId("needle").focus(); ask(0); });

function wear(name) {
  document.documentElement.dataset.theme = name;
  byId("plate-style").href = `atlas/plate.css?theme=${name}`;
  byId("theme").textContent = name === "dark" ? "Light" : "Dark";
}
byId("theme").addEventListener("click", () => wear(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
document.querySelector(".meaning").open = matchMedia("(min-width: 44rem)").matches;
wear(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
run();
