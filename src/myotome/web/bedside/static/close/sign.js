// What is still missing, and the signature by password or passkey; after it the note is read only and can be amended.

import { against } from "../against.js";
import { clock, day, fill, h } from "../dom.js";
import { valuesOfKind } from "../fold.js";
import { tap, text } from "../needle/parts.js";
import { asked, posted, renewing } from "../reaching.js";
import { printNote } from "../note.js";
import { t } from "../texts.js";

const SENT = 200; // milliseconds after which it is looked whether everything has been received

/** What must be so before a note can be signed. */
export function hinders(app) {
  const found = [...app.view.ledger.missing, ...(app.pack.unwritten ? [app.pack.unwritten] : [])];
  const others = app.view.conflicts.filter((one) => !app.view.ledger.conflicts.includes(one)).length;
  const aside = app.outbox.refused.length, sealed = app.outbox.state.othersHere;
  if (others) found.push(t("sign.differing", { n: others }));
  if (aside) found.push(t("sign.refused", { n: aside }));
  if (sealed) found.push(t("sign.others", { n: sealed })); // nobody here can read them: any of them may be a needle
  if (app.waiting) found.push(t(app.online ? "sign.sending" : "sign.waiting", { n: app.waiting }));
  else if (!app.online) found.push(t("sign.offline"));
  return found;
}

/** That nothing is missing; that every needle is accounted for only where it is so. */
function settled(app) {
  const { excused, named, needled } = app.view.ledger;
  if (excused) return h("li", {}, t(named.length ? "sign.excused" : "sign.excused-count", { n: named.length }));
  if (needled.length && (against(app, needled).length || valuesOfKind(app.view, "needled.against").length)) return h("li", {}, t("sign.against-written"));
  return h("li", { class: "good" }, t("sign.nothing-missing"));
}

/** The part of the close step. */
export class Sign {
  constructor(app, deeds) {
    Object.assign(this, { app, deeds });
    this.list = h("ul", { class: "hinders" });
    this.steps = h("ul", { class: "soft" });
    this.field = h("input", { id: "sign-password", type: "password", autocomplete: "current-password", maxlength: 1000, on: { keydown: (event) => event.key === "Enter" && this.byPassword() } });
    this.wrong = h("p", { class: "differs", role: "alert" });
    this.buttons = { passkey: tap(deeds, t("sign.by-passkey"), () => this.byPasskey(), { class: "main", data: { act: "sign-passkey" } }), password: tap(deeds, t("sign.sign"), () => this.byPassword(), { class: "main", data: { act: "sign" } }) };
    this.buttons.passkey.hidden = !window.PublicKeyCredential;
    this.print = tap(deeds, t("sign.print"), () => printNote(app), { class: "second", data: { act: "print" } });
    this.open = h("div", { class: "sign-form" }, this.list, this.steps, h("form", { class: "row sign-row", on: { submit: (event) => event.preventDefault() } }, this.buttons.passkey, h("input", { type: "text", name: "username", autocomplete: "username", value: app.pack.me.name, hidden: true }), h("div", { class: "password" }, h("label", { for: "sign-password" }, t("sign.password")), this.field), this.buttons.password), this.wrong);
    this.done = h("div", { class: "signed" });
    this.node = h("section", { class: "card signing", "aria-labelledby": "sign-title" }, (this.title = h("h3", { id: "sign-title" }, t("sign.sign"))), this.open, this.done, h("div", { class: "row" }, this.print));
  }

  update() {
    const { app } = this, { signature, stage } = app.pack.visit, may = app.pack.me.may?.sign, list = hinders(app);
    const signed = Boolean(signature) || ["signed", "waits for co-signature"].includes(stage);
    this.open.hidden = signed || !may;
    this.done.hidden = !signed && may;
    text(this.title, t(signed ? "sign.is-signed" : app.pack.me.roles?.includes("intern") ? "sign.by-intern" : "sign.sign"));
    for (const one of Object.values(this.buttons)) one.setAttribute("aria-disabled", String(list.length > 0 || Boolean(this.busy)));
    const key = JSON.stringify([list, signed, may, app.pack.visit.amendments, app.steps.map((one) => one.missing(app)), app.online, app.view.ledger.excused, app.view.ledger.named]);
    if (key === this.key) return;
    this.key = key;
    fill(this.list, list.length ? list.map((one) => h("li", {}, one)) : settled(app));
    fill(this.steps, app.steps.filter((one) => !["needle", "close"].includes(one.name)).flatMap((one) => one.missing(app).map((words) => h("li", {}, t("sign.lacking", { step: one.title, words })))));
    fill(this.done, signed ? this.signed() : h("p", {}, t("sign.may-not")));
  }

