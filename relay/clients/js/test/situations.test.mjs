// Plays relay/clients/situations to the client; relay/docs/reference/client-semantics.md says what each step means.
//   PENSTOCK_CLIENT=URL: another build of it   PENSTOCK_SHARED=true: through a worker that tabs share   PENSTOCK_ROWS=true: updates are rows
//   PENSTOCK_FIRST=true: ends with the first one that fails
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { RowWriter } from "../fake.js";
import { Hub, tabSocket } from "../penstock-share.js";
import { message, pipe, settled, World } from "./world.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const FOLDER = new URL("../../situations/", import.meta.url);
const common = JSON.parse(readFileSync(new URL("common.json", FOLDER), "utf8"));

class Player {
  world = new World();
  platform = process.env.PENSTOCK_SHARED ? shared(this.world.platform) : this.world.platform;
  grids = {};
  frames = {};
  events = {};
  ended = {};
  names = { id: {}, sub: {} };
  heard = { state: [], broken: [], error: [], warning: [] };

  steps = {
    // what the page does
    connect: ({ tokens, ...options }) => {
      const getToken = tokens && (async () => {
        const token = tokens.shift();
        if (!token) throw new Error("no token");
        return token;
      });
      this.client = connect("ws://relay/v1/ws", { ...options, getToken, platform: this.platform });
      Object.keys(this.heard).forEach(type => this.client.on(type, detail => this.heard[type].push(detail)));
    },
    subscribe: ({ as, kind, symbol, ...options }) => {
      const grid = kind === "book" ? this.client.book(symbol, options) : this.client[kind](options);
      this.grids[as] = grid;
      grid.on("frame", changed => { this.frames[as] = [...(this.frames[as] ?? []), ...changed].sort(); });
      this.#watch(as);
    },
    set: ({ of, ...changes }) => {
      this.grids[of].set(changes);
      this.#watch(of);
    },
    read: async of => {
      this.events[of] = [];
      this.#read(of);
    },
    end: of => this.grids[of].close(),
    disconnect: () => this.client.close(),
    // what the world does
    random: value => { this.world.random = value; },
    pass: ms => this.world.pass(ms),
    sleep: ms => this.world.sleep(ms),
    hide: isHidden => this.world.hide(isHidden),
    online: () => this.world.notify(),
    accept: () => {
      // a client may name its subscriptions otherwise on each connection
      this.names.sub = {};
      this.rows = process.env.PENSTOCK_ROWS && new RowWriter();
      this.world.accept();
    },
    receive: texts => [texts].flat().map(text => this.#named(message(common.texts[text] ?? text)))
      .forEach(text => (this.rows ? this.rows.write(text) : [text]).forEach(each => this.world.receive(each))),
    close: ({ code, reason }) => this.world.close(code, reason),
    // what is expected
    sent: expected => {
      const sent = this.world.socket.sent.splice(0).map(text => JSON.parse(text));
      const wanted = expected.map((text, i) => this.#bound(JSON.parse(message(text)), sent[i]));
      assert.deepEqual(sent, wanted);
    },
    sockets: count => assert.equal(this.world.sockets.length, count),
    isClosed: is => assert.equal(this.world.socket.closed !== undefined, is),
    frame: expected => {
      this.world.paint();
      const frames = this.frames;
      this.frames = {};
      assert.deepEqual(frames, expected);
    },
    view: ({ of, symbol, is }) => {
      const view = this.grids[of].get(symbol);
      if (is === null) assert.equal(view, undefined);
      else this.#matches(view, is);
    },
    symbols: ({ of, are }) => assert.deepEqual([...this.grids[of].symbols].sort(), are),
    events: ({ of, are }) => {
      const events = this.events[of].splice(0);
      assert.equal(events.length, are.length, JSON.stringify(events));
      are.forEach((each, i) => this.#matches(events[i], each));
    },
    state: expected => {
      this.#matches(this.heard.state.at(-1), expected);
      assert.equal(this.client.state, this.heard.state.at(-1).state);
    },
    broken: expected => this.#matches(this.heard.broken.shift(), expected),
    error: expected => this.#matches(this.heard.error.shift(), expected),
    warning: expected => assert.equal(this.heard.warning.shift(), expected),
    ready: ({ of, is }) => assert.equal(this.ended[of], is),
  };

  async play(steps) {
    for (const [number, step] of steps.entries()) {
      const [[action, argument]] = Object.entries(step);
      try {
        await this.steps[action](argument);
        await settled();
      } catch (error) {
        error.message = `step ${number + 1}, ${JSON.stringify(step)}: ${error.message}`;
        throw error;
      }
    }
    const left = { sent: this.world.socket?.sent ?? [], broken: this.heard.broken, error: this.heard.error, warning: this.heard.warning };
    assert.deepEqual(left, { sent: [], broken: [], error: [], warning: [] }, "nothing else happened");
    this.client.close();
    await settled();
    assert.ok(this.world.isIdle, "a client that is closed leaves no timer and no listener");
  }

  /** `wait`, `ready`, or the code of the refusal. */
  #watch(of) {
    const { ready } = this.grids[of];
    this.ended[of] = "wait";
    const isPresent = () => this.grids[of].ready === ready;
    ready.then(() => { if (isPresent()) this.ended[of] = "ready"; }, error => { if (isPresent()) this.ended[of] = error.code; });
  }

  async #read(of) {
    try {
      for await (const event of this.grids[of]) this.events[of].push(event);
      this.events[of].push({ over: true });
    } catch (error) {
      this.events[of].push({ refused: error.code });
    }
  }

  /** A name like #id stands for what the client chose: it is bound where it is met first. */
  #bound(expected, actual) {
    for (const field of ["id", "sub"]) {
      const name = expected[field];
      if (String(name).startsWith("#")) expected[field] = this.names[field][name] ??= actual?.[field];
    }
    return expected;
  }

  #named(text) {
    return text.replace(/"(#\w+)"/g, (_, name) => {
      const bound = this.names.id[name] ?? this.names.sub[name];
      assert.ok(bound !== undefined, name + " is not bound");
      return JSON.stringify(bound);
    });
  }

  /** Every field of `expected`; null: not there. */
  #matches(actual, expected) {
    assert.ok(actual, "there is nothing to match " + JSON.stringify(expected));
    const seen = Object.fromEntries(Object.keys(expected).map(field => [field, actual[field] ?? null]));
    assert.deepEqual(seen, expected);
  }
}

/** Sockets go through a worker. */
function shared(platform) {
  const hub = new Hub(platform.socket);
  return { ...platform, socket: (url, protocol) => {
    const [tab, worker] = pipe();
    const socket = tabSocket(tab, url, protocol);
    hub.attach(worker);
    return socket;
  } };
}

for (const file of readdirSync(FOLDER).filter(name => /^(?!common).*\.json$/.test(name)).sort()) {
  describe(file.replace(".json", ""), () => {
    for (const { name, begin, steps } of JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))) {
      it(name, async () => {
        try {
          await new Player().play([...(begin ? common.beginnings[begin] : []), ...steps]);
        } catch (error) {
          if (!process.env.PENSTOCK_FIRST) throw error;
          console.log("# fails: " + name);
          process.exit(1);
        }
      });
    }
  });
}
