import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { act, createElement, StrictMode } from "react";
import { create } from "react-test-renderer";
import { FakeRelay } from "../fake.js";
import { connect } from "../penstock.js";
import { Penstock, useQuote } from "../react.js";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

describe("useQuote", () => {
  let relay, px, rendered, root;

  beforeEach(() => {
    relay = new FakeRelay();
    px = connect("ws://fake", { platform: relay.platform });
    rendered = {};
    for (const symbol of ["A", "B", "C*"]) relay.publish("quote", symbol, '{"bid":1.10}');
  });

  afterEach(() => {
    act(() => root.unmount());
    px.close();
  });

  function Row({ symbol, terms = { interval: 0 } }) {
    rendered[symbol] = (rendered[symbol] ?? 0) + 1;
    const view = useQuote(symbol, terms);
    return `${symbol} ${view?.bid} ${view?.state}`;
  }

  const table = (symbols, terms) => createElement(Penstock, { client: px }, symbols.map(symbol => createElement(Row, { key: symbol, symbol, terms })));
  const pass = ms => act(() => relay.pass(ms));
  async function show(element) {
    await act(async () => { root ? root.update(element) : root = create(element); });
    await pass(0);
  }
  beforeEach(() => { root = null; });

  it("shows a row for each symbol, also for one with a star in its name", async () => {
    await show(table(["A", "B", "C*"]));
    assert.deepEqual(root.toJSON(), ["A 1.10 live", "B 1.10 live", "C* 1.10 live"]);
  });

  it("renders the row whose symbol changed, and no other", async () => {
    await show(table(["A", "B"]));
    const before = { ...rendered };
    relay.publish("quote", "B", '{"bid":1.20}');
    await pass(0);
    assert.deepEqual(root.toJSON(), ["A 1.10 live", "B 1.20 live"]);
    assert.deepEqual(rendered, { A: before.A, B: before.B + 1 });
  });

  it("shows each row stale when the feed is lost", async () => {
    await show(table(["A", "B"]));
    relay.feed("stale");
    await pass(0);
    assert.deepEqual(root.toJSON(), ["A 1.10 stale", "B 1.10 stale"]);
  });

  it("has one subscription for a thousand rows, which come and go", async () => {
    const symbols = Array.from({ length: 1000 }, (_, i) => "S" + i);
    symbols.forEach(symbol => relay.publish("quote", symbol, '{"bid":1}'));
    let subscriptions = 0;
    const { quotes } = px;
    px.quotes = terms => { subscriptions++; return quotes.call(px, terms); };
    await show(table(symbols));
    assert.equal(root.toJSON().filter(text => text.endsWith("1 live")).length, 1000);
    await show(table(["A", ...symbols.slice(500)]));
    assert.equal(root.toJSON()[0], "A 1.10 live");
    assert.equal(root.toJSON().filter(text => text.endsWith(" live")).length, 501);
    assert.equal(subscriptions, 1);
  });

  it("has a symbol of rows at two intervals once on the wire", async () => {
    const requests = [], socket = (...address) => {
      const opened = relay.platform.socket(...address), { send } = opened;
      opened.send = text => { requests.push(JSON.parse(text)); send(text); };
      return opened;
    };
    px.close();
    px = connect("ws://fake", { platform: { ...relay.platform, socket } });
    await show(createElement(Penstock, { client: px }, table(["A", "B"], { interval: 1000 }), table(["A"], { interval: 0 })));
    assert.deepEqual(root.toJSON(), ["A 1.10 live", "B 1.10 live", "A 1.10 live"]);
    assert.deepEqual(requests.map(({ op, symbols, interval }) => [op, symbols, interval]), [["subscribe", ["B"], 1000], ["subscribe", ["A"], 0]]);
  });

  it("is the same when React mounts twice to find faults", async () => {
    await show(createElement(StrictMode, null, table(["A"])));
    relay.publish("quote", "A", '{"bid":1.30}');
    await pass(0);
    assert.deepEqual(root.toJSON(), "A 1.30 live");
  });

  it("has no more than a kilobyte", () => {
    root = create(null);
    const { outputFiles } = buildSync({ entryPoints: [fileURLToPath(new URL("../react.js", import.meta.url))], write: false, minify: true, format: "esm" });
    assert.ok(gzipSync(outputFiles[0].contents).length <= 1024);
  });
});
