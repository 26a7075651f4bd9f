// The practitioner's own hypothesis, entered before the software has spoken or after.

import { button, h } from "../dom.js";
import { t } from "../texts.js";

/** The button that says it and asks for it; `root` holds its dialog. */
export class Guess {
  constructor(app, root) {
    Object.assign(this, { app, root, node: button(t("examine.own"), () => this.ask(), { class: "second guess" }) });
  }

  get text() {
    const own = this.app.view.standing.filter((one) => one.kind === "hypothesis.recorded").at(-1);
    return own?.body.text ?? this.app.pack.visit.hypothesis?.text ?? "";
  }

  update() {
    const { text } = this, word = text ? t("examine.own-now", { text }) : t("examine.own-first");
    if (this.node.textContent !== word) this.node.textContent = word;
  }

  ask() {
    const field = h("input", { type: "text", value: this.text, "aria-label": t("examine.own"), maxlength: 200 });
    const write = () => field.value.trim() && this.app.note("hypothesis.recorded", { text: field.value.trim() }, { gesture: "typed" });
    const dialog = h("dialog", { class: "sheet small", "aria-labelledby": "guess-title", on: { close: () => dialog.remove() } }, h("form", { method: "dialog", on: { submit: write } },
      h("h2", { id: "guess-title" }, t("examine.own-ask")), h("p", {}, t("examine.own-why")), field,
      h("div", { class: "row" }, h("button", { type: "submit", class: "main" }, t("examine.own-record")), button(t("examine.own-cancel"), () => dialog.close(), { class: "second" }))));
    this.root.append(dialog);
    dialog.showModal();
  }
}
