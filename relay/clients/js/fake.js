// A relay in memory, for tests of pages: its clock is turned by hand, and it sends what the test publishes.
//   const relay = new FakeRelay(), px = connect("ws://fake", { platform: relay.platform });

import { parse } from "./values.js";

/** Promises that are due have run. */
const settled = () => new Promise(resolve => setTimeout(resolve));

/** A clock, timers, animation frames and a page that only the test moves. */
export class FakePlatform {
  now = Date.UTC(2026, 0, 1);
  random = 0.5;
  isHidden = false;
  #timers = [];
  #frames = [];
  #listeners = new Set();

  /** What `connect` takes as `platform`; `socket` makes sockets. */
  constructor(socket) {
    this.platform = {
      socket,
      // what it has no socket for, it does not look for elsewhere
      fetch: null,
      now: () => this.now,
      random: () => this.random,
      after: (ms, task) => {
        const timer = { at: this.now + ms, task };
        this.#timers.push(timer);
        return () => { this.#timers = this.#timers.filter(each => each !== timer); };
      },
      frame: task => this.#frames.push(task),
      isHidden: () => this.isHidden,
      listen: task => {
        this.#listeners.add(task);
        return () => this.#listeners.delete(task);
      },
    };
  }

  /** Time passes, and timers run when they are due. */
  async pass(ms) {
    const end = this.now + ms;
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.now = Math.max(this.now, next.at);
      next.task();
      await settled();
    }
    this.now = end;
  }

  /** Time passes, and no timer runs: the machine sleeps, or the tab is frozen. */
  sleep(ms) {
    this.now += ms;
  }

  /** The page is hidden or shown. */
  hide(isHidden) {
    this.isHidden = isHidden;
    this.notify();
  }

  /** The network is back, or the page is hidden or shown. */
  notify() {
    this.#listeners.forEach(task => task());
  }

  /** An animation frame. */
  paint() {
    this.#frames.splice(0).forEach(task => task());
  }

  /** Whether nothing waits. */
  get isIdle() {
    return this.#timers.length === 0 && this.#listeners.size === 0;
  }

  #due(end) {
    const next = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    this.#timers = this.#timers.filter(timer => timer !== next);
    return next;
  }
}

const CHANNELS = [["quote", "last-value"], ["trade", "event"], ["book", "order-book"], ["ticker", "merge"]]
  .map(([name, type], i) => ({ name, class: type, ...i === 0 && { default: true } }));

/**
 * A relay with one feed. Whoever connects through its `platform` is served: subscriptions with intervals, fields, changes, depths, resume, states.
 * Nothing happens by itself: `pass` lets time pass, delivers what is due, and paints frames.
 */
export class FakeRelay extends FakePlatform {
  #epoch = 1;
  #p = 0;
  #state = "live";
  #topics = new Map();
  /** Updates of all topics, in order. */
  #journal = [];
  #sockets = new Set();
  #refusal;

  /** `channels` as the `welcome` lists them; `heartbeat` in ms. */
  constructor({ channels = CHANNELS, heartbeat = 5000, auth = "none" } = {}) {
    super((url, protocols) => this.#connect(protocols));
    Object.assign(this, { channels, heartbeat, auth });
  }

  /** A new value: an object, or JSON to keep the digits of numbers. A book is given whole. `t`: the venue's time in microseconds. */
  publish(channel, symbol, value, t) {
    const key = channel + " " + symbol;
    const topic = this.#topics.get(key) ?? { channel, symbol, q: 0 };
    const text = typeof value === "string" ? value : JSON.stringify(value);
    Object.assign(topic, { q: topic.q + 1, p: ++this.#p, text, t, isStale: false, state: "live" });
    this.#topics.set(key, topic);
    this.#journal.push({ ...topic });
    this.#sessions(session => session.subs.forEach(sub => sub.isOf(topic) && this.#join(session, sub, topic)));
  }

  /** Plays a recording: a list of `{ at, channel, symbol, value, t }`, `at` in ms from now. */
  async play(recording) {
    const began = this.now;
    for (const { at, channel, symbol, value, t } of recording) {
      await this.pass(Math.max(0, began + at - this.now));
      this.publish(channel, symbol, value, t);
    }
    await this.pass(0);
  }

  /** The feed is `stale`, or `live` again. */
  feed(state, reason) {
    this.#state = state;
    if (state !== "live") this.#topics.forEach(topic => { topic.isStale = true; });
    this.#sessions(session => this.#send(session, { type: "status", scope: "feed", state, reason, since: this.now * 1000 }));
  }

  /** A symbol is `stale`, `closed` or `live`; a new value makes it live, too. */
  status(channel, symbol, state, reason) {
    const topic = this.#topics.get(channel + " " + symbol);
    if (topic) Object.assign(topic, { state, reason });
    this.#sessions(session => session.subs.forEach(sub => {
      if (sub.channel === channel && sub.names(symbol)) this.#report(session, sub, symbol, state, reason);
    }));
  }

