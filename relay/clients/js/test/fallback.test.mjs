// A tab that cannot share a session has one of its own.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sharedSocket } from "../penstock-share.js";
import { pipe } from "./world.mjs";

describe("a tab that is to share its session", () => {
  const { setTimeout, clearTimeout } = globalThis;
  let directs, worker, heard, timers;

  /** This many ms pass for those that wait. */
  function pass(ms) {
    timers.forEach(timer => { timer.ms -= ms; });
    for (const timer of [...timers].filter(each => each.ms <= 0)) if (timers.delete(timer)) timer.task();
  }

  const direct = (...asked) => {
    const socket = { asked, sent: [], send: text => socket.sent.push(text), close: code => { socket.closed = code; } };
    directs.push(socket);
    return socket;
  };

  function open() {
    const socket = sharedSocket("ws://relay/v1/ws", ["penstock.v1.json"], direct);
    for (const event of ["onopen", "onmessage", "onclose"]) socket[event] = detail => heard.push([event, detail?.data ?? detail?.code]);
    return socket;
  }

  beforeEach(() => {
    timers = new Set();
    globalThis.setTimeout = (task, ms) => {
      const timer = { task, ms };
      timers.add(timer);
      return timer;
    };
    globalThis.clearTimeout = timer => timers.delete(timer);
    directs = [];
    heard = [];
    globalThis.addEventListener = () => {};
    globalThis.SharedWorker = class {
      constructor() {
        worker = this;
        [this.port, this.inside] = pipe();
        this.port.close = () => { this.isClosed = true; };
      }
    };
  });

  afterEach(() => {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    delete globalThis.SharedWorker;
    delete globalThis.addEventListener;
  });

  function assertOwn(socket) {
    assert.deepEqual(directs.map(each => each.asked), [["ws://relay/v1/ws", ["penstock.v1.json"]]]);
    const [own] = directs;
    socket.send("hello");
    assert.deepEqual(own.sent, ["hello"]);
    own.onopen();
    own.onmessage({ data: "text" });
    own.onclose({ code: 1006 });
    assert.deepEqual(heard, [["onopen", undefined], ["onmessage", "text"], ["onclose", 1006]]);
    socket.close(1000);
    assert.equal(own.closed, 1000);
  }

  it("has its own without a SharedWorker in the browser", () => {
    delete globalThis.SharedWorker;
    assertOwn(open());
  });

  it("has its own if the script is of another host than the page", () => {
    globalThis.SharedWorker = class {
      constructor() {
        throw new DOMException("not of this origin", "SecurityError");
      }
    };
    assertOwn(open());
  });

  it("has its own if the worker cannot be loaded", () => {
    const socket = open();
    worker.onerror();
    assertOwn(socket);
    assert.ok(worker.isClosed);
  });

  it("has its own if the worker does not answer within 3 s, and no second one later", () => {
    const socket = open();
    pass(2_999);
    assert.deepEqual(directs, []);
    pass(1);
    pass(60_000);
    assertOwn(socket);
  });

  it("shares it if the worker answers in time", async () => {
    const asked = [];
    open();
    worker.inside.onmessage = ({ data }) => asked.push(data);
    worker.inside.postMessage({ hello: true });
    await new Promise(resolve => setImmediate(resolve));
    pass(60_000);
    assert.deepEqual(directs, []);
    assert.equal(worker.isClosed, undefined);
  });
});
