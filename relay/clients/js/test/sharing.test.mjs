// Grids that come, go and change at random, on a connection that is cut at random: each symbol is on the wire once, at the shortest interval that
// a grid has for it, and each grid shows what the relay has.   PENSTOCK_SEED=N repeats a run   PENSTOCK_ROUNDS=N
import assert from "node:assert/strict";
import { it } from "node:test";
import { FakeRelay } from "../fake.js";
import { connect } from "../penstock.js";
import { message, settled, World } from "./world.mjs";

const ROUNDS = Number(process.env.PENSTOCK_ROUNDS ?? 5), STEPS = 60;
const SYMBOLS = ["A", "B", "C", "D", "E", "F"], INTERVALS = [0, 100, 250, 1000], MAX_GRIDS = 5;

/** Mulberry32: 32 bits of state are enough to find a seed again. */
function generator(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let bits = Math.imul(seed ^ seed >>> 15, seed | 1);
    bits = bits + Math.imul(bits ^ bits >>> 7, bits | 61) ^ bits;
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32;
  };
}

class Round {
  relay = new FakeRelay();
  faults = [];
  grids = [];
  /** What was asked for on the newest connection: symbols and interval by subscription. */
  wires = new Map();
  value = 0;
  /** Symbols that each grid has shown live on this connection. */
  known = new Map();

  constructor(random) {
    this.random = random;
    const socket = (...address) => {
      const opened = this.relay.platform.socket(...address), { send } = opened;
      this.wires = new Map();
      opened.send = text => {
        this.note(JSON.parse(text));
        send(text);
      };
      return opened;
    };
    this.px = connect("ws://fake", { hidden: 5000, platform: { ...this.relay.platform, socket } });
    for (const type of ["broken", "error"]) this.px.on(type, fault => this.faults.push(fault));
  }

  note({ op, sub, symbols, interval }) {
    const wire = this.wires.get(sub);
    if (op === "subscribe" && wire) symbols.forEach(symbol => wire.symbols.add(symbol));
    else if (op === "subscribe") this.wires.set(sub, { symbols: new Set(symbols), interval });
    else if (op === "change") wire.interval = interval;
    else if (op === "unsubscribe" && symbols) symbols.forEach(symbol => wire.symbols.delete(symbol));
    else if (op === "unsubscribe") this.wires.delete(sub);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  some() {
    const symbols = SYMBOLS.filter(() => this.random() < 0.4);
    return symbols.length ? symbols : [this.pick(SYMBOLS)];
  }

  publish() {
    this.relay.publish("quote", this.pick(SYMBOLS), `{"bid":${++this.value}}`);
  }

  async step() {
    const grid = this.pick(this.grids), what = this.random();
    if (what < 0.2 && this.grids.length < MAX_GRIDS) this.grids.push(this.px.quotes({ symbols: this.some(), interval: this.pick(INTERVALS) }));
    else if (what < 0.3 && grid) this.grids = this.grids.filter(each => each !== grid || each.close());
    else if (what < 0.45 && grid) grid.set({ interval: this.pick(INTERVALS) });
    else if (what < 0.6 && grid) grid.set({ symbols: this.some() });
    else if (what < 0.65 && grid) grid.set({ symbols: this.some(), interval: this.pick(INTERVALS) });
    else if (what < 0.72) this.lose(what < 0.7);
    else if (what < 0.75) this.relay.hide(!this.relay.isHidden);
    else if (what < 0.85) await this.relay.pass(this.pick([0, 10, 300]));
    else this.publish();
    this.look();
  }

  /** The connection is lost, or with it all that the relay knows. */
  lose(isCut) {
    this.known = new Map();
    if (isCut) this.relay.cut();
    else this.relay.restart();
  }

  /** What a grid has shown live of a symbol, it goes on to show, wherever that moves. */
  look() {
    for (const grid of this.grids) {
      const known = [...this.known.get(grid) ?? []].filter(symbol => grid._symbols.has(symbol));
      known.forEach(symbol => assert.ok(grid.get(symbol)?.v !== undefined, `${symbol} is gone`));
      this.known.set(grid, new Set([...known, ...grid.symbols.filter(symbol => grid.get(symbol)?.state === "live")]));
    }
  }

  async check() {
    SYMBOLS.forEach(symbol => this.relay.publish("quote", symbol, `{"bid":${++this.value}}`));
    if (this.relay.isHidden) this.relay.hide(false);
    await this.relay.pass(1500);
    const least = new Map();
    for (const { _interval, _symbols } of this.grids) for (const symbol of _symbols) least.set(symbol, Math.min(_interval, least.get(symbol) ?? Infinity));
    const onWire = [...this.wires.values()].flatMap(({ symbols, interval }) => [...symbols].map(symbol => [symbol, interval]));
    assert.deepEqual(onWire.sort(), [...least].sort(), "each symbol once, at the shortest interval");
    assert.equal(this.wires.size, new Set(least.values()).size, "a subscription for each interval");
    for (const grid of this.grids) {
      assert.deepEqual(grid.symbols.sort(), [...grid._symbols].sort());
      await grid.ready;
    }
    SYMBOLS.forEach(symbol => this.relay.publish("quote", symbol, `{"bid":${++this.value},"of":"${symbol}"}`));
    await this.relay.pass(1100);
    for (const grid of this.grids) {
      for (const symbol of SYMBOLS) {
        const { of, state } = grid.get(symbol) ?? {};
        assert.deepEqual([of, state], grid._symbols.has(symbol) ? [symbol, "live"] : [undefined, undefined]);
      }
    }
    assert.deepEqual(this.faults, []);
  }
}

it(`each symbol is on the wire once, in ${ROUNDS} rounds of ${STEPS} steps`, async () => {
  const seed = Number(process.env.PENSTOCK_SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let i = 0; i < ROUNDS; i++) {
    const round = new Round(generator(seed + i));
    try {
      for (let step = 0; step < STEPS; step++) await round.step();
      await round.check();
    } catch (error) {
      error.message = `PENSTOCK_SEED=${seed + i} PENSTOCK_ROUNDS=1: ${error.message}`;
      throw error;
    } finally {
      round.px.close();
    }
  }
});

it("an interval that changes before a subscription is asked for again is asked for with it", async () => {
  const world = new World(), px = connect("ws://relay/v1/ws", { platform: world.platform }), errors = [];
  px.on("error", error => errors.push(error));
  const grid = px.quotes({ symbols: ["A"] }), sent = () => world.socket.sent.splice(0).map(text => JSON.parse(text));
  await settled();
  world.accept();
  world.receive(message("{'type':'welcome','epoch':7,'feed':{'name':'demo','state':'live','channels':[{'name':'quote','class':'last-value','default':true}]},'limits':{'minInterval':0,'maxInterval':60000},'heartbeat':5000}"));
  assert.equal(sent()[0].interval, 250);
  world.receive(message("{'type':'error','id':1,'status':429,'code':'rate_limited','message':'no','retry':true,'retryAfter':44}"));
  grid.set({ interval: 1000 });
  assert.deepEqual(sent(), []);
  await world.pass(44);
  assert.deepEqual(sent().map(({ op, interval }) => [op, interval]), [["subscribe", 1000]]);
  assert.deepEqual(errors, []);
  px.close();
});