  /** All connections are lost, or closed with a code. */
  cut(code = 1006, reason = "") {
    this.#sockets.forEach(socket => this.#close(socket, code, reason));
  }

  /** The relay ends and begins again: it knows no value, and counts from the beginning. */
  restart() {
    this.cut();
    this.#epoch++;
    this.#p = 0;
    this.#topics.clear();
    this.#journal = [];
  }

  /** Handshakes are closed with this code from now on; without one they are accepted again. */
  refuse(code, reason = "") {
    this.#refusal = code && [code, reason];
  }

  /** Open connections. */
  get connections() {
    return this.#sockets.size;
  }

  async pass(ms) {
    const end = this.now + ms;
    do {
      await this.#deliver();
      await super.pass(Math.min(10, end - this.now));
    } while (this.now < end);
    await this.#deliver();
    this.paint();
  }

  #connect(protocols) {
    const socket = { subs: new Map(), queue: [], sentMs: this.now, rows: [protocols].flat().includes("penstock.v1.rows") && new RowWriter(),
      send: text => this.#onRequest(socket, JSON.parse(text)),
      close: () => this.#sockets.delete(socket) };
    this.#sockets.add(socket);
    return socket;
  }

  #sessions(task) {
    this.#sockets.forEach(socket => socket.isOpen && task(socket));
  }

  #close(socket, code, reason) {
    this.#sockets.delete(socket);
    socket.onclose?.({ code, reason });
  }

  /** What has been sent arrives, and what is due is sent, until nothing is. */
  async #deliver() {
    await settled();
    for (const socket of this.#sockets) {
      if (this.#refusal && !socket.isOpen) {
        this.#close(socket, ...this.#refusal);
        continue;
      }
      if (!socket.isOpen) this.#accept(socket);
      socket.subs.forEach(sub => this.#flush(socket, sub));
      if (!socket.queue.length && this.now - socket.sentMs >= this.heartbeat) this.#send(socket, { type: "heartbeat", ts: this.now * 1000, feed: this.#state, p: this.#p });
      while (socket.queue.length && this.#sockets.has(socket)) {
        socket.onmessage?.({ data: socket.queue.shift() });
        if (!socket.queue.length) {
          await settled();
          socket.subs.forEach(sub => this.#flush(socket, sub));
        }
      }
    }
  }

  #accept(socket) {
    socket.isOpen = true;
    const feed = { name: "fake", state: this.#state, channels: this.channels };
    this.#send(socket, { type: "welcome", protocol: "penstock.v1", version: "fake", session: "fake", epoch: this.#epoch, feed, auth: this.auth,
      features: ["change", "removed", "replaces"], limits: { subscriptions: 50, symbols: 5000, frameBytes: 262144, requestsPerSecond: 20, minInterval: 0, maxInterval: 60000 },
      heartbeat: this.heartbeat });
    socket.onopen?.();
  }

  /** `data` is JSON already: values keep their digits. */
  #send(socket, message, data) {
    const text = JSON.stringify(message);
    const whole = data ? `${text.slice(0, -1)},"data":[${data.join()}]}` : text;
    socket.queue.push(...socket.rows ? socket.rows.write(whole) : [whole]);
    socket.sentMs = this.now;
  }

  #onRequest(socket, { op, id, sub: name = "0", ...request }) {
    const sub = socket.subs.get(name);
    const ack = more => this.#send(socket, { type: "ack", id, op, sub: name, ...more });
    if (op === "subscribe") this.#subscribe(socket, sub, name, id, request);
    else if (op === "unsubscribe") {
      if (!request.symbols) socket.subs.delete(name);
      else request.symbols.forEach(symbol => { sub.symbols.delete(symbol); sub.sent.delete(symbol); sub.pending.delete(symbol); });
      ack({ matched: 0 });
    } else if (op === "change") {
      Object.assign(sub, request);
      sub.dueMs = Math.min(sub.dueMs, this.now + sub.interval);
      ack({ replaces: "none", effective: {}, matched: sub.sent.size });
    } else if (op === "ping") this.#send(socket, { type: "pong", id, ts: this.now * 1000 });
    else if (op === "auth" && this.auth !== "none") this.#send(socket, { type: "ack", id, op });
    else this.#error(socket, id, op === "auth" ? "bad_field" : "unknown_op", "the fake relay does not take " + op);
  }

  #error(socket, id, code, message) {
    this.#send(socket, { type: "error", id, status: 400, code, message, retry: false });
  }

  #subscribe(socket, running, name, id, { symbols, resume, ...terms }) {
    const channel = this.channels.find(each => terms.channel ? each.name === terms.channel : each.default);
    if (!channel) {
      this.#error(socket, id, "unknown_channel", "no such channel: " + terms.channel);
      return;
    }
    const sub = running ?? new FakeSubscription(name, channel, terms, this.#p);
    socket.subs.set(name, sub);
    const topics = [...this.#topics.values()].filter(topic => topic.channel === channel.name && symbols.some(symbol => matches(symbol, topic.symbol)));
    symbols.forEach(symbol => sub.symbols.add(symbol));
    // changes of values that nothing else has replaced are not kept: only events are resumed of every update
    const isResumed = !running && resume?.epoch === this.#epoch && resume.p <= this.#p && (sub.isEvent || !sub.isAll);
    const replaces = running || isResumed ? "some" : "all";
    this.#send(socket, { type: "ack", id, op: "subscribe", sub: name, replaces, effective: {}, matched: topics.length,
      unknown: symbols.filter(symbol => !symbol.includes("*") && !topics.some(topic => topic.symbol === symbol)), denied: [], resumed: isResumed });
    topics.filter(topic => topic.state !== "live").forEach(topic => this.#report(socket, sub, topic.symbol, topic.state, topic.reason));
    // of every update those that were missed follow, otherwise what changed since, and what is not live
    const missed = isResumed && sub.isAll ? this.#journal.filter(entry => entry.p > resume.p && sub.isOf(entry)) : [];
    missed.forEach(entry => this.#send(socket, { type: "update", sub: name, ts: this.now * 1000, p: entry.p }, [sub.entry(entry, this.#st(entry))]));
    const images = topics.filter(topic => !isResumed || this.#st(topic) && !missed.some(entry => entry.symbol === topic.symbol) || topic.p > resume.p && !sub.isAll);
    topics.forEach(topic => { if (isResumed) sub.skip(topic); });
    this.#send(socket, { type: "snapshot", sub: name, ts: this.now * 1000, epoch: this.#epoch, id, replaces, p: this.#p, last: true, ...isResumed && { resumed: true } },
      images.map(topic => sub.image(topic, this.#st(topic))));
    sub.p = this.#p;
  }

  #st(topic) {
    return topic.isStale ? "stale" : topic.state === "live" ? undefined : topic.state;
  }

  #report(session, sub, symbol, state, reason) {
    if (state === "live" ? sub.told.delete(symbol) : sub.told.get(symbol) !== state) {
      if (state !== "live") sub.told.set(symbol, state);
      this.#send(session, { type: "status", scope: "symbols", sub: sub.name, symbols: [symbol], state, reason, since: this.now * 1000 });
    }
  }

  #join(session, sub, topic) {
    this.#report(session, sub, topic.symbol, "live");
    if (sub.isAll) this.#send(session, { type: "update", sub: sub.name, ts: this.now * 1000, p: topic.p }, [sub.entry(topic, this.#st(topic))]);
    else sub.pending.add(topic.symbol);
  }

  #flush(session, sub) {
    if (!sub.pending.size || this.now < sub.dueMs) return;
    const data = [...sub.pending].map(symbol => this.#topics.get(sub.channel + " " + symbol)).map(topic => sub.entry(topic, this.#st(topic)));
    sub.pending.clear();
    sub.dueMs = this.now + (sub.interval ?? 100);
    this.#send(session, { type: "update", sub: sub.name, ts: this.now * 1000, p: this.#p }, data);
  }
}

