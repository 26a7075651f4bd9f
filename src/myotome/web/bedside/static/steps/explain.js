// The third step: which levels, with what reasons, what else it may be, what would decide; and whether one agrees.

import { button, fill, h, tile, upper } from "../dom.js";
import { spine, stateOf } from "../spine.js";
import { renew, share, wait } from "../parts.js";
import { flagsLeft } from "../screen/asked.js";
import { t } from "../texts.js";

const AGREE = ["yes", "partly", "no"];
const WEIGHTS = [[10, "▲▲▲", "strong"], [5, "▲▲", "clear"], [2, "▲", "some"], [0, "△", "little"]];
const SHOWN = 6;
const RIVALS = 5;
let chosen = ""; // the level whose reasons are shown; the likeliest until one is tapped
let nodes = null;

export const step = {
  name: "explain",
  title: t("frame.step-explain"),

  missing(app) {
    if (!app.thought.quick) return [t(app.thought.state === "offline" ? "explain.lacks-clinic" : "explain.lacks-findings")];
    return judged(app) ? [] : [t("explain.lacks-judgement")];
  },

  show(root, app) {
    chosen = "";
    const names = ["how", "refer", "says", "judge", "cautions", "spine", "levels", "reasons", "next", "rivals", "conflicts", "foot"];
    nodes = Object.fromEntries(names.map((name) => [name, h("div", { class: `x-${name}` })]));
    nodes.how.setAttribute("role", "status");
    nodes.own = own(app);
    root.append(
      nodes.how, nodes.refer,
      h("section", { class: "x-top", "aria-label": t("explain.says") }, nodes.says, nodes.cautions, nodes.own.node, nodes.judge),
      h("section", { class: "x-body", "aria-label": t("explain.levels-and-reasons") }, nodes.spine, h("div", { class: "x-why" }, nodes.levels, nodes.reasons)),
      h("div", { class: "x-rest" }, nodes.next, nodes.rivals), nodes.conflicts, nodes.foot);
    step.update(root, app);
  },

  update(root, app) {
    if (!nodes?.how.isConnected) return;
    const told = read(app);
    renew(nodes.how, told.how, () => told.how && h("p", { class: `how ${told.how[0]}` }, told.how[1]));
    renew(nodes.refer, told.referral, () => referral(told.referral, app));
    renew(nodes.says, [told.verdict, told.interval, told.waits], () => verdict(told));
    renew(nodes.cautions, told.verdict && told.cautions, () => told.verdict && told.cautions.map((one) => h("p", { class: "soft" }, one)));
    renew(nodes.judge, [judged(app)?.id, told.verdict?.statement], () => judging(app, told));
    renew(nodes.spine, told.levels, () => spine(app.catalogue.levels.map((one) => one.name), told.levels));
    renew(nodes.levels, [told.levels, chosen], () => levels(told, root, app));
    renew(nodes.reasons, [told.segments, chosen || first(told), told.waits], () => reasons(told));
    renew(nodes.next, [told.next, told.waits], () => next(told, app));
    renew(nodes.rivals, [told.rivals, told.waits], () => rivals(told));
    renew(nodes.conflicts, told.conflicts, () => conflicts(told.conflicts));
    renew(nodes.foot, [told.engine, told.edition, told.changes], () => foot(told, app));
    nodes.own.update();
  },
};

/** Everything that is shown, read off the quick answer, and off the whole one where that is of the same findings. */
function read(app) {
  const { quick, whole, state, problems } = app.thought, frozen = app.pack.visit.signature && app.pack.frozen?.explanation;
  const waits = wait(app), full = frozen || (whole && quick && (!waits || state === "offline") ? whole.explanation : null);
  const { verdict: said, referral: refers, levels: seen } = frozen ? { ...frozen, levels: frozen.segments } : quick ?? { levels: [] };
  const rows = full?.explanations ?? [], stated = rows.find((row) => row.kind === said?.kind && Math.abs(row.probability - said.confidence) < 0.001);
  return {
    how: how(state, problems, Boolean(quick), frozen), waits: waits && !frozen, verdict: said, referral: frozen || !refers ? refers : { ...refers, not_asked: flagsLeft(app) }, levels: seen,
    interval: stated?.interval, segments: full?.segments ?? null, next: full?.next_tests ?? null, conflicts: full?.conflicts ?? [],
    rivals: full ? [...rows.filter((row) => row !== stated).slice(0, RIVALS), ["other", full.other]] : null,
    cautions: full?.cautions ?? quick?.cautions ?? [], engine: full?.engine ?? quick?.engine, edition: full?.data_edition ?? app.catalogue.edition, changes: full?.profile_changes_answer,
  };
}

