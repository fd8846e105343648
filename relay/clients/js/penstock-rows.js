// Updates as rows, penstock.v1.rows: what a relay sends by position becomes the entries that it sends by name otherwise.
// One pass over the text: numbers that count are read digit by digit, values are cut out as they are.

const BLANK = 32, QUOTE = 34, COMMA = 44, MINUS = 45, ZERO = 48, NINE = 57, OPEN = 91, BACKSLASH = 92, CLOSE = 93, WORD = 97, NULL = 110, BRACE = 123;

/** The message that is read, and how far; `parse` reads JSON with numbers as texts. */
let text, at, parse;

/** Where a string ends that begins at `from`. */
function quoted(from) {
  let end = from + 1, code = text.charCodeAt(end);
  while (code !== QUOTE && end < text.length) code = text.charCodeAt(end += code === BACKSLASH ? 2 : 1);
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

/** The next character is this one. */
function pass(code) {
  if (text.charCodeAt(at++) !== code) throw new SyntaxError(`unreadable rows at ${at - 1}: ${text.slice(0, 200)}`);
}

/** A number that counts. */
function number() {
  let end = at, code = text.charCodeAt(end), n = 0;
  if (code === MINUS) code = text.charCodeAt(++end);
  const isBelow = end > at;
  while (code >= ZERO && code <= NINE) {
    n = 10 * n + code - ZERO;
    code = text.charCodeAt(++end);
  }
  at = end;
  return isBelow ? -n : n;
}

/** The same behind a comma. */
function next() {
  pass(COMMA);
  return number();
}

function value() {
  let code = text.charCodeAt(at);
  if (code <= BLANK) {
    skip();
    code = text.charCodeAt(at);
  }
  if (code === OPEN) return array();
  if (code === QUOTE) return JSON.parse(cut(quoted(at)));
  if (code === BRACE) return parse(cut(braced(at)));
  let end = at, last = code;
  while (last !== COMMA && last !== CLOSE && last > BLANK) last = text.charCodeAt(++end);
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

/** Reads the rows of one subscription on one connection; `json` reads JSON with numbers as texts. */
export function rowReader(json) {
  let columns = [];
  const topics = new Map();

  /** The rest of an entry, behind its topic. */
  function entry(topic, ts) {
    const count = next();
    let t, st, v, removed;
    if (text.charCodeAt(at + 1) === NULL) at += 5;
    else t = ts - next();
    if (text.charCodeAt(at + 1) === QUOTE) {
      at++;
      st = cut(quoted(at)).slice(1, -1);
    }
    if (text.charCodeAt(at + 1) === BRACE) {
      at++;
      ({ v, removed } = parse(cut(braced(at))));
    } else {
      v = {};
      for (let rest = next(), i = 0; rest; rest >>= 1, i++) {
        if (rest & 1) {
          pass(COMMA);
          v[columns[i]] = value();
        }
      }
      if (text.charCodeAt(at) === COMMA) {
        const mask = next();
        removed = columns.filter((_, i) => mask & 1 << i);
      }
    }
    pass(CLOSE);
    return { s: topic.s, q: topic.q += count, c: count - 1, t, st, v, removed };
  }

  return {
    /** What rows need is announced. */
    announce(message) {
      columns = message.columns ?? columns;
      for (const [id, s, q] of message.topics) topics.set(+id, { s, q: +q });
    },
    /** The update that a message of rows stands for; its sum proves the sequences: null if it does not. */
    read(message) {
      text = message;
      parse = json;
      at = quoted(1);
      const ts = next(), p = next(), data = [];
      let left = next();
      while (text.charCodeAt(at) === COMMA) {
        at++;
        pass(OPEN);
        const topic = topics.get(number());
        if (!topic) return null;
        const read = entry(topic, ts);
        left -= read.q;
        data.push(read);
      }
      pass(CLOSE);
      return left === 0 ? { ts, p, data } : null;
    },
  };
}
