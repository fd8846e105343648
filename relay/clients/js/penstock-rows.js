// Updates as rows, penstock.v1.rows: what a relay sends by position becomes the entries that it sends by name otherwise.

const BLANK = 32, QUOTE = 34, COMMA = 44, OPEN = 91, BACKSLASH = 92, CLOSE = 93, WORD = 97, BRACE = 123;

/** A message of rows: arrays, with numbers as texts. Reads by hand: most of it are numbers, which become texts by being cut out. */
function parseRows(text, parse) {
  let at = 0;

  /** Where a string ends that begins at `from`. */
  function quoted(from) {
    let end = from + 1;
    while (end < text.length && text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
    return end + 1;
  }

  /** Where an object ends that begins at `from`. */
  function braced(from) {
    let end = from + 1, depth = 1;
    while (depth && end < text.length) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) end = quoted(end) - 1;
      else if (code === BRACE) depth++;
      else if (code === BRACE + 2) depth--;
      end++;
    }
    return end;
  }

  function cut(end) {
    const part = text.slice(at, end);
    at = end;
    return part;
  }

  /** A venue may have put blanks into its values. */
  function skip() {
    while (text.charCodeAt(at) <= BLANK) at++;
  }

  function value() {
    skip();
    const code = text.charCodeAt(at);
    if (code === OPEN) return array();
    if (code === QUOTE) return JSON.parse(cut(quoted(at)));
    if (code === BRACE) return parse(cut(braced(at)));
    let end = at + 1, next = text.charCodeAt(end);
    while (next !== COMMA && next !== CLOSE && next > BLANK) next = text.charCodeAt(++end);
    return code < WORD ? cut(end) : JSON.parse(cut(end));
  }

  function array() {
    const all = [];
    at++;
    skip();
    if (text.charCodeAt(at) === CLOSE) {
      at++;
      return all;
    }
    do {
      all.push(value());
      skip();
    } while (text.charCodeAt(at++) === COMMA);
    return all;
  }

  return array();
}

/** Reads the rows of one subscription on one connection; `parse` reads JSON with numbers as texts. */
export function rowReader(parse) {
  let columns = [];
  const topics = new Map();

  /** The names of the columns in a mask. */
  const names = mask => columns.filter((_, i) => mask & 1 << i);

  function entry(row, ts) {
    const topic = topics.get(row[0]), age = row[2];
    const entry = { s: topic.s, q: topic.q += +row[1], c: row[1] - 1 };
    if (age !== null) entry.t = ts - age;
    let at = 3;
    // a mask is a number
    if (row[at] === "stale" || row[at] === "closed") entry.st = row[at++];
    const mask = row[at++];
    if (typeof mask === "object") return Object.assign(entry, mask);
    const value = entry.v = {};
    for (let i = 0, rest = +mask; rest; i++, rest >>= 1) if (rest & 1) value[columns[i]] = row[at++];
    if (at < row.length) entry.removed = names(row[at]);
    return entry;
  }

  return {
    /** What rows need is announced. */
    announce(message) {
      columns = message.columns ?? columns;
      for (const [id, s, q] of message.topics) topics.set(id, { s, q: +q });
    },
    /** The update that a message of rows stands for; its sum proves the sequences: null if it does not. */
    read(text) {
      const [, ts, p, sum, ...rows] = parseRows(text, parse), data = [];
      let left = +sum;
      for (const row of rows) {
        if (!topics.has(row[0])) return null;
        const read = entry(row, ts);
        left -= read.q;
        data.push(read);
      }
      return left === 0 ? { ts, p, data } : null;
    },
  };
}
