// The atlas page: the picker, what is known of the part chosen, overlays, light and dark.

import { Picker, labelOf } from "../atlas-js/picker.js";

const picker = new Picker(document.getElementById("picker"), new URL(".", location.href).pathname.slice(0, -1));
const beside = document.getElementById("beside").content;
picker.at("plates").after(beside.cloneNode(true));
const told = document.querySelector(".told"), legend = document.querySelector(".legend");
window.atlasPicker = picker;

picker.addEventListener("atlas:pick", async ({ detail }) => {
  const known = await fetch(`about?${new URLSearchParams({ kind: detail.kind, name: detail.name })}`).then((r) => r.json());
  tell(detail, known);
});

function tell(part, known) {
  told.replaceChildren();
  const add = (tag, text, to = told) => Object.assign(to.appendChild(document.createElement(tag)), { textContent: text ?? "" });
  add("h2", part.kind === "level" ? `Level ${labelOf(part)}` : labelOf(part));
  if (known.also?.length) add("small", `also ${known.also.slice(0, 4).join(", ")}`);
  if (known.roots.length) {
    const roots = add("div");
    roots.className = "roots";
    roots.setAttribute("role", "list");
    roots.setAttribute("aria-label", "Segments and how strongly each supplies it");
    for (const [root, weight] of known.roots) {
      const row = add("div", "", roots);
      row.setAttribute("role", "listitem");
      row.style.display = "contents";
      add("span", root, row);
      const bar = add("span", "", row);
      add("i", "", bar).style.width = `${Math.round(weight * 100)}%`;
      add("span", weight.toFixed(2), row);
    }
  }
  const list = add("dl");
  for (const [label, text] of known.lines) {
    add("dt", label, list);
    add("dd", text, list);
  }
  const details = add("details");
  add("summary", `${known.sources.length} source${known.sources.length === 1 ? "" : "s"}`, details);
  const sources = add("ul", "", details);
  for (const [citation, grade, quote] of known.sources) {
    const item = add("li", `${citation} [${grade}]`, sources);
    if (quote) add("q", quote, item);
  }
}

const overlay = document.getElementById("overlay");
overlay.addEventListener("change", async () => {
  const [over, of = ""] = overlay.value.split("|");
  await picker.lay(over ? { over, of } : null);
  legend.hidden = !over;
  if (!over) return;
  const said = await fetch(`legend?${new URLSearchParams({ over, of })}`).then((r) => r.json());
  legend.replaceChildren(...said.legend.map(([words, colour]) => {
    const item = document.createElement("li"), swatch = document.createElement("b");
    swatch.style.background = colour;
    item.append(swatch, words);
    return item;
  }));
});

const theme = document.getElementById("theme");
function wear(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("plate-style").href = `plate.css?theme=${name}`;
  theme.setAttribute("aria-pressed", String(name === "dark"));
}
theme.addEventListener("click", () => wear(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
wear(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

await picker.ready;
const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
document.getElementById("segments").append(...picker.index.filter((e) => e.kind === "level").map((e) => option(`segment|${e.name}`, e.name)));
document.getElementById("nerves").append(...picker.index.filter((e) => e.kind === "nerve").map((e) => option(`nerve|${e.name}`, e.name)));
