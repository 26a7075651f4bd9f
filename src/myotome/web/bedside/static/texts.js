// What the page says, by name. The texts (texts/en/*.toml) stand in the page itself, as a <meta> and not as a script of
// its own, so they are there before anything.

const node = document.getElementById("texts");
const texts = node ? JSON.parse(node.content) : {};
const listed = Object.values(texts);
const plurals = new Intl.PluralRules(document.documentElement.lang || "en");

/**
 * A text by its name, its `{names}` filled from `values`; where it has forms, the one for the number `values.n`.
 * A name without a text is shown as it is: better a strange word than no page. A joined script gives places for names.
 */
export function t(name, values = {}) {
  const found = listed[name] ?? texts[name] ?? String(name);
  const words = typeof found === "string" ? found : (found[plurals.select(values.n)] ?? found.other);
  return words.replace(/\{(\w+)\}/g, (whole, one) => values[one] ?? whole);
}
