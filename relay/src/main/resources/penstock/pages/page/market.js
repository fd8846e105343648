// What the page knows of each symbol.

import { History } from "./history.js";
import { isNumber, kept } from "./format.js";

export const MAX_FIELDS = 12;
/** A symbol that the client knows nothing of any more leaves the page after this: a new subscription has its images by then. */
const GONE_AFTER_MS = 2000;
const SLICES = 10;
const LATENCIES = 256;

/** The fields of a value: an object has its own, anything else is one. */
const fieldsOf = value => value !== null && typeof value === "object" && !Array.isArray(value) ? value : { value };

/** One symbol: its newest value, and what the page has counted. */
export class Row {
  fields = {};
  state = "waiting";
  reason;
  /** Sequence that was shown last; 0 = none. */
  q = 0;
  updates = 0;
  conflated = 0;
  /** By field: how much of the text stayed, whether it rose, and when. */
  moves = {};
  history = new History();
  isDirty = true;
  /** Fields whose columns exist. */
  learned = 0;
  /** Since when the client knows nothing of it; 0 = it does. */
  goneMs = 0;

  constructor(symbol) {
    this.symbol = symbol;
  }

  /** Milliseconds since the venue's time. */
  age(nowMs) {
    return this.readMs === undefined ? undefined : this.ageMs + nowMs - this.readMs;
  }

  /** The two prices that the chart shows, which may be one; NaN without any. */
  prices() {
    const { bid, ask, last, price, close, mark } = this.fields;
    const single = [last, price, close, mark, ...Object.values(this.fields)].find(isNumber);
    const [low, high] = [bid ?? ask ?? single, ask ?? bid ?? single];
    return isNumber(low) && isNumber(high) ? [+low, +high] : [NaN, NaN];
  }
}

/** All symbols of the channel that is shown. */
export class Market {
  rows = new Map();
  /** Names of fields, in the order in which they came. */
  fields = [];
  /** Updates that were shown, and those conflated into them, since the page was opened. */
  shown = 0;
  conflated = 0;
  #latencies = [];
  #slice = 0;

  /** `onNewRows` and `onNewFields` are called when there are some. */
  constructor(onNewRows, onNewFields) {
    this.onNewRows = onNewRows;
    this.onNewFields = onNewFields;
  }

  clear() {
    this.rows.clear();
    this.fields = [];
    this.onNewRows();
    this.onNewFields();
  }

  /** The relay counts from the beginning. */
  restart() {
    for (const row of this.rows.values()) row.q = 0;
  }

  /** A row for a symbol that nothing need be known of. */
  add(symbol) {
    let row = this.rows.get(symbol);
    if (!row) {
      row = new Row(symbol);
      this.rows.set(symbol, row);
      this.onNewRows();
    }
    return row;
  }

  remove(symbol) {
    if (this.rows.delete(symbol)) this.onNewRows();
  }

  /** What the client says of a symbol; undefined if it says nothing. */
  read(symbol, view, nowMs) {
    const row = view ? this.add(symbol) : this.rows.get(symbol);
    if (!row) return;
    row.isDirty = true;
    // a row that had nothing may be hidden
    if (row.state === "waiting" && view) this.onNewRows();
    row.state = view?.state ?? "waiting";
    row.reason = view?.reason;
    row.goneMs = view ? 0 : row.goneMs || nowMs;
    if (view?.v === undefined) {
      if (view?.state === "denied") row.fields = {};
      return;
    }
    row.ageMs = view.age;
    row.readMs = nowMs;
    if (view.q === row.q) return;
    if (row.q && view.q > row.q) this.#count(row, view);
    row.q = view.q;
    this.#replace(row, fieldsOf(view.v), nowMs);
  }

  #count(row, view) {
    const passed = view.q - row.q - 1;
    row.updates++;
    row.conflated += passed;
    this.shown++;
    this.conflated += passed;
    if (view.t !== undefined && this.#latencies.length < LATENCIES) this.#latencies.push(view.age);
  }

  #replace(row, fields, nowMs) {
    const before = row.fields;
    for (const name of this.fields) {
      const now = fields[name], was = before[name];
      if (now !== was && isNumber(now) && isNumber(was)) row.moves[name] = { kept: kept(was, now), isUp: +now > +was, ms: nowMs };
    }
    row.fields = fields;
    const names = Object.keys(fields);
    if (names.length !== row.learned) this.#learn(row, names);
  }

  /** A field that repeats the symbol is no column. */
  #learn(row, names) {
    row.learned = names.length;
    const added = names.filter(name => row.fields[name] !== row.symbol && !this.fields.includes(name)).slice(0, MAX_FIELDS - this.fields.length);
    if (!added.length) return;
    this.fields.push(...added);
    this.onNewFields();
  }

  /** The median age of updates when they were painted, since the last call; undefined without any. */
  latencyMs() {
    const sorted = this.#latencies.sort((a, b) => a - b), median = sorted[sorted.length >> 1];
    this.#latencies = [];
    return median;
  }

  /** Called ten times a second: each row gets one sample a second, and what is gone for long is removed unless `keep` says it stays. */
  sample(nowMs, keep) {
    let number = 0;
    for (const row of this.rows.values()) {
      if (number++ % SLICES !== this.#slice) continue;
      const [low, high] = row.state === "live" ? row.prices() : [NaN, NaN];
      row.history.add(nowMs / 1000, low, high);
      if (row.goneMs && nowMs - row.goneMs > GONE_AFTER_MS && !keep(row.symbol)) this.remove(row.symbol);
    }
    this.#slice = (this.#slice + 1) % SLICES;
  }
}