function how(state, problems, before, frozen) {
  if (frozen) return ["kept", t("explain.frozen")];
  if (state === "offline") return ["offline", t(before ? "explain.offline-before" : "explain.offline")];
  if (problems.length) return ["stop", t("explain.unreadable", { problems: problems.join(" ") })];
  return state === "waiting" && !before ? ["", t("explain.working")] : null;
}

const judged = (app) => app.view.headsOf("explanation.judged", {})[0];

function referral(told, app) {
  if (!told || (told.urgency === "none" && !told.not_asked?.length)) return null;
  const more = told.not_asked?.length ? button(t("explain.flags-not-asked", { n: told.not_asked.length }), () => app.go("screen"), { class: "second" }) : null;
  if (told.urgency === "none") return h("div", { class: "unasked" }, h("p", {}, t("explain.no-referral")), more);
  return h("section", { class: "refer", role: "alert", data: { urgency: told.urgency } },
    h("h3", {}, t("explain.refer", told)), h("ul", {}, told.reasons.map((one) => h("li", {}, one.words, h("small", {}, t("explain.because", { reasons: one.because.join("; ") }))))), more);
}

function verdict({ verdict: said, interval, waits }) {
  if (!said) return h("p", { class: "verdict none" }, t("explain.no-verdict"));
  const decided = said.kind !== "indeterminate", [head, ...rest] = said.statement.split(/(?<=\.) /);
  return [
    h("p", { class: "verdict" }, head), rest.length ? h("p", { class: "sure" }, rest.join(" ")) : null,
    decided ? h("p", { class: "sure" }, h("b", {}, share(said.confidence)), ` ${interval ? t("explain.likely-between", { low: share(interval[0]), high: share(interval[1]) }) : t(waits ? "explain.likely-so-far" : "explain.likely")}`)
      : h("p", { class: "sure" }, said.confidence ? t("explain.undecided") : ""),
  ];
}

function judging(app, told) {
  const now = judged(app)?.body, says = told.verdict?.statement;
  const tiles = AGREE.map((value) => tile(t(`explain.agree-${value}`), now?.agrees === value, () => app.note("explanation.judged", { agrees: value, says: says ?? "", ...(now?.text ? { text: now.text } : {}) }),
    { data: { kind: "explanation.judged", value }, "aria-disabled": String(!says) }));
  const other = now?.says && says && now.says !== says ? h("p", { class: "soft" }, t("explain.changed-since", now)) : null;
  const text = now ? h("label", { class: "why" }, h("span", {}, t("explain.judged-why")), h("input", { type: "text", maxlength: 400, value: now.text ?? "", id: "judged-why",
    on: { change: (event) => app.note("explanation.judged", { agrees: now.agrees, says: now.says ?? "", text: event.target.value.trim() }, { gesture: "typed" }) } })) : null;
  return [h("div", { class: "tiles agree", role: "group", "aria-label": t("explain.agree") }, tiles), other, text];
}

/** The practitioner's own hypothesis, which may be written before the explanation is read; the clinic keeps no tap of it. */
function own(app) {
  const write = () => {
    const text = field.value.trim();
    if (!text || text === words()) return;
    app.ownWords = text;
    app.note("hypothesis.recorded", { text }, { gesture: "" });
  };
  const field = h("textarea", { rows: 2, maxlength: 1000, id: "own-hypothesis", on: { change: write } });
  const words = () => app.ownWords ?? app.view.standing.filter((one) => one.kind === "hypothesis.recorded").at(-1)?.body.text ?? app.pack.visit.hypothesis?.text ?? "";
  const update = () => {
    field.readOnly = Boolean(app.view.plan.taken || app.pack.visit.signature || app.pack.frozen); // it is entered before the plan
    if (document.activeElement !== field && field.value !== words()) field.value = words();
  };
  update();
  return { node: h("label", { class: "own" }, h("span", {}, t("explain.own")), field), update };
}

const first = (told) => (told.levels[0] ? `${told.levels[0].segment} ${told.levels[0].side}` : "");

function levels(told, root, app) {
  const now = chosen || first(told);
  if (!told.levels.length) return h("p", { class: "soft" }, t("explain.no-level"));
  return h("div", { class: "tiles levels", role: "group", "aria-label": t("explain.levels") }, told.levels.slice(0, SHOWN).map((one) => {
    const key = `${one.segment} ${one.side}`, [word, chance] = stateOf(one);
    return tile([h("b", {}, `${one.segment} ${t(`explain.side-${one.side}`)}`), h("small", {}, `${word} ${share(chance)}`)], key === now,
      () => { chosen = key; step.update(root, app); }, { data: { segment: one.segment, side: one.side, key: `level ${key}` }, class: one.irritated > one.deficient ? "irritated" : "deficient" });
  }));
}

