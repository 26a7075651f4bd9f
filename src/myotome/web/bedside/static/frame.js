// The frame of the page: whose visit, six steps, chart and panel, what is said, undo.

import { button, fill, h } from "./dom.js";
import { Head } from "./head.js";
import { LateMode } from "./late.js";
import { Live } from "./live.js";
import { renew } from "./parts.js";
import { Recorded } from "./recorded.js";
import { t } from "./texts.js";
import { said } from "./words.js";

const STAYS = 6000;
// What is recorded in which step; closing is done with the signature.
const OWN = { screen: /^(screening|case)/, examine: /^finding/, explain: /^(explanation|hypothesis)/, plan: /^plan/, needle: /^(needle|sharps)/, close: /./ };

export class Frame {
  constructor(app, root) {
    Object.assign(this, { app, root });
    this.chart = h("section", { class: "chart", "aria-label": t("frame.chart") });
    this.panel = h("section", { id: "panel", tabindex: -1, "aria-labelledby": "step-title" });
    this.said = h("p", { class: "said", role: "status" });
    this.alarm = h("p", { class: "hidden", role: "alert" });
    this.acts = h("div", { class: "step-acts" });
    this.undo = button("", () => app.undoLast(), { class: "undo", id: "undo", data: { kind: "entry.taken-back" } });
    this.recorded = new Recorded(app);
    this.late = new LateMode(app);
    this.live = new Live(app);
    this.gone = h("section", { class: "bar", role: "alert" });
    this.tabs = new Map(app.steps.map((step, n) => [step.name, this.tab(step, n)]));
    this.head = h("header", { class: "whose" });
    fill(root,
      h("a", { class: "skip", href: "#panel", on: { click: (event) => { event.preventDefault(); this.panel.focus(); } } }, t("frame.skip")),
      this.head,
      h("div", { class: "steps" }, h("nav", { "aria-label": t("frame.steps") }, h("ol", {}, [...this.tabs.values()].map((tab) => h("li", {}, tab)))), this.gone, this.late.bar),
      h("div", { class: "work" }, h("div", { class: "left" }, this.chart, this.live.node), this.panel),
      h("footer", { class: "acts" }, this.undo, this.recorded.button, this.late.button, this.said, this.acts),
      this.alarm, this.recorded.dialog, this.late.dialog);
    this.top = new Head(app, this.head);
    app.addEventListener("change", () => this.soon());
    document.addEventListener("keydown", (event) => this.key(event));
    this.awake();
    document.addEventListener("visibilitychange", () => this.awake());
  }

  tab(step, n) {
    return button([h("b", {}, step.title), h("small", { class: "lacks" })], () => this.app.go(step.name), { class: "tab", data: { step: step.name }, "aria-keyshortcuts": `Alt+${n + 1}`, title: `Alt+${n + 1}` });
  }

  /** Show a step from the start. */
  async show(step, { quiet }) {
    this.root.dataset.step = step.name;
    this.before?.leave?.();
    this.before = step;
    this.unask();
    fill(this.acts);
    this.part = h("div", { class: `step ${step.name}` });
    fill(this.panel, h("h2", { id: "step-title", class: "hidden" }, step.title), this.part);
    this.panel.scrollTop = 0;
    await step.show(this.part, this.app, { acts: this.acts });
    this.update();
    if (!quiet && !this.part.contains(document.activeElement)) this.panel.focus({ preventScroll: true });
  }

