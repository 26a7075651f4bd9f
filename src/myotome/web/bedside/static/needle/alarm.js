// Needles that are in, told on every step; and when their time is over, a call that somebody hears: a line, a sound, a
// short vibration. A page that is covered, or has a sheet open, calls too.

import { button, h } from "../dom.js";
import { t } from "../texts.js";
import { lasted, marks, text } from "./parts.js";
import { short } from "./queue.js";
import { longest, now, timersOf } from "./timers.js";

const SECOND = 1000;
const EVERY = 5 * SECOND;
// Two minutes bring somebody back from the next room. A sound that goes on is switched off for good; the line stays.
const CALLS = 24;
const NOT_MEANT = 700; // milliseconds in which a tap was meant for what lay there before
const SILENCED = "myotome-silenced", KEPT = 20; // of this device; ids of entries, nothing of anybody
const PLACES = 4;

const silenced = () => JSON.parse(localStorage.getItem(SILENCED) ?? "[]");

/** Watches the needles of `app` by itself. */
export class Alarm {
  constructor(app) {
    Object.assign(this, { app, over: [], calls: 0, called: 0, since: 0 });
    this.in = h("span", { class: "still-in" });
    app.frame.tabs.get("needle").append(this.in);
    this.words = h("p", {});
    this.said = h("p", { class: "hidden", role: "alert" }); // the line itself is read where it stands, not again and again
    this.acts = [button(t("needle.silence"), () => this.meant() && this.silence(), { class: "second" }), button(t("needle.take-out"), () => this.meant() && this.go(), { class: "main" })];
    this.node = h("section", { class: "time-over", "aria-label": t("needle.time-over-name"), hidden: true }, this.words, this.said, this.acts);
    app.addEventListener("change", () => this.look());
    document.addEventListener("visibilitychange", () => this.look());
    setInterval(() => this.look(), SECOND);
  }

  look() {
    const { app } = this, stillIn = app.pack.visit.signature ? 0 : app.view.ledger.stillIn, timers = stillIn ? timersOf(app) : [], quiet = silenced();
    const over = timers.filter((one) => one.due <= now(app));
    text(this.in, stillIn ? t("needle.still-in-tab", { n: stillIn, time: lasted(longest(app)) }) : "");
    marks(this.in, { "data-state": over.length ? "over" : stillIn ? "in" : "none" });
    this.tell(over.filter((one) => !quiet.includes(one.id)));
  }

  tell(over) {
    const before = this.over.map((one) => one.id);
    this.over = over;
    this.node.hidden = !over.length;
    if (!over.length) return;
    this.lie();
    text(this.words, t("needle.time-over", { places: placesOf(over) }));
    if (over.some((one) => !before.includes(one.id))) this.begin();
    this.call();
  }

  begin() {
    Object.assign(this, { calls: 0, called: -Infinity, since: performance.now() });
    this.said.textContent = this.words.textContent;
  }

  call() {
    const at = performance.now();
    if (this.calls >= CALLS || at - this.called < EVERY) return;
    this.calls += 1;
    this.called = at;
    this.app.signals.call();
  }

  /** Over the steps, or within the sheet that is open: what lies behind one can be neither seen nor tapped. */
  lie() {
    const sheet = [...document.querySelectorAll("dialog[open]")].at(-1), place = sheet ?? this.app.frame.root;
    if (this.node.parentNode !== place) place.prepend(this.node);
    this.acts[1].hidden = sheet?.matches(".cover") ?? false;
  }

  meant() { return performance.now() - this.since > NOT_MEANT; }

  /** Not again for these; a new time for the same needles calls again. */
  silence() {
    localStorage.setItem(SILENCED, JSON.stringify([...silenced(), ...this.over.map((one) => one.id)].slice(-KEPT)));
    this.look();
  }

  async go() {
    this.node.closest("dialog")?.close();
    this.silence();
    if (this.app.step.name !== "needle") await this.app.go("needle");
    const outs = document.querySelector(".outs");
    outs?.scrollIntoView({ block: "center" });
    outs?.querySelector('[data-state="in"]')?.focus({ preventScroll: true });
  }
}

function placesOf(over) {
  const places = [...new Set(over.flatMap((one) => one.held.map(short)))], more = places.length - PLACES;
  const first = places.slice(0, PLACES).join(", ");
  return more > 0 ? t("needle.places-more", { places: first, n: more }) : first;
}
