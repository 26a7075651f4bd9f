// A page that was left alone, whose session ended or whose device was locked: what it shows is covered. Nothing is lost;
// needles that are in are told all the same, by place and without a name, and can be noted as removed.

import { happened, now } from "./clock.js";
import { button, h } from "./dom.js";
import { lasted, text } from "./needle/parts.js";
import { short } from "./needle/queue.js";
import { IN_USE } from "./outbox.js";
import { t } from "./texts.js";

const SECOND = 1000;
const PATIENCE = 4 * SECOND; // whoever taps has needles to take out, whatever the network does

/** Covers the page of `app` by itself; `cover()` does it at once. */
export class Cover {
  constructor(app) {
    Object.assign(this, { app, touched: Date.now(), shown: false, gone: false, wrong: "" });
    this.needles = h("p", { class: "cover-needles", hidden: true });
    this.words = h("p", { role: "status" });
    this.remove = button(t("needle.remove-all"), () => this.removed(), { class: "remove-all", data: { kind: "needles.removed" } });
    this.act = button("", () => this.goOn(), { class: "main" });
    this.dialog = h("dialog", { class: "cover", "aria-labelledby": "cover-title", on: { close: () => this.shown && this.dialog.showModal() } },
      h("h1", { id: "cover-title" }, app.pack.clinic.name), this.needles, this.remove, this.words, this.act);
    document.body.append(this.dialog);
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, (event) => this.met(event), true);
    app.outbox.addEventListener("change", () => this.look());
    // Somebody else is signed in, or nobody: the page has gone by now but for needles that are in.
    app.outbox.addEventListener("person", () => { this.gone = true; this.cover(); });
    setInterval(() => this.look(), SECOND);
  }

  /** Whether the clinic says that nobody is signed in here any longer. */
  get ended() {
    return this.gone || (this.app.outbox.state.online && !this.app.outbox.state.signedIn);
  }

  /** The needles that are in, as far as anybody said. */
  get held() {
    const { pack, view } = this.app;
    return pack.visit.signature ? [] : view.ledger.open.filter((one) => !one.removed);
  }

  /** A touch on a page that should have been covered long ago, on a tablet that slept, is none. */
  met(event) {
    this.look();
    if (!this.shown) this.touched = Date.now();
    else if (event.type === "keydown") {
      event.stopImmediatePropagation(); // keys and pedals record nothing here
      if (event.key === "Escape") event.preventDefault();
    }
  }

  look() {
    if (!this.shown && (this.ended || Date.now() - this.touched > IN_USE)) this.cover();
    else if (this.shown) this.tell();
  }

  cover() {
    this.tell();
    if (!this.shown) this.dialog.showModal();
    this.shown = true;
  }

  tell() {
    const { app, ended } = this, n = app.waiting, { locked } = app.outbox.state;
    const out = () => (n ? t("frame.cover-signed-out-waiting", { n }) : t("frame.cover-signed-out"));
    text(this.words, this.wrong || (locked ? t("frame.cover-locked") : ended ? out() : t("frame.cover-open")));
    text(this.act, ended ? t("frame.cover-sign-in") : t("frame.cover-go-on"));
    const { held } = this;
    this.needles.hidden = this.remove.hidden = !held.length;
    text(this.needles, needlesIn(app, held));
  }

  /** Noted under the name of whoever was here, on this device, and sent once they are signed in again. */
  async removed() {
    const insertions = this.app.view.ledger.open.map((one) => one.id);
    this.wrong = await this.app.note("needles.removed", { insertions }).then(() => t("frame.cover-removed"), (wrong) => wrong.message);
    this.tell();
  }

  /** Go on where the session holds, or where nobody can be asked; else sign in first. */
  async goOn() {
    if (!this.ended) await Promise.race([this.app.outbox.recheck(), new Promise((yes) => setTimeout(yes, PATIENCE))]);
    if (this.gone) return location.reload();
    if (this.ended) return this.app.outbox.signInAgain();
    Object.assign(this, { shown: false, touched: Date.now(), wrong: "" });
    return this.dialog.close();
  }
}

/** "2 needles are in, the first for 12:40: C6 paraspinal L, C7 paraspinal L". */
function needlesIn(app, held) {
  const n = new Set(held.map((one) => one.needle)).size, first = Math.min(...held.map((one) => happened(one.entry)));
  return n ? t("frame.cover-needles", { n, time: lasted(Math.max(0, now(app) - first) / SECOND), where: held.map(short).join(", ") }) : "";
}
