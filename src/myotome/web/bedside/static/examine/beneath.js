// Where the page is one column the signs stand first, so that they are at hand at once; the picture opens beneath them.

import { button } from "../dom.js";
import { t } from "../texts.js";

const NARROW = matchMedia("(max-width: 46rem), (max-height: 34rem)"); // as in the style sheet
let folded = true; // for this visit

/** The chart, set after `head` as long as Examine is shown on such a page. */
export class Beneath {
  constructor(chart, head) {
    Object.assign(this, { chart, head, home: chart.parentNode, put: () => this.set(NARROW.matches) });
    this.fold = button(t("examine.picture"), () => { folded = !folded; this.put(); }, { class: "fold" });
    NARROW.addEventListener("change", this.put);
    this.put();
  }

  set(narrow) {
    const { chart, fold } = this;
    if (narrow) {
      this.head.after(chart);
      chart.prepend(fold);
    } else {
      if (chart.parentNode !== this.home) this.home.prepend(chart);
      fold.remove();
    }
    chart.classList.toggle("folded", narrow && folded);
    fold.setAttribute("aria-expanded", String(!folded));
  }

  leave() {
    NARROW.removeEventListener("change", this.put);
    this.set(false);
  }
}
