// Values with all their digits, and books.
// Names that begin with _ are the client's own: the build shortens them.

/** JSON in which each number has become text: 1.10 stays 1.10. */
export const numbersAsText = text => text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, part => part[0] === '"' ? part : `"${part}"`);

export const parse = text => JSON.parse(numbersAsText(text));

export const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value);

/** What can be spread. */
export const fieldsOf = value => isObject(value) ? value : null;

/** A decimal number of any length: equal ones have the same key. */
function decimal(text) {
  const [, sign, whole, part = "", exponent = 0] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text);
  const all = (whole + part).replace(/^0+/, ""), digits = all.replace(/0+$/, "");
  const power = exponent - part.length + all.length - digits.length;
  return { _key: digits && `${sign}${digits}e${power}`, _value: +text, _digits: digits, _top: digits.length + power };
}

/** Below 0 if `a` is less. Numbers that a double cannot tell apart differ in their digits. */
const compare = (a, b) => a._value - b._value || Math.sign(a._value) * (a._top - b._top || (a._digits < b._digits ? -1 : 1));

/** Levels of a message. */
export const levels = rows => rows.map(row => ({ ...decimal(row[0]), _row: row, _isGone: +row[1] === 0 }));

/** One side of a book; `sign` 1: lowest price first. */
export class Side {
  _levels = new Map();

  constructor(sign) {
    this._sign = sign;
  }

  _apply(changes) {
    for (const level of changes) {
      if (level._isGone) this._levels.delete(level._key);
      else this._levels.set(level._key, level);
    }
    this._sorted = null;
  }

  _rows() {
    return this._sorted ??= [...this._levels.values()].sort((a, b) => this._sign * compare(a, b)).map(level => level._row);
  }
}
