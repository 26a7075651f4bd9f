// Small helpers for building the page: elements, tiles, roving focus, times and words.

import { t } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const LOCALE = t("frame.locale");
/** A second tap on the same thing within this many milliseconds is no tap. */
const GHOST = 250;

/**
 * An element. `props`: `class`, `on` ({click: act}), `data` ({kind: "needle.in"} becomes data-kind), `text`, and any
 * attribute; a value of null, undefined or false leaves an attribute out, true writes it empty (aria-* get the word).
 * @param {string} tag  @param {object} props  @param {...any} children text, nodes, lists of them; null and false are left out
 */
export function h(tag, props = {}, ...children) {
  return built(document.createElement(tag), props, children);
}

/** An SVG element, made as `h` makes others. */
export function s(tag, props = {}, ...children) {
  return built(document.createElementNS(SVG, tag), props, children);
}

function built(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(node, name, value);
  put(node, ...children);
  return node;
}

/** Set one property as `h` understands it. */
export function set(node, name, value) {
  if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
  else if (name === "data") for (const [key, word] of Object.entries(value)) attribute(node, `data-${key}`, word);
  else if (name === "text") node.textContent = value ?? "";
  else if (name === "value") node.value = value ?? "";
  else attribute(node, name, value);
}

function attribute(node, name, value) {
  if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) node.removeAttribute(name);
  else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}

/** Add children at the end; lists are opened, null and false are left out. */
export function put(node, ...children) {
  for (const child of children.flat(9)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

/** Put these in place of everything inside `node`; focus stays on a control that has the same `id` or `data-key`. */
export function fill(node, ...children) {
  const held = node.contains(document.activeElement) && document.activeElement !== node ? document.activeElement : null;
  const found = held && (held.id ? `#${CSS.escape(held.id)}` : held.dataset.key ? `[data-key="${CSS.escape(held.dataset.key)}"]` : "");
  node.replaceChildren();
  put(node, ...children);
  if (found) node.querySelector(found)?.focus({ preventScroll: true });
  return node;
}

let tapped = null, at = -Infinity;
addEventListener("click", ({ target }) => { if (!tapped?.contains(target)) tapped = null; }, true);

/** Whether a click on `node` is the second of one tap: nothing else was tapped since. */
export function bounces(node, { timeStamp }) {
  const second = node === tapped && timeStamp - at < GHOST;
  if (!second) [tapped, at] = [node, timeStamp];
  return second;
}

/**
 * A button that acts on click, never twice for one tap; what is tapped after something else is tapped anew.
 * @param {any} label  @param {(event: Event) => any} act  @param {object} props as for `h`
 */
export function button(label, act, props = {}) {
  const node = h("button", { type: "button", ...props }, label);
  node.addEventListener("click", (event) => {
    if (node.getAttribute("aria-disabled") !== "true" && !bounces(node, event)) act(event);
  });
  return node;
}

/** A button that says whether it is chosen. */
export function tile(label, pressed, act, props = {}) {
  return button(label, act, { ...props, class: `tile ${props.class ?? ""}`.trim(), "aria-pressed": Boolean(pressed) });
}

/** One stop for Tab inside `node`; arrows, Home and End move among its buttons, by their place on the screen. */
export function roving(node, what = "button") {
  const all = () => [...node.querySelectorAll(what)].filter((one) => one.offsetParent);
  const stop = (chosen) => all().forEach((one) => one.setAttribute("tabindex", one === chosen ? 0 : -1));
  node.addEventListener("focusin", ({ target }) => target.matches(what) && stop(target));
  node.addEventListener("keydown", (event) => {
    const from = event.target.closest(what), list = all();
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = next(list, from, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  });
  const settle = () => {
    const list = all();
    if (list.length && !list.some((one) => one.getAttribute("tabindex") === "0")) stop(list.find((one) => one.getAttribute("aria-pressed") === "true") ?? list[0]);
    else if (list.length) list.forEach((one) => one.hasAttribute("tabindex") || one.setAttribute("tabindex", -1));
  };
  requestAnimationFrame(settle);
  return Object.assign(node, { settle });
}

function next(list, from, key) {
  if (key === "Home") return list[0];
  if (key === "End") return list.at(-1);
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!way) return null;
  const middle = (one) => { const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  const [x, y] = middle(from);
  let best = null, least = Infinity;
  for (const one of list) {
    const [px, py] = middle(one), along = (px - x) * way[0] + (py - y) * way[1], aside = Math.abs((px - x) * way[1]) + Math.abs((py - y) * way[0]);
    const far = along + 3 * aside;
    if (one !== from && along > 4 && far < least) [best, least] = [one, far];
  }
  return best;
}

/** "a, b and c". */
export function words(list) {
  return list.length < 2 ? list.join("") : t("frame.list-and", { first: list.slice(0, -1).join(", "), last: list.at(-1) });
}

/** The first letter large. */
export function upper(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : "";
}

/** A day as people write it: 14 November 2026. */
export function day(iso, zone) {
  const date = new Date(iso.length === 10 ? `${iso}T12:00:00` : iso);
  return date.toLocaleDateString(LOCALE, { day: "numeric", month: "long", year: "numeric", ...(iso.length > 10 && zone ? { timeZone: zone } : {}) });
}

/** A time of day: 14:05; of a time as text or in milliseconds. */
export function clock(iso, zone) {
  return new Date(iso).toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", ...(zone ? { timeZone: zone } : {}) });
}

/** A moment of this device as ISO with its offset. */
export function moment(date = new Date()) {
  const off = -date.getTimezoneOffset(), two = (n) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
  return `${new Date(date.getTime() + off * 60000).toISOString().slice(0, -1)}${off < 0 ? "-" : "+"}${two(off / 60)}:${two(off % 60)}`;
}

/** An id that no other device makes. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const some = crypto.getRandomValues(new Uint8Array(16));
  some[6] = (some[6] & 15) | 64;
  some[8] = (some[8] & 63) | 128;
  const hex = [...some].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
