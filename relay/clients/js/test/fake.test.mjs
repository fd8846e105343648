// The fake relay, as tests of pages use it; and the client against it at random.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeRelay } from "../fake.js";
import { connect } from "../penstock.js";

/** A relay and a client that is to be right in the end. */
function rig() {
  const relay = new FakeRelay(), px = connect("ws://fake", { platform: relay.platform }), wrong = [];
  px.on("broken", each => wrong.push(each));
  px.on("error", each => wrong.push(each));
  return { relay, px, end: () => { px.close(); assert.deepEqual(wrong, []); } };
}

describe("the fake relay", () => {
  it("sends images and updates, conflated, with the digits of JSON", async () => {
    const { relay, px, end } = rig();
    relay.publish("quote", "EUR/USD", '{"bid":1.10,"ask":1.1100000000000000000000001}');
    const grid = px.quotes({ symbols: ["EUR*"], interval: 250 }), frames = [];
    grid.on("frame", changed => frames.push(changed));
    await relay.pass(0);
    await grid.ready;
    assert.equal(grid.get("EUR/USD").ask, "1.1100000000000000000000001");
    assert.deepEqual(frames, [["EUR/USD"]]);
    relay.publish("quote", "EUR/USD", { bid: 1.2 });
    await relay.pass(0);
    for (let i = 0; i < 5; i++) relay.publish("quote", "EUR/USD", { bid: 1.3 + i });
    await relay.pass(250);
    assert.deepEqual(grid.get("EUR/USD").v, { bid: "5.3" });
    assert.equal(grid.get("EUR/USD").c, 4);
    end();
  });

  it("plays a recording by the clock of the test", async () => {
    const { relay, px, end } = rig();
    const tape = px.trades({ symbols: ["BTC/USDT"] }), events = [];
    (async () => { for await (const event of tape) events.push(event.price); })();
    await relay.pass(0);
    const playing = relay.play([1, 2, 3].map(price => ({ at: price * 1000, channel: "trade", symbol: "BTC/USDT", value: { price } })));
    await playing;
    assert.deepEqual(events, ["1", "2", "3"]);
    end();
  });

  it("is stale, closed, cut, restarted, and refuses", async () => {
    const { relay, px, end } = rig();
    const grid = px.quotes({ symbols: ["A", "B"], interval: 0 }), state = () => ["A", "B"].map(symbol => grid.get(symbol)?.state);
    relay.publish("quote", "A", { bid: 1 });
    relay.publish("quote", "B", { bid: 1 });
    await relay.pass(0);
    relay.feed("stale", "upstream_disconnected");
    await relay.pass(0);
    assert.deepEqual(state(), ["stale", "stale"]);
    relay.feed("live");
    relay.publish("quote", "A", { bid: 2 });
    await relay.pass(0);
    assert.deepEqual(state(), ["live", "stale"]);
    relay.status("quote", "A", "closed", "no such product");
    await relay.pass(0);
    assert.deepEqual(state(), ["closed", "stale"]);
    relay.cut();
    assert.equal(px.state, "waiting");
    relay.publish("quote", "A", { bid: 3 });
    relay.publish("quote", "B", { bid: 3 });
    await relay.pass(1000);
    assert.deepEqual(state(), ["live", "live"]);
    relay.restart();
    await relay.pass(1000);
    assert.deepEqual(state(), [undefined, undefined]);
    relay.refuse(4403, "bad_origin");
    relay.cut();
    await relay.pass(1000);
    assert.equal(px.state, "closed");
    end();
  });

  it("keeps a quiet session alive", async () => {
    const { relay, px, end } = rig();
    await relay.pass(60_000);
    assert.equal(px.state, "open");
    assert.equal(relay.connections, 1);
    end();
  });

  it("and the client agree on everything, whatever happens in which order", async () => {
    const seed = Number(process.env.PENSTOCK_SEED ?? Math.floor(2 ** 31 * Math.random()));
    const random = generator(seed), any = (...list) => list[Math.floor(random() * list.length)];
    for (let round = 0; round < 40; round++) {
      const { relay, px, end } = rig();
      const shown = {}, last = {}, symbols = ["A", "B", "C"];
      const publish = () => {
        const channel = any("quote", "ticker", "book", "trade"), symbol = any(...symbols), digits = () => (1 + 9 * random()).toFixed(any(1, 2));
        const levels = () => `[${Array.from({ length: any(0, 1, 4) }, (_, i) => `[${i}.50,${digits()}]`).join()}]`;
        const value = channel === "book" ? `{"bids":${levels()},"asks":${levels()}}`
          : channel === "ticker" ? `{"n":${any("null", "1.0", digits())}${any("", `,"x":${digits()}`)}}` : `{"n":${digits()},"x":${digits()}}`;
        relay.publish(channel, symbol, value);
        last[`${channel} ${symbol}`] = value;
      };
      const grids = {
        "quote": px.quotes({ symbols: any(["*"], symbols), interval: any(0, 20, 100) }),
        "ticker": px.quotes({ channel: "ticker", symbols: ["*"], interval: any(0, 50) }),
        "ticker, all": px.quotes({ channel: "ticker", symbols: ["*"], mode: "all" }),
        "trade": px.trades({ symbols }),
        "quote, in two steps": px.quotes({ symbols: ["A"], interval: 10 }),
        ...Object.fromEntries(symbols.map(symbol => ["book of " + symbol, px.book(symbol, { interval: any(0, 30) })])),
      };
      for (let step = 0; step < 60; step++) {
        await any(publish, publish, publish, publish, () => relay.pass(any(0, 5, 40)), () => relay.cut(any(1006, 4503)), () => relay.feed(any("stale", "live")),
          () => grids["quote"].set({ interval: any(0, 20, 100) }), () => grids["quote, in two steps"].set({ symbols: any(["A"], ["A", "B"], ["B", "C"]) }))();
      }
      grids["quote, in two steps"].set({ symbols });
      relay.feed("live");
      // those that the relay does not know by a value yet stay unknown
      for (const key of Object.keys(last)) relay.publish(...key.split(" "), last[key]);
      await relay.pass(2000);
      for (const [name, grid] of Object.entries(grids)) {
        for (const symbol of name.startsWith("book") ? [name.at(-1)] : symbols) {
          const expected = last[`${name.split(/[, ]/)[0]} ${symbol}`], view = grid.get(symbol);
          const sorted = value => value && (value.bids ? { bids: [...value.bids].reverse(), asks: value.asks } : value);
          shown[name] = `${name} ${symbol}, round ${round} of PENSTOCK_SEED=${seed}`;
          assert.deepEqual(view?.v, sorted(expected && JSON.parse(expected.replace(/-?\d[\d.]*/g, '"$&"'))), shown[name]);
          assert.equal(view?.state, expected && "live", shown[name]);
        }
      }
      end();
    }
  });
});

/** Random numbers that a seed repeats. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
