// Words that are typed and not recorded yet: sealed on this device as entries are, and put back where the page was lost.

const FIELDS = "textarea[id],#complaint-text,#judged-why,#amend-reason,#lung-why,[data-draft]";

/** What is typed in the named fields of `app`'s visit; it goes once it is recorded, or emptied by hand. */
export class Drafts {
  #line = Promise.resolve();
  #due = false;

  constructor(app) {
    Object.assign(this, { app, told: {}, back: new Set() });
    document.addEventListener("input", ({ target }) => target.matches(FIELDS) && this.typed(target));
    // A field that records when it is left records what was put back too.
    document.addEventListener("focusout", ({ target }) => this.back.delete(target.id) && target.dispatchEvent(new Event("change", { bubbles: true })));
    app.addEventListener("change", () => setTimeout(() => this.show()));
  }

  async open() {
    const { vault, visit } = this.app.outbox;
    this.told = { ...(await vault.drafts(visit).catch(() => null)), ...this.told };
    this.back = new Set(Object.keys(this.told));
    this.show();
  }

  typed({ id, value }) {
    this.back.delete(id);
    this.keep({ ...this.told, [id]: value });
  }

  keep(told) {
    this.told = Object.fromEntries(Object.entries(told).filter(([, words]) => words));
    if (this.#due) return; // what is written next writes this too, however slow the disk is
    this.#due = true;
    this.#line = this.#line.then(() => this.#write()).catch(() => {}); // the field has them still
  }

  #write() {
    const { vault, visit } = this.app.outbox;
    this.#due = false;
    return vault.keepDrafts(visit, this.told);
  }

  /** What was recorded is no draft any longer. */
  recorded(bodies) {
    const said = new Set(bodies.flatMap((body) => Object.values(body)).map(String));
    const left = Object.entries(this.told).filter(([, words]) => !said.has(words.trim()));
    if (left.length < Object.keys(this.told).length) this.keep(Object.fromEntries(left));
  }

  show() {
    this.recorded(this.app.pack.visit.amendments ?? []);
    for (const [id, words] of Object.entries(this.told)) {
      const field = document.getElementById(id);
      if (field && field !== document.activeElement && field.value !== words) field.value = words;
    }
  }
}
