// What was recorded, with its ticks, each entry undoable; and the conflicts between devices, each settled by one tap.

import { happened, inTime, made } from "./clock.js";
import { button, clock, fill, h } from "./dom.js";
import { t } from "./texts.js";
import { author, said } from "./words.js";

export class Recorded {
  constructor(app) {
    this.app = app;
    this.count = h("span", {});
    this.button = button([h("b", {}, t("recorded.recorded")), this.count], () => this.open(), { class: "recorded", id: "recorded" });
    this.list = h("ol", { class: "entries" });
    this.remark = h("textarea", { id: "remark", rows: 2, maxlength: 5000 });
    this.clash = h("div", { class: "clashes" });
    this.dialog = h("dialog", { class: "sheet", "aria-labelledby": "recorded-title" },
      h("div", { class: "sheet-head" }, h("h2", { id: "recorded-title" }, t("recorded.title")), button(t("recorded.close"), () => this.dialog.close(), { class: "second" })),
      this.clash, h("label", { for: "remark" }, t("recorded.remark")), this.remark, button(t("recorded.remark-write"), () => this.write(), { class: "second", data: { kind: "remark.written" } }), this.list);
  }

  async write() {
    const words = this.remark.value.trim();
    if (!words) return this.remark.focus();
    await this.app.note("remark.written", { text: words, step: this.app.step.name }, { gesture: "typed" });
    this.remark.value = "";
  }

  open() {
    this.dialog.showModal();
    this.update();
  }

  update() {
    const { app } = this, clashes = app.view.conflicts ?? [];
    const word = clashes.length ? t("recorded.differ", { n: clashes.length }) : `${app.view.standing.length}`;
    if (this.count.textContent !== word) this.count.textContent = word;
    this.button.dataset.state = clashes.length ? "clash" : "";
    if (!this.dialog.open) return;
    fill(this.clash, clashes.map((value) => this.conflict(value)));
    const gone = app.view.takenBack;
    const standing = new Set(app.view.standing.map((one) => one.id));
    const lines = inTime(app.entries).reverse().map((one) => this.line(one, standing.has(one.id), gone));
    fill(this.list, held(app), refused(app), lines.length ? lines : h("li", {}, t("recorded.nothing-yet")));
  }

  line(one, stands, gone) {
    const { app } = this, sent = Boolean(one.received);
    const back = stands && one.kind !== "entry.taken-back" && one.by === app.pack.me.staff
      ? button(t("recorded.undo"), () => app.takeBack(one.id), { class: "quiet", data: { key: one.id, kind: "entry.taken-back" }, "aria-label": t("recorded.undo-one", { entry: said(one, app) }) }) : null;
    return h("li", { class: stands ? "" : "gone" },
      h("b", { class: "tick", title: sent ? t("recorded.at-clinic") : t("recorded.kept-here") }, sent ? "✓✓" : "✓"),
      h("span", { class: "what" }, said(one, app), stands ? null : h("small", {}, gone.has(one.id) ? [" ", t("recorded.undone")] : "")),
      h("small", { class: "by" }, `${clock(made(one))} ${author(one, app)}`, one.late ? h("em", {}, " ", t("recorded.late")) : null, one.body.paper ? [" ", t("recorded.from-paper", { time: clock(happened(one)) })] : ""), back);
  }

  conflict(value) {
    const { app } = this;
    return h("section", { class: "clash", role: "group", "aria-label": t("recorded.conflict") },
      h("h3", {}, t("recorded.which-stands")),
      value.differing.map((head) => h("div", { class: "head-of" },
        h("p", {}, h("b", {}, said(head, app)), h("small", {}, `${clock(made(head))}, ${author(head, app)}, ${head.device ? t("recorded.device", { name: head.device.slice(0, 8) }) : t("recorded.this-device")}`)),
        button(t("recorded.this-stands"), () => settle(app, value, head), { data: { kind: head.kind, value: head.id } }))));
  }
}

/** A new entry that says what `head` says and takes the place of all. */
function settle(app, value, head) {
  const { replaces, gesture, clock_off, happened, paper, ...body } = head.body;
  return app.note(head.kind, body, { gesture: "settled", replaces: value.heads.map((one) => one.id) });
}

function refused(app) {
  return app.outbox.refused.map((one) => h("li", { class: "refused" }, h("b", {}, t("recorded.refused"), " "), said(one, app), h("small", {}, ` ${one.problems.map((found) => found.message ?? found).join(" ")}`),
    button(t("recorded.try-again"), () => app.outbox.tryAgain(one.id), { class: "quiet" }),
    button(t("recorded.written-down"), () => app.outbox.writtenDown(one.id), { class: "quiet" })));
}

/** What else lies on this device: of other people by number only, and what no key opens any longer. */
function held(app) {
  const { othersSay, unreadable, lastError, waiting } = app.outbox.state;
  const lost = unreadable ? t("recorded.unreadable", { n: unreadable }) : "";
  return [othersSay, lost, waiting ? lastError : ""].filter(Boolean).map((words) => h("li", { class: "held" }, words));
}
