// A page whose connection is cut again and again, against a relay: what it shows in the end is the relay's snapshot, and each event came once or
// was counted missing.   node disconnects.mjs RELAY CUTS
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { differences, starter, tapeOf } from "./account.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const [relay, cuts] = process.argv.slice(2);
const QUIET_WITHIN_MS = 30_000;
const CUTS_TO_AN_UPSTREAM_CUT = 25;

const please = starter(createInterface({ input: process.stdin })[Symbol.asyncIterator]());
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

let socket, complete = 0, resumed = 0, began = 0;
const px = connect(relay + "v1/ws", { platform: {
  socket: (url, protocol) => {
    socket = new WebSocket(url, protocol);
    complete = 0;
    // a socket that is cut before it is open
    socket.on("error", () => {});
    socket.on("message", data => {
      const text = String(data);
      if (text.includes('"op":"subscribe"')) text.includes('"resumed":true') ? resumed++ : began++;
      if (text.includes('"last":true')) complete++;
    });
    return socket;
  },
  random: () => 0.02 * Math.random(),
} });
const broken = [];
px.on("broken", each => broken.push(each));
px.on("error", each => broken.push(each));

const grids = {
  "quote, changes": px.quotes({ symbols: ["*"], interval: 20 }),
  "quote, every one": px.quotes({ symbols: ["S0", "S1", "S2", "S3"], mode: "all" }),
  // these two share, and what the pane has changes
  "quote, table": px.quotes({ symbols: ["S0", "S1", "S2", "S3"], interval: 40 }),
  "quote, pane": px.quotes({ symbols: ["S1"], interval: 0 }),
  "quote, whole": px.quotes({ symbols: ["*"], interval: 0, delta: false }),
  "stats": px.quotes({ channel: "stats", symbols: ["S*"], interval: 10 }),
  "stats, two fields": px.quotes({ channel: "stats", symbols: ["*"], interval: 20, fields: ["n", "b"] }),
  "stats, every one": px.quotes({ channel: "stats", symbols: ["*"], mode: "all" }),
  "book": px.book("S0", { interval: 0 }),
  "book, two levels": px.book("S1", { interval: 10, depth: 2 }),
  "book, every change": px.book("S2", { mode: "all" }),
  "trade": px.trades({ symbols: ["*"] }),
};
const SUBSCRIPTIONS = Object.keys(grids).length + 1;
const tape = tapeOf(px.trades({ symbols: ["*"], overflow: "gap" }));

for (let i = 1; i <= cuts; i++) {
  // some are cut during the handshake, some while snapshots come, most when all is there
  if (i % 4) await until(() => px.state === "open");
  if (i % 8 > 2) await until(() => complete >= SUBSCRIPTIONS);
  if (i % 2) grids["quote, pane"].set({ symbols: [`S${i % 4}`, `S${(i >> 2) % 4}`], interval: i % 3 * 10 });
  await pause(20 * Math.random());
  socket.terminate();
  if (i % CUTS_TO_AN_UPSTREAM_CUT === 0) await please("drop-upstream");
}
await please("send-no-more");
let wrong;
const end = Date.now() + QUIET_WITHIN_MS;
do {
  await pause(100);
  wrong = (await Promise.all(Object.entries(grids).map(([name, grid]) => differences(relay, name, grid)))).flat();
} while (wrong.length && Date.now() < end);
assert.deepEqual(wrong, []);
assert.deepEqual(broken, [], "the ledger adds up");
assert.ok(resumed > cuts && began > 0, `${resumed} resumed, ${began} began`);
const { events, missing, isExact } = tape.total();
console.log(`${cuts} cuts: ${resumed} subscriptions resumed, ${began} began; ${events} events, ${missing} reported missing${isExact ? ", none untold" : ""}`);
px.close();
process.stdin.destroy();

async function until(condition) {
  const end = Date.now() + QUIET_WITHIN_MS;
  while (!condition()) {
    assert.ok(Date.now() < end, "the client does not come back: " + px.state);
    await pause(1);
  }
}