  signed() {
    const { app } = this, { visit, clinic } = app.pack, { signature, amendments = [] } = visit;
    const by = signature && { name: app.pack.staff?.[signature.by] ?? signature.by, day: day(signature.at, clinic.zone), time: clock(signature.at, clinic.zone) };
    return [
      h("p", { class: "good" }, by ? t("sign.signed-by", by) : t("sign.signed-no-name")), visit.stage === "waits for co-signature" ? h("p", { class: "differs" }, t("sign.waits-cosigning")) : null,
      amendments.length ? h("ul", { class: "amendments" }, amendments.map((one) => h("li", {}, h("b", {}, one.text), ` ${one.reason ?? ""}`))) : null,
      h("div", { class: "row" }, link(`/visits/${app.visit}/note.pdf`, t("sign.note-pdf")), app.view.ledger.needled.length ? link(`/visits/${app.visit}/aftercare.pdf`, t("sign.aftercare-pdf")) : null, link(`/visits/${app.visit}`, t("sign.in-record"))),
      app.pack.me.may?.amend === false ? null : this.amending(),
    ];
  }

  amending() {
    const what = h("textarea", { id: "amend-text", rows: 2, maxlength: 5000 }), why = h("input", { id: "amend-reason", maxlength: 5000 }), said = h("p", { class: "differs", role: "alert" });
    const send = async () => {
      const answer = await this.post("amend", { text: what.value.trim(), reason: why.value.trim() });
      text(said, answer.status === 200 ? "" : problems(answer));
      if (answer.status === 200) await this.renewed(t("sign.amended"));
    };
    return h("details", {}, h("summary", {}, t("sign.amend")), h("label", { for: "amend-text" }, t("sign.amend-what")), what, h("label", { for: "amend-reason" }, t("sign.amend-why")), why, said, tap(this.deeds, t("sign.amend-add"), send, { class: "second" }));
  }

  byPassword() {
    if (!this.field.value) return this.field.focus();
    return this.sign(async () => ({ password: this.field.value }));
  }

  byPasskey() {
    return this.sign(async (csrf) => {
      // From the clinic: signing needs it in any case, so this part is not kept on the device.
      const { optionsOf, answerOf } = await import("/static/passkeys.js");
      const answer = await fetch("/account/passkey/challenge", { method: "POST", body: new URLSearchParams({ purpose: "prove" }), headers: { Accept: "application/json", "X-CSRF": csrf } });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.message);
      const credential = await navigator.credentials.get({ publicKey: optionsOf(told.publicKey ?? told) });
      return { passkey: answerOf(credential) };
    });
  }

  async sign(proof) {
    if (this.busy || hinders(this.app).length) return;
    this.busy = true;
    text(this.wrong, "");
    this.update();
    try {
      const csrf = await this.token(), shown = await this.lastEntry();
      const answer = await renewing(`/api/visits/${this.app.visit}/sign`, { shown, ...(await proof(csrf)) }, csrf);
      this.field.value = "";
      if (answer.status === 200) await this.renewed(t("sign.done"));
      else {
        text(this.wrong, problems(answer));
        await this.renewed(); // what the clinic misses may be asked for here
      }
    } catch (error) {
      text(this.wrong, error instanceof DOMException ? t("sign.no-passkey") : error.message);
    } finally {
      this.busy = false;
      this.key = "";
      this.update();
    }
  }

  async token() {
    const me = await asked("/api/bedside/me");
    if (me.status !== 200) throw new Error(me.says);
    return me.told.csrf;
  }

  /** The newest entry of the note as this page shows it; looked up once more, so that nothing unseen is signed. */
  async lastEntry() {
    const seen = new Set(this.app.entries.map((one) => one.id));
    await this.app.outbox.look?.();
    await new Promise((yes) => setTimeout(yes, this.app.waiting ? SENT : 0));
    if (this.app.entries.some((one) => !seen.has(one.id))) throw new Error(t("sign.unseen"));
    return this.app.pack.visit.last_entry;
  }

  async post(act, body) {
    return posted(`/api/visits/${this.app.visit}/${act}`, body, await this.token());
  }

  async renewed(words) {
    const answer = await asked(`/api/visits/${this.app.visit}/bedside`);
    if (answer.status === 200) Object.assign(this.app.pack, answer.told);
    this.key = "";
    this.app.changed();
    if (words) this.app.say(words);
  }
}

function problems(answer) {
  return [answer.says, ...(answer.told?.problems ?? []).map((one) => one.message)].join(" ");
}

function link(href, words) {
  return h("a", { class: "button second", href, target: "_blank", rel: "noopener" }, words);
}
