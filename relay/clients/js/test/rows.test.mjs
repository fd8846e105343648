// Rows are read as the page of the protocol has them, and prove the ledger.
//   PENSTOCK_CLIENT=URL: another build of the client
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { FakeRelay } from "../fake.js";
import { settled, World } from "./world.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const page = readFileSync(new URL("../../../docs/reference/protocol.md", import.meta.url), "utf8");
const section = page.slice(page.indexOf("## Rows"), page.indexOf("## Raw payloads"));
const [rows, json] = section.split("```json\n").slice(1).map(block => block.slice(0, block.indexOf("\n```")).split("\n"));

const WELCOME = JSON.stringify({ type: "welcome", epoch: 7, heartbeat: 5000, limits: { minInterval: 0, maxInterval: 60000 },
  feed: { name: "demo", state: "live", channels: [{ name: "quote", class: "last-value", default: true }] } });

/** A client with the image that the messages of the page follow; what it receives is of its only subscription. */
async function open() {
  const world = new World(), px = connect("ws://relay/v1/ws", { platform: world.platform }), broken = [];
  const grid = px.quotes({ symbols: ["EURUSD"] });
  px.on("broken", detail => broken.push(detail));
  await settled();
  world.accept();
  world.receive(WELCOME);
  const { id, sub } = JSON.parse(world.socket.sent.pop());
  const receive = text => world.receive(text.replaceAll('"grid"', JSON.stringify(sub)));
  receive(`{"type":"ack","id":${id},"op":"subscribe","sub":"grid","replaces":"all","resumed":false}`);
  receive('{"type":"snapshot","sub":"grid","ts":1795231181329000,"epoch":7,"replaces":"all","p":1,"last":true,"data":[{"s":"EURUSD","q":1,"v":{"bid":1.10384,"ask":1.10386}}]}');
  return { world, px, grid, broken, receive };
}

it("rows are asked for first, and JSON is taken from a relay without them", async () => {
  const { world, px } = await open();
  assert.deepEqual(world.socket.protocol, ["penstock.v1.rows", "penstock.v1.json"]);
  px.close();
});

it("a client has of the rows of the page what it has of the JSON", async () => {
  const [a, b] = [await open(), await open()];
  assert.equal(json.length, rows.filter(text => text.startsWith("[")).length);
  for (const text of rows) {
    a.receive(text);
    if (text.startsWith("[")) {
      b.receive(json.shift());
      assert.deepEqual(a.grid.get("EURUSD"), b.grid.get("EURUSD"));
    }
  }
  assert.equal(a.grid.get("EURUSD").q, 9);
  assert.deepEqual([a.broken, b.broken], [[], []]);
  a.px.close();
  b.px.close();
});

for (const [name, texts] of Object.entries({
  "a sum that does not add up breaks the ledger": ['{"type":"rows","sub":"grid","columns":["ask"],"topics":[[0,"EURUSD",1]]}', '["grid",1795231181330000,3,3,[0,1,1700,1,1.10387]]'],
  "rows of a topic that nothing announced break it": ['["grid",1795231181330000,3,2,[0,1,1700,1,1.10387]]'],
  "a topic announced with another sequence than that of its image breaks it": ['{"type":"rows","sub":"grid","columns":["ask"],"topics":[[0,"EURUSD",2]]}', '["grid",1795231181330000,3,3,[0,1,1700,1,1.10387]]'],
})) {
  it(name, async () => {
    const { world, px, grid, broken, receive } = await open();
    texts.forEach(receive);
    assert.equal(broken.length, 1);
    assert.equal(grid.get("EURUSD").state, "stale");
    assert.deepEqual(world.socket.sent.map(text => JSON.parse(text).op), ["unsubscribe", "subscribe"]);
    px.close();
  });
}

it("a topic that is announced again counts from there", async () => {
  const { px, grid, broken, receive } = await open();
  rows.slice(0, 2).forEach(receive);
  receive('{"type":"snapshot","sub":"grid","ts":1795231181330000,"epoch":7,"replaces":"one","p":4,"data":[{"s":"EURUSD","q":3,"v":{"bid":1.2}}]}');
  receive('{"type":"rows","sub":"grid","topics":[[0,"EURUSD",3]]}');
  receive('["grid",1795231181330000,6,5,[0,2,null,1,1.3]]');
  assert.deepEqual([broken, grid.get("EURUSD").q, grid.get("EURUSD").ask], [[], 5, "1.3"]);
  px.close();
});

it("values of all kinds, with blanks, are what they are in JSON", async () => {
  const { px, grid, receive } = await open();
  const values = ['1.10', '"a\\"[b"', 'null', 'true', '[ ]', '[ 1.0 , [2,"x,]"] ]', '{ "a" : [1.50, {"b\\"}":"]"}] }', '-1e5'];
  const names = values.map((_, i) => "f" + i);
  receive(`{"type":"rows","sub":"grid","columns":${JSON.stringify(names)},"topics":[[7,"EURUSD",1]]}`);
  receive(`["grid",1795231181330000,6,2,[7,1,null,255,${values}]]`);
  const expected = ["1.10", 'a"[b', null, true, [], ["1.0", ["2", "x,]"]], { a: ["1.50", { 'b"}': "]" }] }, "-1e5"];
  assert.deepEqual(names.map(name => grid.get("EURUSD")[name]), expected);
  px.close();
});

it("the relay in memory speaks rows to who offers them", async () => {
  const relay = new FakeRelay(), heard = [];
  const platform = { ...relay.platform, socket: (url, protocols) => {
    const socket = relay.platform.socket(url, protocols);
    queueMicrotask(() => {
      const { onmessage } = socket;
      socket.onmessage = event => { heard.push(event.data); onmessage(event); };
    });
    return socket;
  } };
  const px = connect("ws://fake", { platform }), grid = px.quotes({ symbols: ["EUR/USD"], interval: 0 });
  for (const bid of ["1.10", "1.20", "1.30"]) {
    relay.publish("quote", "EUR/USD", `{"bid":${bid}}`);
    await relay.pass(1000);
  }
  assert.equal(grid.get("EUR/USD").bid, "1.30");
  assert.equal(heard.filter(text => text.startsWith("[")).length, 2);
  assert.equal(heard.filter(text => text.startsWith('{"type":"rows"')).length, 1);
  px.close();
});