const MAX_COLUMNS = 31;

/** What a relay sends on a connection of penstock.v1.rows instead of JSON. */
export class RowWriter {
  #subs = new Map();
  #numbers = new Map();

  /** The messages for one of JSON: that itself, or rows, and in front of them what they need to be read. */
  write(text) {
    if (!/^{"type":"(update|snapshot|gap)".*}$/s.test(text)) return [text];
    const message = parse(text), { type, ts, p, data } = message;
    if (type === "gap") this.#subs.get(message.sub)?.topics.clear();
    if (type === "snapshot") data.forEach(({ s }) => this.#sub(message).topics.delete(s));
    if (type !== "update") return [text];
    const sub = this.#sub(message), known = sub.columns.length, topics = [];
    const rows = data.map(entry => this.#row(sub, entry, ts, topics));
    const sum = data.reduce((total, { q }) => total + +q, 0), name = JSON.stringify(message.sub);
    const columns = sub.columns.length > known ? `,"columns":${JSON.stringify(sub.columns)}` : "";
    const announcement = columns || topics.length ? [`{"type":"rows","sub":${name}${columns},"topics":${JSON.stringify(topics)}}`] : [];
    return [...announcement, `[${[name, ts, p, sum, ...rows]}]`];
  }

  #sub({ sub }) {
    if (!this.#subs.has(sub)) this.#subs.set(sub, { columns: [], topics: new Map() });
    return this.#subs.get(sub);
  }

  #row(sub, { s, q, t, c = 0, st, ...value }, ts, announced) {
    const count = +c + 1, before = q - count;
    if (!this.#numbers.has(s)) this.#numbers.set(s, this.#numbers.size);
    const number = this.#numbers.get(s);
    if (sub.topics.get(s) !== before) announced.push([number, s, before]);
    sub.topics.set(s, +q);
    const row = this.#fields(sub.columns, value) ?? [JSON.stringify(value)];
    return `[${[number, count, t === undefined ? "null" : ts - t, ...st ? [JSON.stringify(st)] : [], ...row]}]`;
  }

  /** The mask and the values; none if the value cannot be a row. */
  #fields(columns, { v, removed = [] }) {
    if (v === null || typeof v !== "object" || Array.isArray(v)) return undefined;
    for (const name of Object.keys(v)) if (!columns.includes(name) && columns.push(name) > MAX_COLUMNS) return columns.pop() && undefined;
    const mask = names => columns.reduce((bits, name, i) => names.includes(name) ? bits | 1 << i : bits, 0);
    const values = columns.filter(name => name in v).map(name => JSON.stringify(v[name]));
    return [mask(Object.keys(v)), ...values, ...removed.length ? [mask(removed)] : []];
  }
}

/** One subscription of a connection: what it was sent last of each topic. */
class FakeSubscription {
  symbols = new Set();
  pending = new Set();
  sent = new Map();
  told = new Map();
  dueMs = 0;

