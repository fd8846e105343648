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
  /** Up to there gaps have counted what is missing behind it, the last one at that position; 0 = none did. */
  _gapQ = 0;
  _gapP = 0;
  /** What they counted may come after all: the relay has resumed where the last one stood. */
  _isOpen = false;
  /** Nothing came since a resume: the relay before may have lost updates that it knew nothing of. */
  _isBack = false;

  /** A gap names it: all up to `q` is missing, `count` as far as the relay knows. Returns how many that are new. */
  _miss(q, count, p) {
    const reached = Math.max(this._q, this._gapQ);
    this._gapQ = Math.max(this._gapQ, q);
    this._gapP = p;
    return reached ? Math.max(0, q - reached) : count;
  }

  /** The relay goes on at a position. */
  _resume(p) {
    this._isOpen = this._gapP === p;
    this._isBack = true;
  }

  /** How many more are missing with an update than gaps counted of this topic; NaN: it cannot come now. */
  _missing(q, c) {
    const jump = q - this._q - 1 - c, more = jump + Math.max(0, this._gapQ - q) - Math.max(0, this._gapQ - this._q);
    return jump < 0 || more < 0 && !this._isOpen ? NaN : more;
  }

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
    this._q = this._held = this._gapQ = 0;
  }
}