  /** Changes that come together are drawn together, before the next picture. */
  soon() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => { this.due = false; this.update(); });
  }

  update() {
    const { app } = this;
    this.top.update(app);
    for (const step of app.steps) this.tabs.get(step.name) && mark(this.tabs.get(step.name), step, app);
    this.goneWords();
    this.undoWords();
    this.recorded.update();
    this.late.update();
    this.live.update();
    if (app.step) {
      app.chart?.follow();
      app.step.update(this.part, app, { acts: this.acts });
      app.chart?.marks(app.step.marks?.(app) ?? app.chart.findings());
    }
  }

  /** A visit that is another person's now, or struck: what to do, on every step. */
  goneWords() {
    const { app } = this, { gone, open, refused } = app.outbox, n = app.waiting + refused.length, struck = gone === "struck";
    renew(this.gone, [gone, open, n], () => gone && [h("p", {}, t(`offline.gone-${gone}`), n ? ` ${t("frame.gone-kept", { n })}` : ""),
      h("a", { class: "button", href: struck ? this.root.querySelector(".back").href : open }, t(struck ? "frame.back-to-record" : "frame.confirm-identifiers"))]);
  }

  undoWords() {
    const acts = this.app.lastAct, one = acts[0];
    const what = !one ? t("frame.nothing-yet") : acts.length > 1 ? `${acts.length} × ${one.body.gesture}` : said(one, this.app);
    if (this.undo.dataset.what === what) return;
    this.undo.dataset.what = what;
    this.undo.setAttribute("aria-disabled", String(!one));
    fill(this.undo, h("b", {}, t("frame.undo")), h("small", {}, what));
  }

  /** Ask once before something unusual, at the foot of the panel; `act` on yes. */
  ask(words, yes, act) {
    const gone = () => { asked.remove(); this.panel.focus({ preventScroll: true }); };
    this.unask();
    const asked = h("div", { class: "asked", role: "alertdialog", "aria-label": words, on: { keydown: (event) => event.key === "Escape" && gone() } }, h("p", { tabindex: 0 }, words),
      button(yes, () => { gone(); act(); }, { class: "main" }), button(t("frame.no"), gone, { class: "second" }));
    this.root.append(asked);
    asked.querySelector("button").focus({ preventScroll: true });
  }

  /** Take a question away that nobody answered. */
  unask() {
    this.root.querySelector(".asked")?.remove();
  }

  /** Say something at its fixed place; it fades, and stays in the list of the recorded. */
  say(text, tone = "") {
    const place = tone === "stop" ? this.alarm : this.said;
    this.said.dataset.tone = tone;
    this.said.textContent = text;
    if (tone === "stop") place.textContent = text;
    clearTimeout(this.fading);
    if (tone !== "stop") this.fading = setTimeout(() => { this.said.textContent = ""; }, STAYS);
  }

  /** How long the last quick answer took, from the tap on; the tests read it. */
  timed(ms, clinic) {
    requestAnimationFrame(() => Object.assign(this.live.node.dataset, { ms: ms.toFixed(0), clinic }));
  }

  key(event) {
    const n = event.altKey && !event.ctrlKey && !event.metaKey ? Number(/^Digit(\d)$/.exec(event.code)?.[1] ?? 0) : 0;
    if (n >= 1 && n <= this.app.steps.length) {
      event.preventDefault();
      this.app.go(this.app.steps[n - 1].name);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.matches("input,textarea")) {
      event.preventDefault();
      this.app.undoLast();
    }
  }

  /** Keep the screen from going dark while the visit is shown. */
  async awake() {
    if (document.hidden || !navigator.wakeLock) return;
    this.lock = await navigator.wakeLock.request("screen").catch(() => null);
  }
}

function mark(tab, step, app) {
  const lacks = step.loading ? null : step.missing(app), now = app.step?.name === step.name;
  // Done is what misses nothing and in which something was done.
  const state = !lacks ? "" : lacks.length ? "lacks" : app.view.standing.some((one) => OWN[step.name].test(one.kind)) ? "done" : "";
  const word = state && (state === "done" ? t("frame.done") : t("frame.missing", { n: lacks.length }));
  if (now) tab.setAttribute("aria-current", "step");
  else tab.removeAttribute("aria-current");
  tab.dataset.state = state;
  const small = tab.querySelector(".lacks");
  if (small.textContent !== word) small.textContent = word;
  tab.title = lacks?.join(" ") || (lacks ? t("frame.nothing-missing") : "");
}