  constructor(name, channel, terms) {
    Object.assign(this, { interval: 100, ...terms, name, channel: channel.name });
    this.isBook = channel.class === "order-book";
    this.isEvent = channel.class === "event";
    this.isAll = this.isEvent || terms.mode === "all";
  }

  names(symbol) {
    return [...this.symbols].some(pattern => matches(pattern, symbol));
  }

  isOf({ channel, symbol }) {
    return channel === this.channel && this.names(symbol);
  }

  image(topic, st) {
    const value = this.#view(topic);
    this.sent.set(topic.symbol, { q: topic.q, value });
    return json({ s: topic.symbol, q: topic.q, t: topic.t, st }, value);
  }

  /** The client has it already. */
  skip(topic) {
    this.sent.set(topic.symbol, { q: topic.q, value: this.#view(topic) });
  }

  entry(topic, st) {
    const before = this.sent.get(topic.symbol), value = this.#view(topic);
    this.sent.set(topic.symbol, { q: topic.q, value });
    const c = this.isAll ? 0 : topic.q - (before?.q ?? 0) - 1;
    const head = { s: topic.symbol, q: topic.q, t: topic.t, ...c > 0 && { c }, st };
    if (this.isBook) return json(head, change(before?.value, value));
    const removed = this.delta && before && isFields(value) && isFields(before.value) ? Object.keys(before.value).filter(name => !(name in value)) : [];
    return json(head, removed.length ? { ...value, ...Object.fromEntries(removed.map(name => [name, "null"])) } : value, removed);
  }

  /** The part of the value that is sent: an object of JSON texts, or a text. */
  #view({ text }) {
    const value = fields(text);
    if (this.isBook) {
      const { bids, asks } = parse(text);
      return { bids: bids.slice(0, this.depth), asks: asks.slice(0, this.depth) };
    }
    return isFields(value) && this.fields ? Object.fromEntries(Object.entries(value).filter(([name]) => this.fields.includes(name))) : value;
  }
}

const isFields = value => typeof value === "object";

/** The members of an object as JSON texts with their digits; a text if it is no object. */
function fields(text) {
  const value = parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return text;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, JSON.stringify(part)]));
}

/** An entry; its value is one of {@link fields}, or a book. */
function json(head, value, removed = []) {
  const text = !isFields(value) ? value : value.bids ? JSON.stringify(value)
    : `{${Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${part}`).join()}}`;
  return `${JSON.stringify(head).slice(0, -1)},"v":${text}${removed.length ? `,"removed":${JSON.stringify(removed)}` : ""}}`;
}

/** The levels of a book that are not as they were. */
function change(before = { bids: [], asks: [] }, now) {
  const side = name => {
    const [old, present] = [before, now].map(book => new Map(book[name].map(([price, size]) => [price, size])));
    return [...[...present].filter(([price, size]) => old.get(price) !== size), ...[...old.keys()].filter(price => !present.has(price)).map(price => [price, 0])];
  };
  return { bids: side("bids"), asks: side("asks") };
}

/** A star is any run of characters, unless it is escaped. */
function matches(pattern, symbol) {
  const source = pattern.replace(/\\\*|\*|[\\^$.|?+()[\]{}]/g, part => part === "*" ? ".*" : part === "\\*" ? "\\*" : "\\" + part);
  return new RegExp(`^${source}$`, "s").test(symbol);
}
