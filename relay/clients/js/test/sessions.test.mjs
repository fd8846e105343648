// What a page does when it hears of the session.
import assert from "node:assert/strict";
import { it } from "node:test";
import { FakeRelay } from "../fake.js";
import { connect } from "../penstock.js";

it("a page that subscribes when the session opens asks once, and knows the channels", async () => {
  const relay = new FakeRelay(), requests = [], wrong = [];
  const socket = (...address) => {
    const opened = relay.platform.socket(...address), { send } = opened;
    opened.send = text => { requests.push(JSON.parse(text).op); send(text); };
    return opened;
  };
  const px = connect("ws://fake", { platform: { ...relay.platform, socket } });
  px.on("broken", each => wrong.push(each));
  relay.publish("quote", "EUR/USD", { bid: 1 });
  let grid;
  px.on("state", ({ state }) => {
    if (state === "open") grid ??= px.quotes({ symbols: ["EUR/USD"], interval: 0 });
  });
  await relay.pass(0);
  for (let i = 0; i < 5; i++) {
    relay.publish("quote", "EUR/USD", { bid: 2 + i });
    await relay.pass(10);
  }
  assert.equal(grid.get("EUR/USD").bid, "6");
  assert.ok(px.welcome.feed.channels.some(channel => channel.name === "quote"));
  assert.deepEqual(requests, ["subscribe"]);
  px.close();
  assert.deepEqual(wrong, []);
});
