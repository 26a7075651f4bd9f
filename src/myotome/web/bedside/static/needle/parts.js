// Small pieces of the needle and close steps: lists that keep their nodes, tiles that act once, times in words.

import { button, h } from "../dom.js";

/** Keep one node for each item: a node under a finger is never replaced, only told anew. */
export function keyed(node, items, key, make, update) {
  const held = (node.held ??= new Map()), seen = new Set();
  items.forEach((item, n) => {
    const name = key(item);
    seen.add(name);
    if (!held.has(name)) held.set(name, make(item));
    const one = held.get(name);
    update(one, item, n);
    if (node.children[n] !== one) node.insertBefore(one, node.children[n] ?? null);
  });
  for (const [name, one] of held) if (!seen.has(name)) { one.remove(); held.delete(name); }
}

/** Set text only where it differs. */
export function text(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** Set several attributes, only where they differ; null takes one away. */
export function marks(node, told) {
  for (const [name, value] of Object.entries(told)) {
    if (value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

/** A button whose act goes through the guard against double taps. */
export function tap(deeds, label, act, props = {}) {
  const node = h("button", { type: "button", ...props }, label);
  node.addEventListener("click", (event) => deeds.tap(event, () => act(event, node)));
  return node;
}

/** One of several choices; `given` says which of them stands. */
export function strip(label, options, act, props = {}) {
  const tiles = options.map(([value, words]) => button(words, () => act(value), { class: "tile", data: { value, ...(props.data ?? {}) }, "aria-pressed": false }));
  const node = h("div", { class: `choice ${props.class ?? (options.some(([, words]) => words.length > 10) ? "long" : "")}`.trim(), role: "group", "aria-label": label }, h("span", { class: "choice-of", "aria-hidden": "true" }, label), h("div", { class: "tiles" }, tiles));
  node.told = (given) => tiles.forEach((one) => marks(one, { "aria-pressed": [given].flat().map(String).includes(one.dataset.value) }));
  return node;
}

/** "0:45", "12:05", "1:02:05". */
export function lasted(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (one) => String(one).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
