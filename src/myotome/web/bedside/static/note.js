// The note as this device has it, made to be printed in the room while the clinic cannot be reached.

import { happened, inTime, made, now as clinicNow } from "./clock.js";
import { adviceFor } from "./close/after.js";
import { resultOf } from "./close/retest.js";
import { clock, day, fill, h, upper } from "./dom.js";
import { short, sizeOf } from "./needle/queue.js";
import { t } from "./texts.js";
import { author, said } from "./words.js";

const SIDES = ["right", "left", "both", ""];
const COLUMNS = ["in", "point", "needle", "response", "more", "ended"];

/** Print the note of a visit, made anew from what this device has. */
export function printNote(app) {
  draw(app);
  window.print();
}

let known = null;

/** Have the note ready whenever the page is printed, by whatever menu. */
export function printable(app) {
  if (!known) window.addEventListener("beforeprint", () => draw(known));
  known = app;
}

function draw(app) {
  const held = document.getElementById("printed") ?? document.body.appendChild(h("article", { id: "printed", "aria-hidden": "true" }));
  fill(held, head(app), needles(app), findings(app), advice(app), entries(app));
}

function head(app) {
  const { person, visit, clinic, me } = app.pack, unsent = app.entries.filter((one) => !one.received).length;
  const ids = Object.entries(person.identifiers ?? {}).filter(([system]) => !["name", "birth date"].includes(system)).map((one) => one.join(" ")).join(", ");
  const by = visit.signature, now = new Date(clinicNow(app)).toISOString();
  const signed = by ? t("note.signed", { name: app.pack.staff?.[by.by] ?? by.by, day: day(by.at, clinic.zone) }) : t("note.not-signed");
  const born = person.birth_date ? t("note.born", { day: person.birth_date }) : t("note.born-unknown");
  return h("header", {},
    clinic.demonstration ? h("p", { class: "stamp" }, t("note.stamp")) : null,
    h("h1", {}, `${person.name ?? `${person.given} ${person.family}`}`), h("p", {}, [born, ids].filter(Boolean).join(" · ")),
    h("p", {}, [clinic.name, t("note.visit", { number: visit.number ?? "" }), visit.day && day(visit.day), visit.reason].filter(Boolean).join(" · ")),
    h("p", { class: "stamp" }, signed, ". ", clinic.notice ?? t("note.not-reviewed"), ". ", unsent ? t("note.unsent", { n: unsent }) : t("note.all-received")),
    h("p", {}, t("note.printed", { name: me.name, day: day(now), time: clock(now, clinic.zone) })));
}

function needles(app) {
  const { ledger } = app.view, { zone } = app.pack.clinic;
  if (!ledger.opened) return h("section", {}, h("h2", {}, t("note.needles")), h("p", {}, t("note.no-needle")));
  const rows = ledger.insertions.map((one, n) => h("tr", {},
    [n + 1, clock(happened(one.entry), zone), short(one), sizeOf(one), one.response ? t("note.response", one.response) : t("note.not-recorded"),
      Object.entries(one.notes).map(([what, note]) => `${what.replace("_mm", "")} ${note.value === true ? t("note.felt") : note.value === false ? t("note.not-felt") : note.value}`).join(", "),
      one.how ? `${one.how}${one.endedBy && one.how !== "in and out" ? ` ${clock(happened(one.endedBy), zone)}` : ""}` : one.reconcile ? t("note.reconcile") : t("note.still-in")].map((cell) => h("td", {}, String(cell)))));
  const { opened, stillIn: held, out, unused } = ledger, sharps = ledger.inSharps ?? t("note.not-counted");
  return h("section", {}, h("h2", {}, t("note.needles")),
    h("p", { class: "counts-line" }, t("note.counts", { opened, held, out, unused, sharps })),
    ledger.missing.map((one) => h("p", { class: "stamp" }, `! ${one}`)),
    h("table", {}, h("thead", {}, h("tr", {}, h("th", {}), COLUMNS.map((one) => h("th", {}, t(`note.column-${one}`))))), h("tbody", {}, rows)));
}

function findings(app) {
  const all = [...(app.view.values.get("finding.recorded")?.values() ?? [])];
  if (!all.length) return null;
  const line = ({ body, conflict, differing }) => {
    const sign = upper(body.sign), { at } = body, results = differing.map((one) => resultOf(one.body)).join(" / ");
    return h("li", {}, conflict ? t("note.finding-differing", { sign, at, results }) : t("note.finding", { sign, at, result: resultOf(body) }));
  };
  const of = (when) => SIDES.map((side) => [side, all.filter((one) => (one.body.side ?? "") === side && (one.body.when ?? "before") === when)]).filter(([, list]) => list.length);
  return [["before", t("note.findings")], ["after", t("note.findings-after")]].filter(([when]) => of(when).length)
    .map(([when, title]) => h("section", {}, h("h2", {}, title), h("div", { class: "sides" }, of(when).map(([side, list]) => h("div", {}, h("h3", {}, t(`note.side-${side || "none"}`)), h("ul", {}, list.map(line)))))));
}

function advice(app) {
  const given = app.view.values.get("aftercare.given")?.size ? adviceFor(app) : [];
  return given.length ? h("section", {}, h("h2", {}, t("note.aftercare")), h("ul", {}, given.map((one) => h("li", {}, one.patient)))) : null;
}

function entries(app) {
  const stands = new Set(app.view.standing.map((one) => one.id)), { zone } = app.pack.clinic;
  const name = (one) => (one.late ? "note.entry-late" : stands.has(one.id) ? "note.entry" : "note.entry-undone");
  const line = (one) => t(name(one), { time: clock(made(one), zone), entry: said(one, app), author: author(one, app) });
  const lines = inTime(app.entries)
    .map((one) => h("li", { class: stands.has(one.id) || one.late ? "" : "gone" }, line(one), received(one)));
  return h("section", {}, h("h2", {}, t("note.entries")), h("ol", { class: "narrow-list" }, lines));
}

function received(one) {
  return one.received ? null : h("b", {}, " ", t("note.unsent-mark"));
}
