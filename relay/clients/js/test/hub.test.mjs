// The worker that tabs share, with several tabs.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Hub, tabSocket } from "../penstock-share.js";
import { pipe, World } from "./world.mjs";

const WELCOME = '{"type":"welcome","feed":{"name":"demo","state":"live"}}';
const update = (sub, value) => `{"type":"update","sub":"${sub}","ts":1,"p":2,"data":[{"s":"A","q":2,"v":${value}}]}`;
const subscribe = id => JSON.stringify({ op: "subscribe", symbols: ["*"], sub: "s1", id });

describe("the worker of all tabs", () => {
  let world, hub;

  beforeEach(() => {
    world = new World();
    hub = new Hub(world.platform.socket, world.platform.now);
  });

  /** A tab that reads; what it hears is in `heard`. */
  function tab() {
    const [port, worker] = pipe(), heard = [];
    const socket = tabSocket(port, "ws://relay/v1/ws", "penstock.v1.json");
    socket.onopen = () => heard.push("open");
    socket.onmessage = ({ data }) => heard.push(data);
    socket.onclose = ({ code, reason }) => heard.push(`${code} ${reason}`);
    hub.attach(worker);
    return { socket, port, heard, taken: () => heard.splice(0) };
  }

  function open() {
    world.accept();
    world.receive(WELCOME);
  }

  const sent = () => world.socket.sent.splice(0).map(text => JSON.parse(text));

  it("has one connection for all, and welcomes who comes later", () => {
    const first = tab();
    open();
    const second = tab();
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(first.taken(), ["open", WELCOME]);
    assert.deepEqual(second.taken(), ["open", WELCOME]);
  });

  it("says what has become of the feeds since the welcome", () => {
    tab();
    open();
    const statuses = ["stale", "live"].map(state => `{"type":"status","scope":"feed","state":"${state}"}`);
    const other = '{"type":"status","scope":"feed","feed":"kraken","state":"stale"}';
    [...statuses, other].forEach(text => world.receive(text));
    assert.deepEqual(tab().taken(), ["open", WELCOME, statuses[1], other]);
  });

  it("keeps equal names of two tabs apart, and values as they are", () => {
    const tabs = [tab(), tab()];
    open();
    tabs.forEach(each => each.socket.send(subscribe(1)));
    assert.deepEqual(sent().map(({ sub, id }) => [sub, id]), [["1.s1", "1.1"], ["2.s1", "2.1"]]);
    tabs.forEach(each => each.taken());
    world.receive('{"type":"ack","id":"2.1","op":"subscribe","sub":"2.s1","replaces":"all"}');
    const value = '{"sub":"1.s1","id":"1.1","price":1.10}';
    world.receive(update("2.s1", value));
    assert.deepEqual(tabs[0].taken(), []);
    assert.deepEqual(tabs[1].taken(), ['{"type":"ack","id":1,"op":"subscribe","sub":"s1","replaces":"all"}', update("s1", value)]);
  });

  it("sends a sign of life to a tab that the relay has nothing for", () => {
    const [busy, quiet] = [tab(), tab()];
    open();
    busy.socket.send(subscribe(1));
    quiet.taken();
    for (let i = 0; i < 4; i++) {
      world.sleep(600);
      world.receive(update("1.s1", "1"));
    }
    assert.deepEqual(quiet.taken(), Array(2).fill('{"type":"heartbeat"}'));
    sent();
  });

  it("ends the subscriptions of a tab that goes, and the connection with the last one", () => {
    const [first, second] = [tab(), tab()];
    open();
    first.socket.send(subscribe(1));
    sent();
    first.socket.close(1001);
    assert.deepEqual(sent(), [{ op: "unsubscribe", sub: "1.s1", id: "1.0" }]);
    assert.equal(world.socket.closed, undefined);
    second.socket.close(1001);
    assert.equal(world.socket.closed, 1000);
    tab();
    assert.equal(world.sockets.length, 2);
  });

  it("tells all that the connection is lost, or that one gave it up, and connects for the first that comes back", () => {
    const [first, second] = [tab(), tab()];
    open();
    world.close(4503, "retryAfter=2000");
    assert.deepEqual([first, second].map(each => each.taken().at(-1)), ["4503 retryAfter=2000", "4503 retryAfter=2000"]);
    const [third, fourth] = [tab(), tab()];
    open();
    third.socket.close();
    assert.equal(fourth.taken().at(-1), "1006 silent");
    assert.equal(world.sockets.length, 2);
    assert.notEqual(world.socket.closed, undefined);
  });

  it("lets a tab go that reads nothing, and no other", () => {
    const [frozen, busy] = [tab(), tab()];
    open();
    [frozen, busy].forEach(each => each.socket.send(subscribe(1)));
    sent();
    // a frozen tab handles no message
    const closed = [];
    frozen.port.onmessage = ({ data }) => { if (data.close) closed.push(data.close); };
    for (let i = 0; i < 5000; i++) {
      world.receive(update("1.s1", "1"));
      world.receive(update("2.s1", "1"));
    }
    assert.deepEqual(closed, [[1006, "not read"]]);
    assert.deepEqual(sent(), [{ op: "unsubscribe", sub: "1.s1", id: "1.0" }]);
    assert.ok(busy.taken().length >= 5000);
  });
});
