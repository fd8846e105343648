// One topic as far as it was sent.
// Names that begin with _ are the client's own: the build shortens them.

import { fieldsOf, isObject, levels, Side } from "./values.js";

/** One topic of a subscription, as far as it was sent. */
export class Topic {
  /** Sequence sent last; 0 = none. */
  _q = 0;
  /** Sequence when the connection was lost: entries up to there may come again in mode all. */
  _held = 0;
  _c = 0;

  _apply(entry, isImage, isBook, isDelta) {
    const value = entry.v;
    if (isBook) {
      // both are read before one is applied: no message is applied in part
      const changes = [levels(value.bids), levels(value.asks)];
      // a book that joins begins with an update
      if (isImage || !this._sides) this._sides = [new Side(-1), new Side(1)];
      this._sides.forEach((side, i) => side._apply(changes[i]));
      this._value = null;
    } else if (!isImage && isDelta && isObject(value) && isObject(this._value)) {
      // a new object: what the page was given before does not change
      this._value = { ...this._value, ...value };
      entry.removed?.forEach(field => delete this._value[field]);
    } else {
      this._value = value;
    }
    this._q = +entry.q;
    this._c = +(entry.c ?? 0);
  }

  /** The state that came with an entry. */
  _mark(entry, message, now) {
    this._st = entry.st;
    this._isLost = this._isKept = false;
    this._t = entry.t && +entry.t;
    this._atMs = now;
    this._lagMs = entry.t ? Math.max(0, message.ts - entry.t) / 1000 : 0;
  }

  _state(isFresh) {
    const told = this._told ?? (this._st === "closed" ? "closed" : "live");
    return told !== "live" ? told : isFresh && !this._st && !this._isLost && !this._isKept ? "live" : "stale";
  }

  _view(isFresh, now) {
    const value = this._sides ? this._value ??= { bids: this._sides[0]._rows(), asks: this._sides[1]._rows() } : this._value;
    if (value === undefined) return this._told && { state: this._told, reason: this._reason };
    return { ...fieldsOf(value), v: value, q: this._q, c: this._c, t: this._t,
      age: Math.round(this._lagMs + Math.max(0, now - this._atMs)), state: this._state(isFresh), reason: this._reason };
  }

  _discard() {
    this._value = this._sides = undefined;
    this._q = this._held = 0;
  }
}
