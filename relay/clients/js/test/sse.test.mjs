// Where no WebSocket can be opened: streams of server-sent events, played by hand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, it } from "node:test";
import { message, settled, World } from "./world.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const { texts } = JSON.parse(readFileSync(new URL("../../situations/common.json", import.meta.url), "utf8"));
const WELCOME = message(texts.welcome);

/** What was asked for by `fetch`, in order; each request becomes a stream, or is refused. */
class FakeStreams {
  requests = [];

  fetch = (url, { headers, signal }) => new Promise((resolve, reject) => {
    const { searchParams, pathname } = new URL(url);
    const request = { pathname, query: searchParams, headers, isAborted: false, fail: reject,
      refuse: (status, error) => resolve(new Response(JSON.stringify(error), { status })),
      open: (...messages) => request.openOf("live", ...messages),
      openOf: async (feed, ...messages) => {
        resolve(new Response(new ReadableStream({ start: control => { request.control = control; } })));
        await request.send(WELCOME.replace('"state":"live"', `"state":"${feed}"`), ...messages);
      },
      send: async (...messages) => {
        for (const each of messages) {
          const [text, id] = [each].flat(), json = message(text), [, type] = /"type":"(\w+)"/.exec(json);
          const event = new TextEncoder().encode(`event: ${type}\n${id ? `id: ${id}\n` : ""}data: ${json}\n\n`);
          // a network cuts anywhere
          for (const part of [event.slice(0, 9), event.slice(9)]) request.control.enqueue(part);
        }
        await settled();
        await settled();
      },
      end: async () => { request.control.close(); await settled(); } };
    signal.addEventListener("abort", () => { request.isAborted = true; });
    this.requests.push(request);
  });
}

