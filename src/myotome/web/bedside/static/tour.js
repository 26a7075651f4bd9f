// A newcomer's tour through one visit, in the demonstration practice only: what to do next, ticked off as it is done.

const has = (app, kind, test = () => true) => app.view.standing.some((one) => one.kind === kind && !one.late && test(one.body));
const inserted = (app) => app.view.ledger.insertions.length;
const open = (app) => app.view.ledger.insertions.filter((one) => !one.how).length;

const answered = (item) => (app) => has(app, "screening.answered", (body) => body.item === item);

const STOPS = [
  ["screen", "unchanged", "[data-kind='screening.unchanged']", (app) => has(app, "screening.unchanged")],
  ["screen", "each", ".each-visit", answered("infection")],
  ["screen", "consent", "[data-kind='screening.answered'][data-item=consent][data-value=yes]", answered("consent")],
  ["screen", "alone", "[data-item='suicidal thoughts'][data-value=no]", answered("suicidal thoughts")],
  ["examine", "findings", "[data-brush=tender]", (app) => app.findings().length >= 3],
  ["explain", "explanation", "[data-kind='explanation.judged']", (app) => has(app, "explanation.judged")],
  ["plan", "repeat", "[data-kind='plan.changed'][data-value='repeat last']", (app) => app.view.plan?.changes?.length > 0 || has(app, "plan.changed")],
  ["plan", "plan", "[data-kind='plan.taken']", (app) => has(app, "plan.taken")],
  ["needle", "needle", "[data-kind='needle.in']", (app) => inserted(app) >= 2 && has(app, "needle.response")],
  ["needle", "out", "[data-kind='needle.out']", (app) => inserted(app) > 0 && !open(app)],
  ["needle", "tray", ".tray-tiles, [data-act=tray]", (app) => has(app, "sharps.counted")],
  ["close", "sign", "[data-act=sign]", (app) => Boolean(app.pack.visit.signature)],
];

/** Show the tour on the page of a visit, with the page's own tools; it can be hidden, and comes back with the next visit. */
export function tour(app, { button, fill, h, t }) {
  const words = h("p", { role: "status" }), count = h("b", {});
  const show = button(t("tour.show"), () => lead(), { class: "second" });
  const hide = button(t("tour.hide"), () => { node.remove(); light(null); stopped = true; }, { class: "second", "aria-label": t("tour.hide-tour") });
  const node = h("aside", { class: "tour", "aria-label": t("tour.title") }, count, words, h("div", { class: "tour-acts" }, show, hide));
  let at = -1, stopped = false, due = false;

  function next() {
    if (stopped) return;
    const first = STOPS.findIndex(([, , , done]) => !done(app));
    if (first !== at) {
      at = first;
      fill(count, at < 0 ? t("tour.done") : t("tour.at", { n: at + 1, all: STOPS.length }));
      words.textContent = at < 0 ? t("tour.whole") : t(`tour.stop-${STOPS[at][1]}`);
      show.hidden = at < 0;
    }
    light(at < 0 || app.step.name !== STOPS[at][0] ? null : [...app.frame.root.querySelectorAll(STOPS[at][2])].find((one) => one.offsetParent) ?? null);
  }

  async function lead() {
    if (app.step.name !== STOPS[at][0]) await app.go(STOPS[at][0]);
    next();
    app.frame.root.querySelector(".tour-here")?.scrollIntoView({ block: "nearest" });
  }

  function light(control) {
    for (const one of document.querySelectorAll(".tour-here")) if (one !== control) one.classList.remove("tour-here");
    control?.classList.add("tour-here");
  }

  /** Under the chart, or between steps and chart where that is narrow: it has a place of its own and covers nothing. */
  function settle() {
    if (narrow.matches) app.frame.root.querySelector(".steps").after(node);
    else app.frame.root.querySelector(".left").append(node);
  }

  const narrow = matchMedia("(max-width: 60rem), (max-height: 34rem)");
  narrow.addEventListener("change", () => stopped || settle());
  settle();
  /** What was drawn anew or came into view since the last picture is lit as well. */
  function soon() {
    if (!due) requestAnimationFrame(() => { due = false; next(); });
    due = true;
  }

  app.addEventListener("change", soon);
  new MutationObserver(soon).observe(app.frame.root, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  next();
}
