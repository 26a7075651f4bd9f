// Whose visit this is, and how it stands with the clinic: always in view.

import { lateIn } from "./close/late.js";
import { button, day, fill, h, put } from "./dom.js";
import { text } from "./needle/parts.js";
import { t } from "./texts.js";

const SAID = ["name", "birth date"], WEAK = ["phone", "e-mail", "email", "address"]; // those stand here anyway; these tell people apart badly
const SKEW = 90; // seconds that the device's clock may be off before it is said

/** The header; `update(app)` renews what changes. */
export class Head {
  constructor(app, node) {
    const { person, clinic, visit } = app.pack;
    this.node = node;
    this.link = h("span", { class: "link", role: "status", "aria-live": "polite" });
    this.clock = h("span", { class: "clock-off", hidden: true });
    this.late = button("", () => app.go("close"), { class: "late-head", hidden: true });
    const ids = Object.entries(person.identifiers ?? {}).filter(([name]) => !SAID.includes(name)).sort(([a], [b]) => WEAK.includes(a) - WEAK.includes(b)).slice(0, 2).map(([name, value]) => `${name} ${value}`);
    put(node,
      clinic.demonstration ? h("p", { class: "demo" }, h("b", {}, t("frame.demonstration")), h("span", {}, t("frame.invented"))) : null,
      h("a", { class: "back", href: `/people/${encodeURIComponent(person.id)}`, "aria-label": t("frame.back-to-record") }, "←"),
      h("div", { class: "who" },
        h("h1", {}, person.name ?? `${person.given ?? ""} ${person.family ?? ""}`),
        h("p", {}, h("span", {}, bornOf(person)), ids.map((one) => h("span", { class: "number" }, one)))),
      h("p", { class: "which" }, h("span", {}, t("frame.visit", { number: visit.number ?? "" })), h("span", {}, visit.day ? day(visit.day) : "")),
      clinic.notice ? h("p", { class: "notice" }, clinic.notice) : null,
      h("div", { class: "state" }, this.late, this.clock, this.link, this.me = h("span", { class: "me" })));
  }

  update(app) {
    const { name, on_behalf: id, on_behalf_name: other } = app.pack.me;
    text(this.me, id ? t("frame.me-for", { name, other: other || id }) : name);
    const [word, tick, tone] = linkOf(app);
    if (this.link.dataset.word !== word) {
      this.link.dataset.word = word;
      this.link.dataset.tone = tone;
      fill(this.link, h("b", { "aria-hidden": "true" }, tick), ` ${word}`);
    }
    const late = lateIn(app).length;
    this.late.hidden = !late;
    if (late) this.late.textContent = t("close.late-head", { n: late });
    const off = Math.round(app.outbox.clockOff);
    this.clock.hidden = Math.abs(off) <= SKEW;
    if (!this.clock.hidden) this.clock.textContent = t(off > 0 ? "frame.clock-ahead" : "frame.clock-behind", { span: span(off) });
  }
}

function bornOf({ birth_date: date, age }) {
  const born = date ? t("frame.born", { day: day(date) }) : t("frame.born-unknown");
  return age === null || age === undefined ? born : t("frame.aged", { born, n: Math.floor(age) });
}

function linkOf(app) {
  const lost = app.outbox.refused.length ?? 0, n = app.waiting, { gone } = app.outbox;
  if (gone) return [t(`frame.gone-${gone}`), "!", "stop"];
  if (lost) return [t("frame.refused", { n: lost }), "!", "stop"];
  if (app.online && !app.outbox.state.signedIn) return [n ? t("frame.signed-out-waiting", { n }) : t("frame.signed-out"), "✓", "stop"];
  if (!app.online) return [n ? t("frame.no-connection-waiting", { n }) : t("frame.no-connection"), n ? "✓" : "○", "warning"];
  return n ? [t("frame.on-the-way", { n }), "✓", "warning"] : [t("frame.all-there"), "✓✓", "good"];
}

function span(seconds) {
  const size = Math.abs(seconds);
  if (size < 5400) return t("offline.minutes", { n: Math.max(2, Math.round(size / 60)) });
  return size < 129600 ? t("offline.hours", { n: Math.round(size / 3600) }) : t("offline.days", { n: Math.round(size / 86400) });
}
