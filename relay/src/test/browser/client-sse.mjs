// Looks at a page behind a proxy that lets no WebSocket through.   node client-sse.mjs RELAY CHROMIUM
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { createInterface } from "node:readline";
import { browse, eventually, step } from "./page.mjs";

const [relay, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 15000;
const STALE_MS = 1000; // what the client promises
const PAGE = `<!doctype html><title>prices</title><link rel="icon" href="data:,">
<script type="module">
  import { connect } from "/penstock.js";
  window.faults = [];
  window.states = [];
  window.px = connect();
  px.on("state", ({ state }) => states.push(state));
  px.on("broken", broken => faults.push(broken));
  px.on("error", error => faults.push(error.message));
  window.grid = px.quotes({ symbols: ["*"], interval: 50 });
  window.one = px.quotes({ symbols: ["EURUSD"], interval: 0, fields: ["bid"] });
</script>`;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

let upgrades = 0;
const streams = new Set();
const proxy = createServer((incoming, response) => {
  if (incoming.url === "/prices.html") {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(PAGE);
    return;
  }
  const { hostname, port } = new URL(relay), { method, url: path, headers } = incoming;
  const outgoing = request({ hostname, port, method, path, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  incoming.pipe(outgoing);
  if (path.startsWith("/v1/sse")) streams.add(response);
  response.on("close", () => { streams.delete(response); outgoing.destroy(); });
});
proxy.on("upgrade", (_, socket) => { upgrades++; socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"); });
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");

await browse(`http://127.0.0.1:${proxy.address().port}/prices.html`, executablePath, async page => {
  const asked = [];
  page.on("request", each => asked.push(each.url()));

  await step("prices come by server-sent events, with a stream for each subscription and one for the session", async () => {
    await all(page, "live");
    assert.equal(streams.size, 3);
    assert.ok(upgrades >= 3, `${upgrades} upgrades`);
  });

  await step("what it shows without its upstream is stale within a second, and the relay's snapshot", async () => {
    await please("kill-upstream");
    await all(page, "stale", STALE_MS);
    const { data } = JSON.parse((await (await fetch(relay + "v1/snapshot")).text()).replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, part => part[0] === '"' ? part : `"${part}"`));
    const shown = await page.evaluate(() => grid.symbols.map(symbol => [symbol, grid.get(symbol).v, grid.get(symbol).q]));
    assert.deepEqual(shown.sort(), data.map(({ s, v, q }) => [s, v, +q]).sort());
    await please("restart-upstream");
    await all(page, "live");
  });

  await step("another interval shows in the rate of updates, and no value is stale for that", async () => {
    await page.evaluate(() => { window.stale = 0; grid.on("frame", () => { if (grid.get("EURUSD").state !== "live") window.stale++; }); grid.set({ interval: 2000 }); });
    await page.waitForTimeout(1000);
    const q = () => page.evaluate(() => grid.get("EURUSD").q);
    const before = await q();
    await eventually(page, PATIENCE_MS, earlier => grid.get("EURUSD").q > earlier && grid.get("EURUSD").c > 100, before);
    assert.equal(await page.evaluate(() => window.stale), 0);
  });

  await step("streams that are cut go on from where they were", async () => {
    await page.evaluate(() => { states.length = 0; });
    asked.length = 0;
    for (const stream of streams) stream.destroy();
    await eventually(page, PATIENCE_MS, () => states.includes("waiting"));
    await all(page, "live");
    assert.equal(asked.filter(address => /lastEventId=\d+-[1-9]/.test(address)).length, 2, asked.join("\n"));
  });

  await step("a page that is closed leaves no stream", async () => {
    await page.evaluate(() => px.close());
    const end = Date.now() + PATIENCE_MS;
    while (streams.size) {
      assert.ok(Date.now() < end, `${streams.size} streams are open`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  });

  assert.deepEqual(await page.evaluate(() => faults), [], "the ledger adds up");
}, { others: [`http://127.0.0.1:${proxy.address().port}/`], expected: /WebSocket connection to .* failed|net::ERR_/ }); // what the proxy refuses, and what is cut
proxy.close();
proxy.closeAllConnections();

/** Every value is in that state. */
function all(page, state, withinMs = PATIENCE_MS) {
  return eventually(page, withinMs, wanted => grid.symbols.length >= 50 && [...grid.symbols.map(symbol => grid.get(symbol)), one.get()].every(view => view?.state === wanted), state);
}
