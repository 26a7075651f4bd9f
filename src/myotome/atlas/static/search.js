// A search box over names and other names; three letters are enough, and it forgives their place in the word.

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

/** Entries that match every word asked, best first: names that start so, words that start so, the rest. */
export function matches(index, asked) {
  const words = plain(asked).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const rank = (entry) => {
    let best = Infinity;
    [entry.name, ...entry.also].forEach((name, n) => {
      const text = plain(name);
      if (!words.every((word) => text.includes(word))) return;
      const starts = text.startsWith(words[0]) ? 0 : words.every((word) => text.split(/[\s,-]+/).some((part) => part.startsWith(word))) ? 1 : 2;
      best = Math.min(best, starts * 2 + (n ? 1 : 0));
    });
    return best;
  };
  return index.map((entry, n) => ({ entry, n, rank: rank(entry) })).filter((found) => found.rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.n - b.n).slice(0, 12).map((found) => found.entry);
}

/** Make `input` a combobox over `index`; `act` gets the entry chosen. */
export function search(input, list, index, act) {
  let found = [], current = -1;
  const show = () => {
    const text = input.value.trim();
    found = text.length >= 3 || /^[ctls]\d/i.test(text) ? matches(index, text) : [];
    current = -1;
    list.innerHTML = found.map((entry, n) => `<li id="found-${n}" role="option" aria-selected="false" data-n="${n}">${entry.name} <small>${{ muscle: "", level: "level", patch: "skin", nerve: "nerve" }[entry.kind]}</small></li>`).join("");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const take = (n) => {
    const entry = found[n];
    if (!entry) return;
    input.value = "";
    show();
    act(entry);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; show(); }
    if (event.key === "Enter") { take(Math.max(current, 0)); event.preventDefault(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !found.length) return;
    current = (current + step + found.length) % found.length;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === current)));
    input.setAttribute("aria-activedescendant", `found-${current}`);
    event.preventDefault();
  });
  list.addEventListener("click", ({ target }) => take(target.closest("li")?.dataset.n));
}