describe("a client that can open no WebSocket", () => {
  let world, streams, px, errors;

  beforeEach(() => {
    world = new World();
    streams = new FakeStreams();
    world.platform.fetch = streams.fetch;
    errors = [];
  });

  const ack = (resumed = false) => `{'type':'ack','op':'subscribe','sub':'0','replaces':'${resumed ? "some" : "all"}','effective':{},'matched':1,'unknown':[],'denied':[],'resumed':${resumed}}`;
  const snapshot = (data, p = 100, more = "") => [`{'type':'snapshot','sub':'0','ts':1795231181330000,'epoch':7,'replaces':'all','p':${p},'last':true${more},'data':[${data}]}`, `7-${p}`];
  const update = (data, p) => [`{'type':'update','sub':'0','ts':1795231181330000,'p':${p},'data':[${data}]}`, `7-${p}`];
  const newest = () => streams.requests.at(-1);
  const live = () => streams.requests.filter(request => !request.isAborted);

  async function lose() {
    world.close(1006, "");
    await settled();
  }

  /** Two sockets in vain, and the third one, too. */
  async function fallBack(options = {}) {
    px = connect("ws://relay/v1/ws", { ...options, platform: world.platform });
    px.on("error", error => errors.push(error));
    await settled();
    await lose();
    await world.pass(250);
    await lose();
    await world.pass(500);
    // the module with the streams is loaded
    for (let i = 0; i < 1000 && world.sockets.length < 3; i++) await settled();
    assert.equal(world.sockets.length, 3);
    await lose();
  }

  async function grid(options = {}) {
    const made = px.quotes({ symbols: ["EUR/USD", "GBP/USD"], ...options });
    await settled();
    await newest().open(ack(), snapshot("{'s':'EUR/USD','q':10,'v':{'bid':1.10}},{'s':'GBP/USD','q':20,'v':{'bid':1.27}}"));
    return made;
  }

  it("reads streams, with all digits, and checks the account", async () => {
    await fallBack();
    assert.equal(newest().pathname, "/v1/sse");
    await newest().open(ack());
    assert.equal(px.state, "open");
    const prices = px.quotes({ symbols: ["EUR/USD", "A,B"], interval: 100, fields: ["bid"] });
    await settled();
    assert.deepEqual([...newest().query], [["channel", "quote"], ["fields", "bid"], ["delta", "true"], ["interval", "100"], ["symbols", "EUR/USD"], ["symbols", "A,B"]]);
    await newest().open(ack(), snapshot("{'s':'EUR/USD','q':10,'v':{'bid':1.10,'sub':'0'}}"));
    await prices.ready;
    await newest().send(update("{'s':'EUR/USD','q':13,'c':2,'v':{'bid':1.1000000000000000000000001}}", 113));
    assert.deepEqual(prices.get("EUR/USD").v, { bid: "1.1000000000000000000000001", sub: "0" });
    assert.equal(prices.get("EUR/USD").state, "live");
    const broken = [];
    px.on("broken", each => broken.push(each.q));
    const before = newest();
    await before.send(update("{'s':'EUR/USD','q':15,'v':{'bid':1.2}}", 115));
    assert.deepEqual(broken, [15]);
    assert.ok(before.isAborted && newest() !== before && !newest().query.has("lastEventId"));
    px.close();
    assert.ok(newest().isAborted && world.isIdle);
  });

  it("tries WebSockets again while nothing answers at all", async () => {
    await fallBack();
    newest().fail(new TypeError("refused"));
    await settled();
    assert.equal(px.state, "waiting");
    await world.pass(1000);
    await settled();
    world.accept();
    world.receive(WELCOME);
    assert.equal(px.state, "open");
    assert.equal(streams.requests.length, 1);
    px.close();
  });

  it("waits 5 s for a WebSocket that a proxy leaves without an answer", async () => {
    px = connect("ws://relay/v1/ws", { platform: world.platform });
    await settled();
    await lose();
    await world.pass(250);
    await lose();
    await world.pass(500);
    await world.pass(4999);
    assert.equal(streams.requests.length, 0);
    await world.pass(1);
    await newest().open(ack());
    assert.equal(px.state, "open");
    px.close();
  });

  it("believes a relay that speaks", async () => {
    px = connect("ws://relay/v1/ws", { platform: world.platform });
    await settled();
    for (const ms of [2250, 2500, 3000, 4000]) {
      world.close(4503, "retryAfter=2000");
      await world.pass(ms);
      await settled();
    }
    assert.equal(streams.requests.length, 0);
    px.close();
  });

  it("goes on from where it was", async () => {
    await fallBack();
    await newest().open(ack());
    const prices = await grid();
    await newest().send(update("{'s':'EUR/USD','q':11,'v':{'bid':1.11}}", 111));
    await newest().end();
    assert.equal(px.state, "waiting");
    assert.equal(prices.get("EUR/USD").state, "stale");
    assert.deepEqual(live(), []);
    await world.pass(250);
    await settled();
    await lose();
    await newest().open(ack());
    assert.equal(newest().query.get("lastEventId"), "7-111");
    await newest().open(ack(true), snapshot("{'s':'GBP/USD','q':22,'v':{'bid':1.28}}", 130, ",'resumed':true"));
    assert.deepEqual(["EUR/USD", "GBP/USD"].map(symbol => prices.get(symbol)).map(({ bid, q, state }) => [bid, q, state]), [["1.11", 11, "live"], ["1.28", 22, "live"]]);
    px.close();
  });

  it("asks for another interval from where it is", async () => {
    await fallBack();
    await newest().open(ack());
    const prices = await grid(), before = newest();
    prices.set({ interval: 1000 });
    await settled();
    assert.ok(before.isAborted);
    assert.deepEqual([newest().query.get("interval"), newest().query.get("lastEventId")], ["1000", "7-100"]);
    await newest().open(ack(true), snapshot("", 105, ",'resumed':true"), update("{'s':'EUR/USD','q':11,'v':{'bid':1.11}}", 111));
    assert.deepEqual([prices.get("EUR/USD").bid, prices.get("EUR/USD").state, prices.get("GBP/USD").state], ["1.11", "live", "live"]);
    prices.set({ interval: 2000 });
    await settled();
    // the relay does not know the position any more
    await newest().open(ack(false));
    assert.equal(px.state, "waiting");
    px.close();
  });

  it("lets symbols join and leave", async () => {
    await fallBack();
    await newest().open(ack());
    const prices = await grid();
    prices.set({ symbols: ["EUR/USD", "GBP/USD", "BTC/USD"] });
    await settled();
    assert.deepEqual(newest().query.getAll("symbols"), ["EUR/USD", "GBP/USD", "BTC/USD"]);
    assert.equal(prices.get("EUR/USD").bid, "1.10");
    await newest().open(ack(), snapshot("{'s':'EUR/USD','q':12,'v':{'bid':1.12}},{'s':'GBP/USD','q':20,'v':{'bid':1.27}},{'s':'BTC/USD','q':1,'v':{'bid':9}}", 140));
    assert.deepEqual(prices.symbols.map(symbol => prices.get(symbol).bid), ["1.12", "1.27", "9"]);
    prices.set({ symbols: ["BTC/USD"] });
    await settled();
    assert.deepEqual([newest().query.getAll("symbols"), newest().query.get("lastEventId")], [["BTC/USD"], "7-140"]);
    prices.close();
    assert.equal(live().length, 1);
    px.close();
  });

  it("says that events may be missing where symbols join", async () => {
    await fallBack();
    await newest().open(ack());
    const tape = px.trades({ symbols: ["A"] }), read = [];
    (async () => { for await (const event of tape) read.push(event.gap ? "gap" : event.q); })();
    await settled();
    await newest().open(ack(), snapshot("{'s':'A','q':5,'v':{'price':1}}"), update("{'s':'A','q':6,'v':{'price':2}}", 106));
    tape.set({ symbols: ["A", "B"] });
    await settled();
    await newest().open(ack(), snapshot("{'s':'A','q':9,'v':{'price':3}}", 109), update("{'s':'A','q':10,'v':{'price':4}}", 110));
    assert.deepEqual(read, [6, "gap", 10]);
    px.close();
  });

  it("shows its token, and the next one before the first expires", async () => {
    const tokens = ["x.eyJleHAiOjE3OTUyMzEyODF9.x", "second"];
    await fallBack({ getToken: () => tokens.length > 1 && streams.requests.length ? tokens.pop() : tokens[0] });
    assert.equal(newest().headers.Authorization, "Bearer x.eyJleHAiOjE3OTUyMzEyODF9.x");
    await newest().open(ack());
    await grid();
    assert.equal(live().length, 2);
    for (let i = 0; i < 20 && newest().headers.Authorization !== "Bearer second"; i++) {
      await world.pass(5000);
      for (const stream of live()) if (stream.control) await stream.send("{'type':'heartbeat','ts':1795231181330000,'feed':'live','p':100}");
    }
    assert.deepEqual(live().map(({ headers }) => headers.Authorization), ["Bearer second", "Bearer second"]);
    newest().refuse(401, { type: "error", status: 401, code: "token_invalid", message: "no", retry: false });
    await settled();
    await settled();
    assert.equal(px.state, "waiting");
    px.close();
  });

  it("is closed for good where the relay says so", async () => {
    await fallBack({ getToken: () => "key" });
    newest().refuse(401, { type: "error", status: 401, code: "token_invalid", message: "no", retry: false });
    await settled();
    await settled();
    assert.equal(px.state, "closed");
  });

  it("learns from a notice why its session ends", async () => {
    await fallBack();
    await newest().open(ack());
    const states = [];
    px.on("state", state => states.push([state.state, state.code, state.retryIn]));
    await newest().send("{'type':'notice','level':'info','text':'closed: 4503 retryAfter=2000','ts':1795245310000200}");
    assert.deepEqual(states, [["waiting", 4503, 2250]]);
    px.close();
  });

  it("takes no stream for alive because another one speaks", async () => {
    await fallBack();
    const session = newest();
    await session.open(ack());
    const prices = await grid();
    for (let i = 0; i < 2; i++) {
      await world.pass(4000);
      await session.send("{'type':'heartbeat','ts':1795231181330000,'feed':'live','p':100}");
    }
    assert.equal(prices.get("EUR/USD").state, "live");
    await world.pass(1000);
    assert.equal(px.state, "waiting");
    assert.equal(prices.get("EUR/USD").state, "stale");
    px.close();
  });

  it("knows of each subscription when its feed was lost", async () => {
    await fallBack();
    await newest().open(ack());
    const one = await grid({ symbols: ["EUR/USD"] }), first = newest(), two = await grid({ symbols: ["GBP/USD"], fields: ["bid"] }), second = newest();
    const lost = "{'type':'status','scope':'feed','state':'stale','reason':'upstream_silent','since':1795231181330000}";
    await first.send(lost, "{'type':'status','scope':'feed','state':'live','since':1795231181330000}", update("{'s':'EUR/USD','q':11,'v':{'bid':1.11}}", 111));
    await second.send(lost);
    assert.deepEqual([one.get("EUR/USD").state, two.get("GBP/USD").state], ["live", "stale"]);
    px.close();
  });

  it("believes the stream of the session of its feeds, however late the others say it", async () => {
    await fallBack();
    const session = newest();
    await session.open(ack());
    const prices = await grid({ symbols: ["EUR/USD"] }), before = newest();
    const lost = "{'type':'status','scope':'feed','state':'stale','reason':'upstream_silent','since':1795231181330000}";
    await session.send(lost);
    assert.deepEqual(px.feeds, { demo: "stale" });
    await session.send("{'type':'status','scope':'feed','state':'live','since':1795231181340000}");
    await before.send(lost);
    assert.deepEqual([px.feeds, prices.get("EUR/USD").state], [{ demo: "live" }, "stale"]);
    // the stream that would have said that the feed is back is given up for another one
    prices.set({ interval: 1000 });
    await settled();
    assert.ok(before.isAborted);
    await newest().open(ack(true), snapshot("", 105, ",'resumed':true"), update("{'s':'EUR/USD','q':11,'v':{'bid':1.11}}", 111));
    assert.deepEqual([px.feeds, prices.get("EUR/USD").state], [{ demo: "live" }, "live"]);
    px.close();
  });

  for (const [told, of, shown] of [["stale", "live", "live"], ["live", "stale", "stale"]]) {
    it(`shows what is kept as ${shown} when its own stream says that the feed is ${of}, and the one of the session does not yet`, async () => {
      await fallBack();
      await newest().open(ack());
      const prices = await grid();
      await newest().end();
      await world.pass(250);
      await settled();
      await lose();
      await newest().openOf(told, ack());
      assert.deepEqual(px.feeds, { demo: told });
      await newest().openOf(of, ack(true), snapshot("{'s':'GBP/USD','q':22,'v':{'bid':1.28}}", 130, ",'resumed':true"));
      assert.deepEqual([prices.get("EUR/USD").state, prices.get("GBP/USD").state], [shown, "live"]);
      px.close();
    });
  }

  it("goes on by rows where a WebSocket can be opened again", async () => {
    await fallBack();
    await newest().open(ack());
    const prices = await grid();
    await newest().send(update("{'s':'EUR/USD','q':11,'v':{'bid':1.11}}", 111));
    await newest().end();
    await world.pass(250);
    await settled();
    world.accept();
    world.receive(WELCOME);
    const { id, sub, resume } = JSON.parse(world.socket.sent.pop()), receive = text => world.receive(message(text).replaceAll('"0"', `"${sub}"`));
    assert.deepEqual([world.socket.protocol[0], resume], ["penstock.v1.rows", { epoch: 7, p: 111 }]);
    receive(`{'type':'ack','id':${id},'op':'subscribe','sub':'0','replaces':'some','resumed':true}`);
    receive("{'type':'rows','sub':'0','columns':['bid'],'topics':[[4,'EUR/USD',11]]}");
    receive("['0',1795231181330000,113,13,[4,2,null,1,1.130]]");
    assert.deepEqual([prices.get("EUR/USD").bid, prices.get("EUR/USD").q, errors], ["1.130", 13, []]);
    px.close();
  });

  it("goes on by streams from where its rows were", async () => {
    px = connect("ws://relay/v1/ws", { platform: world.platform });
    const prices = px.quotes({ symbols: ["EUR/USD"] }), broken = [];
    px.on("broken", each => broken.push(each));
    await settled();
    world.accept();
    world.receive(WELCOME);
    const { id, sub } = JSON.parse(world.socket.sent.pop()), receive = text => world.receive(message(text).replaceAll('"0"', `"${sub}"`));
    receive(`{'type':'ack','id':${id},'op':'subscribe','sub':'0','replaces':'all','resumed':false}`);
    receive(snapshot("{'s':'EUR/USD','q':10,'v':{'bid':1.10}}")[0]);
    receive("{'type':'rows','sub':'0','columns':['bid'],'topics':[[4,'EUR/USD',10]]}");
    receive("['0',1795231181330000,111,11,[4,1,null,1,1.11]]");
    await lose();
    for (let sockets = 2; sockets < 5; sockets++) {
      await world.pass(2000);
      for (let i = 0; i < 1000 && world.sockets.length < sockets; i++) await settled();
      await lose();
    }
    await newest().open(ack());
    assert.equal(newest().query.get("lastEventId"), "7-111");
    await newest().open(ack(true), snapshot("", 111, ",'resumed':true"), update("{'s':'EUR/USD','q':13,'c':1,'v':{'bid':1.13}}", 113));
    assert.deepEqual([prices.get("EUR/USD").bid, prices.get("EUR/USD").state, broken], ["1.13", "live", []]);
    px.close();
  });

  it("has four subscriptions, and says no to a fifth", async () => {
    await fallBack();
    await newest().open(ack());
    const grids = ["A", "B", "C", "D", "E"].map(symbol => px.quotes({ symbols: [symbol], fields: [symbol] }));
    await assert.rejects(grids[4].ready, { code: "too_many_subscriptions" });
    assert.equal(streams.requests.length, 5);
    assert.equal(errors.length, 1);
    px.close();
  });

  it("has one stream for grids that share, at the shortest interval of all", async () => {
    await fallBack();
    const table = px.quotes({ symbols: ["EUR/USD", "GBP/USD"], interval: 1000 });
    await newest().open(ack());
    assert.equal(newest().query.get("interval"), "1000");
    await newest().open(ack(), snapshot("{'s':'EUR/USD','q':10,'v':{'bid':1.10}},{'s':'GBP/USD','q':20,'v':{'bid':1.27}}"));
    const panes = ["EUR/USD", "GBP/USD", "AUD/USD", "NZD/USD", "CAD/USD"].map((symbol, i) => px.quotes({ symbols: [symbol], interval: 100 * i }));
    await settled();
    assert.equal(live().length, 2);
    assert.deepEqual([newest().query.get("interval"), newest().query.getAll("symbols")], ["0", ["EUR/USD", "GBP/USD", "AUD/USD", "NZD/USD", "CAD/USD"]]);
    assert.equal(panes[0].get().state, "live");
    panes.forEach(pane => pane.close());
    await settled();
    assert.deepEqual([newest().query.get("interval"), newest().query.getAll("symbols")], ["1000", ["EUR/USD", "GBP/USD"]]);
    assert.deepEqual([table.get("EUR/USD").bid, live().length, errors.length], ["1.10", 2, 0]);
    px.close();
  });

  it("passes on what the relay refuses of a request", async () => {
    await fallBack();
    await newest().open(ack());
    const prices = px.quotes({ symbols: ["A"], channel: "depth" });
    await settled();
    newest().refuse(400, { type: "error", status: 400, code: "unknown_channel", message: "no such channel", retry: false });
    await assert.rejects(prices.ready, { code: "unknown_channel" });
    assert.equal(px.state, "open");
    px.close();
  });

  it("answers a ping when something comes, and not by itself", async () => {
    await fallBack();
    const session = newest();
    await session.open(ack());
    world.sleep(60_000);
    await world.pass(0);
    assert.equal(px.state, "open");
    const prices = await grid();
    assert.equal(prices.get("EUR/USD").state, "live");
    px.close();
  });
});
