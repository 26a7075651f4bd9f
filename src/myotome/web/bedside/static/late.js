// Entered later from paper: every entry then says so and carries the time when it happened, and every step shows which.
// It ends by itself when the page is left or rests: what happens then happens now.

import { button, clock, day, h, moment } from "./dom.js";
import { text } from "./needle/parts.js";
import { renew } from "./parts.js";
import { t } from "./texts.js";

const SECOND = 1000;
const RESTS = 30 * 60e3; // milliseconds without an entry after which it ends by itself

export class LateMode {
  constructor(app) {
    Object.assign(this, { app, last: 0 });
    document.addEventListener("visibilitychange", () => this.rest());
    setInterval(() => this.rest(), SECOND);
    this.button = button(t("frame.paper"), () => this.toggle(), { class: "paper", id: "paper", "aria-pressed": false });
    this.bar = h("section", { class: "bar paper-bar", "aria-label": t("frame.paper") });
    this.day = h("input", { type: "date", name: "day", required: true });
    this.time = h("input", { type: "time", name: "time", required: true });
    this.wrong = h("p", { class: "problem", role: "alert" });
    this.dialog = h("dialog", { class: "sheet small", "aria-labelledby": "paper-title" },
      h("form", { method: "dialog", novalidate: true, on: { submit: (event) => this.begin(event) } },
        h("h2", { id: "paper-title" }, t("frame.paper-title")),
        h("p", {}, t("frame.paper-told")),
        h("label", {}, t("frame.paper-day"), this.day), h("label", {}, t("frame.paper-time"), this.time), this.wrong,
        h("div", { class: "row" }, h("button", { type: "submit" }, t("frame.paper-begin")), button(t("frame.paper-cancel"), () => this.dialog.close(), { class: "second" }))));
  }

  toggle() {
    if (this.app.late) return this.end(t("frame.paper-ended"));
    return this.ask((this.app.pack.visit.day ?? moment()).slice(0, 10) + moment().slice(10));
  }

  /** Which time it is that the next entry carries. */
  ask(at) {
    this.day.value = at.slice(0, 10);
    this.time.value = at.slice(11, 16);
    this.wrong.textContent = "";
    this.dialog.showModal();
  }

  end(words) {
    if (!this.app.late) return;
    this.app.late = null;
    this.app.say(words, "warning");
    this.app.changed();
  }

  begin(event) {
    const at = new Date(`${this.day.value}T${this.time.value}`);
    if (Number.isNaN(at.getTime()) || at > Date.now() + 60000) {
      event.preventDefault();
      this.wrong.textContent = t("frame.paper-wrong");
      return;
    }
    this.app.late = { happened: moment(at), paper: true };
    this.last = Date.now();
    this.app.changed();
  }

  update() {
    const { late } = this.app, time = late && clock(late.happened), word = late ? t("frame.paper-at", { time }) : t("frame.paper");
    renew(this.bar, late, () => late && [h("p", {}, t("frame.paper-bar", { day: day(late.happened), time })), button(t("frame.paper-other"), () => this.ask(late.happened)), button(t("frame.paper-end"), () => this.end(t("frame.paper-ended")))]);
    text(this.button, word);
    this.button.setAttribute("aria-pressed", String(Boolean(late)));
  }

  rest() {
    if (Date.now() - this.last > RESTS || document.hidden) this.end(t("frame.paper-rested"));
  }
}
