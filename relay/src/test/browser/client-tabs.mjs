// Two tabs of one browser share one session.   node client-tabs.mjs RELAY CHROMIUM
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, eventually, step } from "./page.mjs";

const [relay, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 15000;
const TAB = relay + "healthz"; // a document of the relay without a script of its own

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

await browse(TAB, executablePath, async first => {
  const second = await first.context().newPage();
  await second.goto(TAB);

  await step("two tabs have one session", async () => {
    await begin(first, ["EUR*"]);
    await begin(second, ["*"]);
    await Promise.all([live(first), live(second)]);
    assert.equal(await sessions(), 1);
  });

  await step("each has its own symbols and its own interval", async () => {
    await second.evaluate(() => grid.set({ interval: 1000 }));
    const [some, all] = await Promise.all([first, second].map(page => page.evaluate(() => grid.symbols)));
    assert.ok(some.length > 5 && some.every(symbol => symbol.startsWith("EUR")), some.join());
    assert.ok(all.length >= 50, all.join());
  });

  await step("a connection that is lost is one for both, and both go on", async () => {
    await please("cut-connections");
    await Promise.all([first, second].map(page => eventually(page, PATIENCE_MS, () => states.includes("waiting"))));
    await Promise.all([live(first), live(second)]);
    assert.equal(await sessions(), 1);
  });

  await step("the tab that stays goes on when the other is closed", async () => {
    await first.close();
    const before = await second.evaluate(() => grid.get("EURUSD").q);
    await eventually(second, PATIENCE_MS, q => grid.get("EURUSD").q > q && grid.get("EURUSD").state === "live", before);
    assert.equal(await sessions(), 1);
  });

  await step("a tab that is loaded again joins", async () => {
    const third = await second.context().newPage();
    await third.goto(TAB);
    await begin(third, ["GBP*"]);
    await live(third);
    await third.reload();
    await begin(third, ["GBP*"]);
    await live(third);
    assert.equal(await sessions(), 1);
    assert.deepEqual(await Promise.all([second, third].map(page => page.evaluate(() => faults))), [[], []], "the ledger adds up");
  });
}, { others: [relay], expected: /404/ }); // the document has no icon

function begin(page, symbols) {
  return page.evaluate(async wanted => {
    const { connect } = await import("/penstock.js");
    window.faults = [];
    window.states = [];
    window.px = connect(undefined, { share: true });
    px.on("broken", broken => faults.push(broken));
    px.on("error", error => faults.push(error));
    px.on("state", ({ state }) => states.push(state));
    window.grid = px.quotes({ symbols: wanted, interval: 100 });
    await grid.ready;
  }, symbols);
}

function live(page) {
  return eventually(page, PATIENCE_MS, () => grid.symbols.length > 0 && grid.symbols.every(symbol => grid.get(symbol).state === "live"));
}

/** Open sessions, as the relay counts them. */
async function sessions() {
  const metrics = await (await fetch(relay + "metrics")).text();
  return [...metrics.matchAll(/^penstock_sessions(?:{[^}]*})? ([\d.]+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
