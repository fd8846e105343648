// Pages whose connections a proxy cuts at any byte while a recording is played: in the end each shows what the relay has, and each event is that of a
// connection that was never cut, came once, or was counted missing.   node recorded.mjs RELAY PROXY
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import WebSocket from "ws";
import { differences, exact, starter, tapeOf } from "./account.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const [relay, proxy] = process.argv.slice(2);
const PAGES = 6;
const QUIET_WITHIN_MS = 30_000;
const please = starter(createInterface({ input: process.stdin })[Symbol.asyncIterator]());
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

const books = await eventually(async () => {
  const { symbols } = await (await fetch(relay + "v1/symbols?channel=book")).json();
  return symbols.length > 1 && symbols;
});
const reference = new Map();
const uncut = new WebSocket(relay.replace("http", "ws") + "v1/ws?channel=trade&symbols=*");
await new Promise(resolve => uncut.on("message", data => {
  const { type, data: entries = [] } = exact(String(data));
  if (type === "snapshot") resolve();
  for (const { s, q, v } of entries) reference.set(`${s} ${q}`, v);
}));

let resumed = 0, began = 0;
const faults = [];
const pages = Array.from({ length: PAGES }, page);
await please("cut");
await eventually(async () => {
  const wrong = (await Promise.all(pages.flatMap(({ grids }) => Object.entries(grids).map(([name, grid]) => differences(relay, name, grid))))).flat();
  pages.forEach(({ tape }) => reference.forEach((_, event) => {
    const [symbol, q] = event.split(" ");
    if (tape.untold(symbol, +q) > 0) wrong.push(`${event} is missing untold`);
  }));
  return wrong;
}, wrong => !wrong.length);
assert.deepEqual(faults, [], "the ledger adds up, and no message was unreadable");
for (const { tape } of pages) {
  for (const [event, value] of tape.values) assert.deepEqual(value, reference.get(event), event);
}
const { events, missing } = pages.map(({ tape }) => tape.total()).reduce((sum, each) => ({ events: sum.events + each.events, missing: sum.missing + each.missing }));
assert.ok(resumed > 100 && events > 1000, `${resumed} subscriptions resumed, ${events} events`);
console.log(`${resumed} subscriptions resumed, ${began} began; ${events} events, ${missing} reported missing`);
pages.forEach(({ px }) => px.close());
uncut.close();
process.stdin.destroy();

function page() {
  const px = connect(proxy + "v1/ws", { platform: {
    socket: (url, protocol) => {
      const socket = new WebSocket(url, protocol);
      // one that is cut before it is open
      socket.on("error", () => {});
      socket.on("message", data => {
        const text = String(data);
        if (text.includes('"op":"subscribe"')) text.includes('"resumed":true') ? resumed++ : began++;
      });
      return socket;
    },
    fetch: null,
    random: () => 0.02 * Math.random(),
  } });
  px.on("broken", broken => faults.push(broken));
  px.on("error", error => faults.push(error.message));
  const grids = { "quote, as it changes": px.quotes({ symbols: ["*"], interval: 20 }), "quote, every one": px.quotes({ symbols: ["*"], mode: "all" }),
    // these two share
    "quote, table as it changes": px.quotes({ symbols: books, interval: 50 }), "quote, pane as it changes": px.quotes({ symbols: [books[0]], interval: 0 }) };
  books.forEach((symbol, i) => { grids["book, " + symbol] = px.book(symbol, i ? { interval: 10 } : { mode: "all" }); });
  grids.trade = px.trades({ symbols: ["*"] });
  return { px, grids, tape: tapeOf(grids.trade) };
}

async function eventually(look, isWell = Boolean) {
  const end = Date.now() + QUIET_WITHIN_MS;
  let found = await look();
  while (!isWell(found)) {
    assert.ok(Date.now() < end, JSON.stringify(found));
    await pause(100);
    found = await look();
  }
  return found;
}
