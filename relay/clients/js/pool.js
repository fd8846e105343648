// Which grids share, and what each of them has on the wire.
// Names that begin with _ are the client's own: the build shortens them.

import { Wire } from "./wire.js";

/** Grids of one feed, channel and view. Each symbol is on the wire once, in the subscription of the shortest interval that one of them has for it. */
export class Pool {
  _grids = new Set();
  _wires = [];
  /** Grids by the symbols that they name. */
  _named = new Map();

  /** `isSplit`: its grids may have other symbols than each other. */
  constructor(client, terms, view, isSplit) {
    this._client = client;
    this._terms = terms;
    this._view = view;
    this._isSplit = isSplit;
  }

  /** The grids that are shown a symbol: where all ask for the same, it may be one that a pattern matches. */
  _readers(symbol) {
    return this._isSplit ? this._named.get(symbol) ?? new Set() : this._grids;
  }

  /** What is known of a symbol. */
  _topic(symbol) {
    for (const wire of this._wires) {
      const topic = wire._shown(symbol);
      if (topic) return topic;
    }
  }

  /** Symbols by the interval that they are wanted at. */
  _wanted() {
    const wanted = new Map();
    this._named.clear();
    for (const grid of this._grids) {
      for (const symbol of grid._symbols) this._named.get(symbol)?.add(grid) ?? this._named.set(symbol, new Set([grid]));
    }
    for (const [symbol, grids] of this._named) {
      // of streams a browser has few: all symbols are in one
      const interval = Math.min(...[...this._client._socket?.isStream ? this._grids : grids].map(grid => grid._interval));
      wanted.get(interval)?.add(symbol) ?? wanted.set(interval, new Set([symbol]));
    }
    return wanted;
  }

  /** Symbols go where they are wanted. A subscription whose interval nobody wants any more takes over one that none has: so nothing is sent again. */
  _plan() {
    const client = this._client, wanted = this._wanted(), of = wire => wanted.get(wire._wants) ?? new Set();
    // what was refused is asked for anew
    const wires = this._wires.filter(wire => !client._isOpen || wire._stage || wire._end());
    for (const interval of wanted.keys()) {
      if (wires.some(wire => wire._wants === interval)) continue;
      let wire = wires.find(wire => !wanted.has(wire._wants));
      if (!wire) wires.push(wire = new Wire(this));
      wire._wants = interval;
    }
    this._wires = wires;
    wires.forEach(wire => wire._retime());
    wires.forEach(wire => wire._add([...of(wire)]));
    wires.forEach(wire => wire._keep(of(wire)));
    this._wires = wires.filter(wire => wire._symbols.size || wire._end());
    this._settle();
  }

  /** A grid is ready when the images of its symbols are complete. */
  _settle() {
    for (const grid of this._grids) {
      if ([...grid._symbols].every(symbol => this._wires.every(wire => wire._isWhole || !wire._symbols.has(symbol)))) grid._resolve();
    }
  }

  /** The relay refused symbols of a subscription. If it has never begun, it may be the fault of one of its grids: each is asked for by itself. */
  _refuse(answer, symbols, wire) {
    const refused = new Set(symbols.flatMap(symbol => [...this._readers(symbol)]));
    if (!wire._isAnswered) wire._stage = 0;
    const isApart = this._isSplit && refused.size > 1 && !wire._stage;
    if (isApart) refused.forEach(grid => this._grids.delete(grid));
    for (const grid of refused) {
      if (isApart) {
        grid._alone = ++this._client._names;
        grid._ask();
      } else {
        grid._fail(answer);
      }
    }
  }
}