function reasons(told) {
  const now = chosen || first(told);
  if (!now) return null;
  const [name, side] = now.split(" "), found = told.segments?.find((one) => one.segment === name && one.side === side);
  const title = h("h3", {}, t("explain.why-level", { level: name, side: t(`explain.side-${side}`) }));
  if (!told.segments) return [title, h("p", { class: "soft" }, t(told.waits ? "explain.reasons-follow" : "explain.reasons-wait"))];
  const list = (words, rows) => h("div", {}, h("h4", {}, words), rows.length ? h("ul", { class: "reasons" }, rows.map(reason)) : h("p", { class: "soft" }, t("explain.no-reason")));
  const rows = found?.reasons ?? [];
  return [title, h("div", { class: "two" }, list(t("explain.for"), rows.filter((one) => one.decibels > 0)), list(t("explain.against"), rows.filter((one) => one.decibels < 0)))];
}

function reason({ finding, decibels }) {
  const [, sign, weight] = WEIGHTS.find(([least]) => Math.abs(decibels) >= least);
  return h("li", { title: t("explain.decibels", { decibels }) }, h("i", { "aria-hidden": "true" }, decibels < 0 ? sign.replaceAll("▲", "▼").replace("△", "▽") : sign), h("span", {}, `${finding} `, h("small", {}, t(`explain.weight-${weight}`))));
}

function next(told, app) {
  const rows = told.next?.map((one) => button([h("b", {}, wanted(one, app)), h("small", {}, lasts(one.seconds))], () => ready(one, app),
    { class: "test", data: { sign: one.sign, at: one.at, side: one.side } }));
  const none = t(told.next ? "explain.no-test" : told.waits ? "explain.tests-follow" : "explain.waits");
  return [h("h3", {}, t("explain.tests")), rows?.length ? h("div", { class: "tests" }, rows) : h("p", { class: "soft" }, none)];
}

function lasts(seconds) {
  return seconds < 60 ? t("explain.seconds", { seconds: Math.round(seconds) }) : t("explain.minutes", { minutes: Math.round(seconds / 60) });
}

function wanted({ sign, at, side }, app) {
  if (sign === "screening") return t("explain.ask", { question: app.catalogue.items.find((one) => one.code === at)?.question ?? at });
  return `${sign === "test" ? "" : `${upper(sign)}: `}${at}${side ? `, ${side}` : ""}`;
}

/** Go where this is recorded, with it in hand. */
function ready(one, app) {
  app.ready = one;
  app.go(one.sign === "screening" ? "screen" : "examine");
}

function rivals(told) {
  const rows = told.rivals?.map((row) => (Array.isArray(row) ? h("li", {}, h("span", {}, t("explain.anything-else")), bar(row[1])) : h("li", {}, h("span", {}, rival(row)), bar(row.probability, row.interval))));
  return [h("h3", {}, t("explain.rivals")), rows ? h("ul", { class: "rivals" }, rows) : h("p", { class: "soft" }, t(told.waits ? "explain.rivals-follow" : "explain.waits"))];
}

function rival({ kind, names, side, meaning }) {
  const joined = names.join(` ${t(meaning === "all of these" ? "explain.and" : "explain.or")} `), some = meaning === "one or more" ? t("explain.one-or-more", { names: joined }) : joined;
  const placed = !names.length || !side ? some : t(side === "both" ? "explain.at-both" : "explain.at-side", { names: some, side });
  return t(`explain.kind-${kind}`, { names: placed }).trim();
}

function bar(chance, interval) {
  const fill = h("i", { "aria-hidden": "true" });
  fill.style.width = `${Math.max(1, Math.round(100 * chance))}%`;
  return [h("b", {}, share(chance), interval ? h("small", {}, ` ${t("explain.interval", { low: share(interval[0]), high: share(interval[1]) })}`) : null), h("span", { class: "bar" }, fill)];
}

function conflicts(list) {
  if (!list.length) return null;
  return h("details", { class: "odd" }, h("summary", {}, t("explain.unexplained", { n: list.length })), h("ul", {}, list.map((one) => h("li", {}, one))));
}

function foot({ engine, edition, changes }, app) {
  return [
    changes ? h("p", { class: "caution" }, t("explain.other-table")) : null,
    h("p", { class: "soft" }, h("b", {}, app.pack.clinic.notice || t("explain.not-reviewed")), ` ${t("explain.engine", { engine: engine ?? t("explain.no-engine"), edition })}`),
  ];
}
