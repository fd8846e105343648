// What pages hold.
// Names that begin with _ are the client's own: the build shortens them.

import { Emitter } from "./platform.js";

const DEFAULT_INTERVAL_MS = 250;
/** Events that a reader may be behind; what is older becomes a gap. */
const MAX_BACKLOG = 10_000;

/** Why nothing more comes of a grid. */
export const CLOSED = { code: "closed", message: "the client is closed" };

/** What a page asked for: `on("frame")`, `get`, `set`, `ready`, `close`; events also by `for await`. */
export class Grid extends Emitter {
  _changed = new Set();
  _readers = new Set();
  _shownMs = -Infinity;

  constructor(client, options) {
    super();
    this._client = client;
    this._options = options;
    client._grids.add(this);
    this._ask(true);
    if (client.state === "closed") this._fail(CLOSED);
  }

  /** Asks for what its options say, and shows what came and went with that. */
  _ask(isNew) {
    const before = this._pool, shown = new Set(before && this.symbols);
    this._enter(isNew);
    this._pool._plan();
    for (const symbol of [...shown, ...this.symbols]) {
      if (this._pool === before && shown.has(symbol) && this._topic(symbol)) continue;
      this._changed.add(symbol);
      this._isUrgent = true;
    }
    this._client._schedule();
  }

  /** Joins those that it shares with; `isNew`: the page waits for other things than before. */
  _enter(isNew) {
    const { symbols, interval = this._options.mode === "all" ? 0 : DEFAULT_INTERVAL_MS, ...terms } = this._options;
    this._interval = interval;
    this._symbols = new Set(symbols);
    const pool = this._client._poolOf(terms, [...this._symbols], this._alone, this._pool);
    if (pool === this._pool) return;
    this._leave();
    this._pool = pool;
    pool._grids.add(this);
    if (isNew) {
      this.ready = new Promise((resolve, reject) => { this._resolve = resolve; this._reject = reject; });
      this.ready.catch(() => {});
    }
  }

  _leave() {
    const pool = this._pool;
    if (!pool) return;
    pool._grids.delete(this);
    pool._plan();
    if (!pool._grids.size) this._client._pools.delete(pool._key);
  }

  /** The relay refused what was asked for, or the grid is closed. */
  _fail({ status, code, message }) {
    this._fault = Object.assign(new Error(message), { status, code });
    this._reject(this._fault);
    this._readers.forEach(reader => reader(null));
  }

  /** The merged value of a symbol and what is known of it; undefined if nothing is. */
  get(symbol = this._options.symbols[0]) {
    return this._topic(symbol)?._view(this._client._isFresh, this._client._platform.now());
  }

  _topic(symbol) {
    if (this._pool._readers(symbol).has(this)) return this._pool._topic(symbol);
  }

  /** The symbols that something is known of. */
  get symbols() {
    const { _isSplit, _wires } = this._pool;
    return [...(_isSplit ? this._symbols : _wires[0]?._topics.keys() ?? [])].filter(symbol => this._topic(symbol));
  }

  set(changes) {
    this._options = { ...this._options, ...changes };
    this._alone = undefined;
    this._ask(true);
  }

  close() {
    if (this._isClosed) return;
    this._isClosed = true;
    this._client._grids.delete(this);
    if (this._client.state !== "closed") this._leave();
    this._fail(CLOSED);
  }

  /** Says what changed; returns how long that has to wait for the interval, in ms. */
  _paint(now) {
    if (!this._changed.size) return Infinity;
    const waitMs = this._isUrgent ? 0 : this._shownMs + this._interval - now;
    if (waitMs > 0) return waitMs;
    const changed = [...this._changed];
    this._changed.clear();
    this._isUrgent = false;
    this._shownMs = now;
    this._emit("frame", changed);
    return Infinity;
  }

  [Symbol.asyncIterator]() {
    const backlog = [];
    let wake = () => {}, isOver = this._isClosed;
    const reader = event => {
      if (event) {
        backlog.push(event);
        if (backlog.length > MAX_BACKLOG) drop(backlog);
      } else {
        isOver = true;
      }
      wake();
    };
    this._readers.add(reader);
    return {
      next: async () => {
        while (!backlog.length && !isOver) await new Promise(resolve => { wake = resolve; });
        if (backlog.length) return { value: backlog.shift(), done: false };
        if (!this._isClosed) throw this._fault;
        return { value: undefined, done: true };
      },
      return: async () => {
        this._readers.delete(reader);
        this.close();
        return { value: undefined, done: true };
      },
    };
  }
}

/** Half of what a slow reader has not read becomes one gap. */
function drop(backlog) {
  const dropped = backlog.splice(0, MAX_BACKLOG / 2);
  const isCounted = dropped.every(event => !event.gap || event.missed !== undefined);
  backlog.unshift({ gap: true, missed: isCounted ? dropped.reduce((sum, event) => sum + (event.gap ? event.missed : 1), 0) : undefined });
}
