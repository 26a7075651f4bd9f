// The needle step without pointing: a number pad under film, or pedals that send keys. What is typed into a field is
// never taken, and all of it can be switched off.

import { felt } from "./needle/pad.js";
import { t } from "./texts.js";

const SWITCH = "myotome-keys";
const SETTLES = 1200; // milliseconds after the last press of the twitch pedal
const PEDALS = { F13: "in", PageDown: "in", F14: "count", PageUp: "count", F15: "familiar" };

/** What each key does, in the words of the legend. */
export const LEGEND = [
  [t("keys.key-enter"), t("keys.does-in")], ["0 1 2 3", t("keys.does-twitch")], ["+", t("keys.does-familiar")], [t("keys.key-either", { one: "*", other: "−" }), t("keys.does-ache")],
  [".", t("keys.does-out")], [t("keys.key-undo"), t("keys.does-undo")], [t("keys.key-either", { one: "/", other: "=" }), t("keys.does-tray")], ["4", t("keys.does-through")],
  ["5", t("keys.does-again")], ["6", t("keys.does-unused")], ["7 8", t("keys.does-other")], ["9", t("keys.does-remove")], [t("keys.key-pedals"), t("keys.does-pedals")],
];

const FIELD = "input,textarea,select,[contenteditable]";
const HELD = "button,a[href],summary";

/** Whether keys are taken here; kept on the device. */
export const keys = {
  get on() { return localStorage.getItem(SWITCH) !== "off"; },
  set on(wanted) { localStorage.setItem(SWITCH, wanted ? "on" : "off"); },
};

/** Listens for keys while the needle step is shown (`here`); `deeds` does what they ask. */
export class Numpad {
  constructor(deeds, told, here) {
    Object.assign(this, { deeds, told, here, typed: null, twitches: 0 });
    this.heard = (event) => this.hear(event);
  }

  listen() {
    document.addEventListener("keydown", this.heard);
    this.deeds.first = () => this.settle();
  }

  rest() {
    document.removeEventListener("keydown", this.heard);
    this.settle();
    this.typed = null;
  }

  hear(event) {
    if (!this.here()) return this.rest();
    if (!keys.on || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(FIELD)) return undefined;
    const name = nameOf(event);
    if (this.deeds.view === "against" && name !== "9") return undefined; // a question is answered by its own buttons
    if (!name || (name === "enter" && event.code !== "NumpadEnter" && event.target.closest(HELD))) return undefined;
    event.preventDefault();
    if (event.repeat) return undefined; // a key held down, or a pedal stood on, is one press
    if (this.typed !== null) this.count(name);
    else this.act(name);
    return this.told();
  }

  act(name) {
    if (name === "count") return this.pedal();
    this.settle();
    const { deeds } = this, how = { gesture: "numpad" };
    if (/^[0-3]$/.test(name)) return this.twitch(Number(name));
    if (name === "ache" || name === "familiar") return this.feel(name === "ache" ? "ache" : "familiar pain");
    const acts = {
      in: () => deeds.inNext(how), enter: () => deeds.inNext(how), ".": () => deeds.outNext(how), undo: () => deeds.undo(), tray: () => this.open(),
      4: () => deeds.through(how), 5: () => deeds.again(how), 6: () => deeds.unused(how), 7: () => deeds.move(-1), 8: () => deeds.move(1), 9: () => deeds.removeAll(how),
    };
    return acts[name]?.();
  }

  /** A digit says how many twitches; what was felt may be said before it or after it. */
  twitch(number) {
    const { deeds } = this;
    return deeds.mayChart && deeds.after(() => deeds.answer(number, deeds.feeling || "plain", { gesture: "numpad" }));
  }

  /** Keys may be faster than the disk: which needle is meant is asked when the turn of the key comes. */
  feel(sensation) {
    const { deeds } = this;
    return deeds.mayChart && deeds.after(() => {
      if (deeds.answered) return deeds.answer(null, sensation, { gesture: "numpad" });
      deeds.feeling = deeds.feeling === sensation ? "" : sensation;
      return undefined;
    });
  }

  /** Each press of the twitch pedal is one twitch; the number is recorded when no more come. */
  pedal() {
    this.twitches = Math.min(3, this.twitches + 1);
    clearTimeout(this.waits);
    this.waits = setTimeout(() => { this.settle(); this.told(); }, SETTLES);
  }

  settle() {
    clearTimeout(this.waits);
    const { twitches } = this;
    this.twitches = 0;
    if (twitches) this.twitch(twitches);
  }

  open() {
    this.typed = "";
    this.deeds.after(() => this.deeds.look("tray")); // what was keyed before it comes first
  }

  count(name) {
    if (/^\d$/.test(name)) this.typed = (this.typed + name).slice(0, 3);
    else if (name === "undo") this.typed = this.typed.slice(0, -1);
    else if (name === "enter") {
      if (this.typed !== "") this.deeds.counted(Number(this.typed), { gesture: "numpad" });
      this.typed = null;
    } else {
      this.typed = null;
      this.deeds.look("pad");
    }
  }

  /** What the keys have begun and not recorded yet, in words. */
  get begun() {
    if (this.typed !== null) return this.typed ? t("keys.tray", { typed: this.typed }) : t("keys.tray-empty");
    if (this.twitches) return t("keys.twitches", { count: this.twitches });
    return this.deeds.feeling ? t("keys.then-twitch", { sensation: felt(this.deeds.feeling) }) : "";
  }
}

function nameOf({ key, code }) {
  // Without Num Lock a number pad sends arrows and Page Down; its keys are still those.
  const pad = /^Numpad(\d)$/.exec(code)?.[1];
  if (pad) return pad;
  if (code === "NumpadDecimal") return ".";
  if (PEDALS[key]) return PEDALS[key];
  if (/^\d$/.test(key)) return key;
  return { Enter: "enter", "+": "familiar", "*": "ache", "-": "ache", ".": ".", ",": ".", Backspace: "undo", "/": "tray", "=": "tray" }[key] ?? "";
}
