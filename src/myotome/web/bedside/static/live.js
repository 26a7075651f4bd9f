// What the findings say so far: levels and verdict, in view while findings come in.

import { button, fill, h } from "./dom.js";
import { share } from "./parts.js";
import { t } from "./texts.js";

const SHOWN = 4;

export class Live {
  constructor(app) {
    this.app = app;
    this.levels = h("ol", { class: "levels", "aria-label": t("explain.live-levels") });
    this.verdict = h("p", { class: "verdict", "aria-live": "polite" });
    this.whole = button(t("explain.live-why"), () => app.go("explain"), { class: "second why", "aria-label": t("explain.live-whole") });
    this.node = h("section", { class: "live", "aria-label": t("explain.live-says") }, h("div", { class: "live-says" }, this.verdict, this.whole), this.levels);
  }

  update() {
    const { quick, state, problems } = this.app.thought;
    const key = JSON.stringify([quick?.verdict?.statement, quick?.says, quick?.levels, quick?.referral?.urgency, state === "offline", problems]);
    this.node.dataset.state = state;
    if (key === this.key) return;
    this.key = key;
    this.whole.hidden = !quick;
    fill(this.verdict, quick && state === "offline" ? h("small", {}, `${t("explain.live-before")} `) : null, refer(quick?.referral), problems?.[0] ?? (quick ? sentences(words(quick)) : t(state === "offline" ? "explain.live-offline" : "explain.live-none")));
    fill(this.levels, (quick?.levels ?? []).slice(0, SHOWN).map(chip));
  }
}

function words(quick) {
  return quick.says || quick.verdict?.statement || "";
}

/** What is decided, and then what is in question, less loud. */
function sentences(said) {
  const [head, ...rest] = said.split(/(?<=\.) /);
  return [head, rest.length ? h("span", { class: "rest" }, ` ${rest.join(" ")}`) : null];
}

function refer(referral) {
  const urgency = referral?.urgency;
  return urgency && urgency !== "none" ? h("b", { class: "refer", data: { urgency } }, `${t("explain.refer", { urgency })}. `) : null;
}

function chip(level) {
  const what = level.deficient > level.irritated ? "deficient" : "irritated", sum = level[what];
  const chipNode = h("li", { class: `level ${what}`, data: { segment: level.segment, side: level.side } },
    h("b", {}, `${level.segment} ${t(level.side === "left" ? "explain.side-left" : "explain.side-right")} ${share(sum)}`), h("span", {}, t(`explain.level-${what}`)), h("i", { "aria-hidden": "true" }));
  chipNode.lastChild.style.width = `${Math.round(100 * sum)}%`;
  return chipNode;
}
