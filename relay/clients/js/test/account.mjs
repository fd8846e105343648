// What scripts share that compare a client with a relay.
import assert from "node:assert/strict";

/** JSON in which each number is text. */
export const exact = text => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, part => part[0] === '"' ? part : `"${part}"`));

/** How what a grid shows is unlike the relay's snapshot. The grid's name begins with its channel; "two" in it: it shows a part of each value; "pane": some symbols. */
export async function differences(relay, name, grid) {
  const [channel] = name.split(",");
  const query = { channel, ...name.includes("two fields") && { fields: "n,b" }, ...name.includes("two levels") && { depth: 2 } };
  const { data } = exact(await (await fetch(`${relay}v1/snapshot?${new URLSearchParams(query)}`)).text());
  const expected = data.filter(entry => !/book|pane/.test(name) || grid.get(entry.s));
  if (!expected.length) return [name + " has nothing"];
  return expected.flatMap(({ s, q, v, st }) => {
    const view = grid.get(s);
    // an update that changes nothing of what is shown is not sent
    const isAsNew = /two|as it changes/.test(name) ? view?.q <= +q : view?.q === +q;
    try {
      assert.deepEqual({ v: view?.v, state: view?.state, isAsNew }, { v, state: st ?? "live", isAsNew: true });
      return [];
    } catch (error) {
      return [`${name} ${s} at ${view?.q} of ${q}: ${error.message}`];
    }
  });
}

/** Reads events and keeps the account of them: each sequence rises, and what it skips was counted missing before. */
export function tapeOf(grid) {
  const last = {}, values = new Map();
  // symbols whose next event may follow a gap of an unknown number
  let unknown = new Set(), events = 0, counted = 0, missing = 0, isExact = true;
  const untold = (symbol, q) => unknown.has(symbol) ? 0 : q - last[symbol] - counted;
  (async () => {
    for await (const event of grid) {
      if (event.gap) {
        if (event.missed === undefined) {
          isExact = false;
          unknown = new Set(Object.keys(last));
          // counts begin again
          counted = 0;
        } else {
          counted += event.missed;
          missing += event.missed;
        }
        continue;
      }
      const { symbol, q, v } = event;
      if (last[symbol] !== undefined) {
        assert.ok(q > last[symbol], `${symbol} ${q} after ${last[symbol]}`);
        assert.ok(untold(symbol, q - 1) <= 0, `${untold(symbol, q - 1)} events of ${symbol} are missing untold`);
        if (!unknown.delete(symbol)) counted -= q - last[symbol] - 1;
      }
      last[symbol] = q;
      values.set(`${symbol} ${q}`, v);
      events++;
    }
  })().catch(error => { console.error(error.message); process.exit(1); });
  return { values, untold, total: () => ({ events, missing, isExact }) };
}

/** The starter of this script does what `word` means. */
export function starter(answers) {
  return async word => {
    console.log("do " + word);
    assert.equal((await answers.next()).value, "done", word);
  };
}
