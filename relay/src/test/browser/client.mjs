// Looks at a page of another host that imports the client from a relay.   node client.mjs RELAY CHROMIUM FROZEN_MS
// RELAY is a proxy's address, so that its connections can be cut.
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { browse, eventually, freeze, step } from "./page.mjs";

const [relay, executablePath, frozenMs] = process.argv.slice(2);
const PATIENCE_MS = 15000;
const STALE_MS = 1000; // what the client promises
const PAGE = `<!doctype html><title>prices</title><link rel="icon" href="data:,"><table></table>
<script type="module">
  import { connect } from "${relay}penstock.js";
  const rows = new Map();
  window.faults = [];
  // no worker can be shared with a page of another host: it has a session of its own
  window.px = connect(undefined, { share: true });
  px.on("broken", broken => faults.push(broken));
  px.on("error", error => faults.push(error));
  window.grid = px.quotes({ symbols: ["*"], interval: 0 });
  window.frames = 0;
  grid.on("frame", changed => {
    window.frames++;
    for (const symbol of changed) {
      if (!rows.has(symbol)) rows.set(symbol, document.querySelector("table").insertRow());
      const row = rows.get(symbol), view = grid.get(symbol);
      row.replaceChildren(...[symbol, view?.q, view?.bid, view?.ask, view?.state].map(text => {
        const cell = document.createElement("td");
        cell.textContent = text;
        return cell;
      }));
    }
  });
</script>`;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

const host = createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(PAGE));
host.listen(0, "127.0.0.1");
await once(host, "listening");
const url = `http://127.0.0.1:${host.address().port}/`;

await browse(url, executablePath, async (page, logged, open) => {
  const acks = [];
  page.on("websocket", socket => socket.on("framereceived", ({ payload }) => { if (payload.includes('"type":"ack"')) acks.push(JSON.parse(payload)); }));
  await page.reload();

  await step("a page of another host shows live rows", () => all(page, "live"));

  const frozen = await open();
  let thaw, frozenAtMs;
  await step("a tab of another browser is frozen", async () => {
    await frozen.goto(url);
    await all(frozen, "live");
    await frozen.evaluate(() => {
      let last = performance.now();
      window.longest = 0;
      setInterval(() => { window.longest = Math.max(longest, performance.now() - last); last = performance.now(); }, 50);
    });
    thaw = await freeze(frozen);
    frozenAtMs = performance.now();
  });

  await step("without its upstream all is stale within a second, and what it shows is the relay's snapshot", async () => {
    await please("kill-upstream");
    await all(page, "stale", STALE_MS);
    const snapshot = await (await fetch(relay + "v1/snapshot")).text();
    const expected = [...snapshot.matchAll(/"s":"(\w+)","q":(\d+),.*?"bid":([\d.]+),"ask":([\d.]+)/g)].map(found => [...found.slice(1), "stale"].join());
    assert.ok(expected.length >= 50, snapshot);
    assert.deepEqual(await rows(page), expected.sort());
  });

  await step("with its upstream back all is live", async () => {
    await please("restart-upstream");
    await all(page, "live");
  });

  await step("another interval shows in the rate of frames", async () => {
    const fast = await framesIn(page, 1000);
    await page.evaluate(() => grid.set({ interval: 1000 }));
    await framesIn(page, 1000);
    const slow = await framesIn(page, 3000) / 3;
    assert.ok(fast > 10 && slow < 3, `${fast} and ${slow} frames a second`);
    await page.evaluate(() => grid.set({ interval: 50 }));
  });

  await step("the tab that was frozen comes back right", async () => {
    await new Promise(resolve => setTimeout(resolve, frozenAtMs + Number(frozenMs) - performance.now()));
    const { data } = await (await fetch(relay + "v1/snapshot")).json();
    thaw();
    await eventually(frozen, PATIENCE_MS, entries => entries.every(({ s, q }) => grid.get(s).q >= q && grid.get(s).state === "live"), data);
    await all(frozen, "live");
    const longest = await frozen.evaluate(() => window.longest);
    assert.ok(longest > 0.9 * frozenMs, `no timer ran for ${longest} ms`);
    assert.deepEqual(await frozen.evaluate(() => faults), [], "the ledger adds up");
    await frozen.context().browser().close();
  });

  await step("a connection that is cut goes on from where it was", async () => {
    const before = acks.length;
    await please("cut-connections");
    await eventually(page, PATIENCE_MS, () => px.state !== "open");
    await all(page, "live");
    const [ack] = acks.slice(before).filter(each => each.op === "subscribe");
    assert.equal(ack.resumed, true, JSON.stringify(ack));
  });

  await step("a relay that is started again is found again, and counts from the beginning", async () => {
    const before = acks.length;
    await please("restart-relay");
    await eventually(page, PATIENCE_MS, () => px.state !== "open");
    await all(page, "live");
    const [ack] = acks.slice(before).filter(each => each.op === "subscribe");
    assert.equal(ack.resumed, false, JSON.stringify(ack));
  });

  assert.deepEqual(await page.evaluate(() => faults), [], "the ledger adds up");
}, { others: [relay], expected: /WebSocket connection to .* failed/ }); // its connections are cut
host.close();

/** Every row is there, and in that state. */
function all(page, state, withinMs = PATIENCE_MS) {
  return eventually(page, withinMs, wanted => {
    const states = [...document.querySelectorAll("tr")].map(row => row.cells[4].textContent);
    return states.length >= 50 && states.every(each => each === wanted);
  }, state);
}

async function rows(page) {
  return (await page.evaluate(() => [...document.querySelectorAll("tr")].map(row => [...row.cells].map(cell => cell.textContent).join()))).sort();
}

async function framesIn(page, ms) {
  const before = await page.evaluate(() => frames);
  await page.waitForTimeout(ms);
  return await page.evaluate(() => frames) - before;
}
