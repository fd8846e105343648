// Which symbols a search or a watch list means.

const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `*` is any run of characters. */
const exactGlob = term => new RegExp(`^${term.split("*").map(escape).join(".*")}$`);
const glob = term => exactGlob(term.toUpperCase());

export const termsOf = text => text.trim().split(/[\s,]+/).filter(term => term);

/** Terms with a star are patterns of the whole symbol, others are a part of it; any of them will do. */
export function searches(text) {
  const terms = termsOf(text), patterns = terms.map(term => term.includes("*") ? glob(term) : new RegExp(escape(term.toUpperCase())));
  return symbol => !patterns.length || patterns.some(pattern => pattern.test(symbol.toUpperCase()));
}

/** Entries of a watch list are whole symbols or patterns. */
export function isListed(entries) {
  const names = new Set(entries), patterns = entries.filter(entry => entry.includes("*")).map(glob);
  return symbol => names.has(symbol) || patterns.some(pattern => pattern.test(symbol.toUpperCase()));
}

/** Whether a subscription to these patterns has the symbol: there, case counts. */
export const isMatched = (symbol, patterns) => patterns.some(pattern => exactGlob(pattern).test(symbol));
