// What pages hold.
// Names that begin with _ are the client's own: the build shortens them.

import { Emitter } from "./platform.js";
import { isPattern } from "./wire.js";

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
    this._join();
  }

  _join() {
    const { symbols, interval = this._options.mode === "all" ? 0 : DEFAULT_INTERVAL_MS, ...terms } = this._options;
    this._interval = interval;
    this.ready = new Promise((resolve, reject) => { this._resolve = resolve; this._reject = reject; });
    this.ready.catch(() => {});
    this._wire = this._client._wireFor(terms, [...new Set(symbols)], this);
  }

  /** The relay refused what was asked for, or the grid is closed. */
  _fail({ status, code, message }) {
    this._fault = Object.assign(new Error(message), { status, code });
    this._reject(this._fault);
    this._readers.forEach(reader => reader(null));
  }

  /** The merged value of a symbol and what is known of it; undefined if nothing is. */
  get(symbol = this._wire._symbols[0]) {
    return this._wire._topics.get(symbol)?._view(this._client._isFresh, this._client._platform.now());
  }

  /** The symbols that something is known of. */
  get symbols() {
    return [...this._wire._topics.keys()];
  }

  set(changes) {
    const names = Object.keys(changes), wire = this._wire;
    this._options = { ...this._options, ...changes };
    if (names.every(name => name === "interval")) {
      this._interval = changes.interval ?? DEFAULT_INTERVAL_MS;
      wire._retime();
      return;
    }
    const symbols = [...new Set(this._options.symbols)];
    if (String(names) === "symbols" && wire._grids.size === 1 && ![...wire._symbols, ...symbols].some(isPattern)
        && !this._client._find(wire._terms, symbols)) {
      wire._change(symbols);
      return;
    }
    const shown = this.symbols;
    this._client._leave(this);
    this._join();
    shown.forEach(symbol => this._changed.add(symbol));
    this._client._schedule();
  }

  close() {
    if (this._isClosed) return;
    this._isClosed = true;
    this._client._leave(this);
    this._fail(CLOSED);
  }

  /** Says what changed; returns how long that has to wait for the interval, in ms. */
  _paint(now) {
    if (!this._changed.size) return Infinity;
    const waitMs = this._isUrgent || this._interval <= this._wire._interval ? 0 : this._shownMs + this._interval - now;
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
