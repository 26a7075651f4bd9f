// From which packets the needles of this visit come: the one used last by one tap, another by what it says.

import { h } from "../dom.js";
import { fold, valuesOfKind } from "../fold.js";
import { t } from "../texts.js";
import { packetOf } from "../words.js";
import { keyed, marks, tap, text } from "./parts.js";

const KIND = "packet.opened";
const HERE = "myotome-packet"; // the last one of this device: it says nothing of anybody
const SAYS = ["maker", "lot", "expires", "diameter_mm", "length_mm"];
const TYPED = ["maker", "lot", "expires"];

const keyOf = (packet) => JSON.stringify(SAYS.map((name) => packet[name] || null));
const each = (list) => [...new Map(list.map((one) => [keyOf(one), one])).values()];
const packetsIn = (view) => each(valuesOfKind(view, KIND).flatMap((one) => one.differing.map((head) => head.body)));
const lastHere = () => JSON.parse(localStorage.getItem(HERE) ?? "null");

/** The packets of the visit, those that are likely, and a form; `update()` tells them anew. */
export class Packets {
  constructor(deeds) {
    this.deeds = deeds;
    this.before = packetsIn(fold(deeds.app.pack.last?.entries ?? [])).at(-1);
    this.list = h("ul", { class: "packets" });
    this.likely = h("div", { class: "row" });
    this.node = h("section", { class: "from", "aria-labelledby": "from-title" }, h("h3", { id: "from-title" }, t("needle.packets")), this.list, this.likely, this.form());
  }

  form() {
    this.fields = Object.fromEntries(TYPED.map((name) => [name, h("input", { id: `packet-${name}`, name, autocomplete: "off", spellcheck: "false", maxlength: 100 })]));
    this.fields.expires.placeholder = t("needle.packet-expires-as");
    this.wrong = h("p", { class: "problem", role: "alert" });
    const rows = TYPED.map((name) => h("div", {}, h("label", { for: `packet-${name}` }, t(`needle.packet-${name}`)), this.fields[name]));
    const form = h("form", { class: "packet-form", novalidate: true, on: { submit: (event) => { event.preventDefault(); this.typed(); } } },
      rows, h("button", { type: "submit", class: "second", data: { kind: KIND } }, t("needle.packet-add")), this.wrong);
    this.other = h("details", { class: "packet-other" }, h("summary", {}, t("needle.packet-other")), form);
    return this.other;
  }

  update() {
    const { app, mayChart: may } = this.deeds, opened = packetsIn(app.view), known = opened.map(keyOf);
    keyed(this.list, opened.length ? opened : [{}], keyOf, () => h("li", {}), (node, one) => this.tell(node, one, opened.length ? packetOf(one) : t("needle.packet-none")));
    const likely = each([lastHere(), this.before].filter((one) => one && !known.includes(keyOf(one))));
    keyed(this.likely, likely, keyOf, (one) => tap(this.deeds, "", () => this.open(one), { class: "second", data: { kind: KIND, value: "again" } }), (node, one) => {
      this.tell(node, one, t("needle.packet-again", { packet: packetOf(one) }));
      marks(node, { "aria-disabled": !may });
    });
    this.other.hidden = !may;
  }

  /** A packet in words; that its date is over is said and hinders nothing. */
  tell(node, { expires }, words) {
    const over = Boolean(expires) && expires < this.deeds.app.pack.visit.day.slice(0, 10);
    text(node, over ? t("needle.packet-over", { packet: words }) : words);
    node.classList.toggle("warned", over);
  }

  open(packet, gesture = "tap") {
    const body = Object.fromEntries(SAYS.filter((name) => packet[name]).map((name) => [name, packet[name]]));
    return this.deeds.after(async () => {
      await this.deeds.app.note(KIND, body, { gesture });
      localStorage.setItem(HERE, JSON.stringify(body));
    });
  }

  typed() {
    const [maker, lot, on] = TYPED.map((name) => this.fields[name].value.trim()), expires = on && dayOn(on);
    text(this.wrong, !maker && !lot ? t("needle.packet-empty") : expires === null ? t("needle.packet-no-day") : "");
    if (this.wrong.textContent) return;
    this.open({ maker, lot, expires }, "typed");
    for (const field of Object.values(this.fields)) field.value = "";
    this.other.open = false;
  }
}

/** The day that a packet names, as an ISO day; of a month its last day; null where it is none. */
function dayOn(typed) {
  const parts = typed.split(/\D+/).filter(Boolean).map(Number), [year, month, day] = parts.at(-1) > 999 ? parts.reverse() : parts;
  if (!(year >= 2000 && year <= 2100 && month >= 1 && month <= 12) || parts.length > 3) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > last ? null : new Date(Date.UTC(year, month - 1, day ?? last)).toISOString().slice(0, 10);
}
