// Subscriptions on the wire.
// Names that begin with _ are the client's own: the build shortens them.

import { rowReader } from "./penstock-rows.js";
import { Topic } from "./topic.js";
import { fieldsOf, isObject, parse } from "./values.js";

/** When a request that may succeed later is sent again, if the relay does not say. */
const RETRY_MS = 1_000;

/** Has a star, which may be an escaped one. */
export const isPattern = symbol => symbol.includes("*");

/** What two grids have in common that share a subscription. */
export const key = (terms, symbols) => JSON.stringify([terms, [...symbols].sort()]);

/** A subscription on the wire, for all grids that ask for the same; it outlives connections. */
export class Wire {
  _grids = new Set();
  _topics = new Map();
  /** Symbols as far as requests were answered. */
  _granted = new Set();
  /** What can be resumed; 0 = nothing. */
  _p = 0;
  /** Updates that gaps reported missing and whose place is not known yet; those counted at the position of the last gap. */
  _missed = 0;
  _gapMissed = 0;
  /** Symbols asked for without an answer yet, by request, and snapshots without their last piece. */
  _asked = 0;
  _images = 0;

  constructor(client, terms, symbols) {
    this._client = client;
    this._terms = terms;
    this._symbols = symbols;
    this._hasPatterns = symbols.some(isPattern);
    this._isAll = terms.mode === "all";
    this._rename();
  }

  /** Takes another name: what is on its way to the earlier one does not count. */
  _rename() {
    this._client._wires.delete(this._name);
    this._name = `s${++this._client._names}`;
    this._client._wires.set(this._name, this);
    this._rows = rowReader(parse);
  }

  /** What others must ask for to share it. */
  get _key() {
    return key(this._terms, this._symbols);
  }

  get _isWhole() {
    return this._isAnswered && !this._asked && !this._images;
  }

  /** The shortest interval that a grid asks for, within the relay's limits. */
  _newInterval() {
    const { _limits, _options, _platform } = this._client;
    const shortest = Math.min(...[...this._grids].map(grid => grid._interval));
    const wanted = _platform.isHidden() ? Math.max(shortest, _options.hidden ?? 0) : shortest;
    return Math.min(Math.max(wanted, _limits._min), _limits._max);
  }

  /** Subscribes on a new connection; goes on from where it was, if it can. */
  _begin() {
    this._feedState = undefined;
    const kind = this._client._class(this._terms);
    this._isEvent = kind === "event";
    this._isBook = kind === "order-book";
    this._isAll = this._isEvent || this._terms.mode === "all";
    this._isDelta = !this._isEvent && !this._isBook && this._terms.delta !== false;
    this._interval = this._isAll ? 0 : this._newInterval();
    const resume = this._p ? { epoch: this._epoch, p: this._p } : undefined;
    this._request({ op: "subscribe", ...this._terms, symbols: this._symbols, delta: this._isDelta || undefined,
      interval: this._isAll ? undefined : this._interval, resume });
  }

  /** Asks until there is an answer to hold to; `onDone` runs with it. */
  _request(request, onDone = () => {}) {
    const client = this._client, name = this._name, turn = client._turn;
    const isSubscribe = request.op === "subscribe";
    this._asked += isSubscribe;
    client._request({ ...request, sub: name }, answer => {
      // the name is another one after a broken ledger
      if (name !== this._name) return;
      if (answer.type === "error" && answer.retry) {
        // it still counts as asked: nothing of it was sent
        client._platform.after(+(answer.retryAfter ?? RETRY_MS), () => {
          if (turn !== client._turn || name !== this._name) return;
          this._asked -= isSubscribe;
          if (this._grids.size) this._request(request, onDone);
        });
        return;
      }
      this._asked -= isSubscribe;
      if (answer.type === "error") {
        client._emit("error", answer);
        this._grids.forEach(grid => grid._fail(answer));
      }
      if (isSubscribe && answer.type === "ack") this._onAck(answer, request.symbols);
      onDone();
      this._settle();
    });
  }

  _onAck(ack, symbols) {
    if (ack.replaces !== "none") this._images++;
    if (ack.resumed) {
      // the relay counts again what a gap counted exactly there, or sends it
      if (this._gapP === this._p) this._missed -= this._gapMissed;
    } else if (ack.replaces === "all") {
      if (this._isAll && this._granted.size) this._push({ gap: true });
      this._touchAll();
      this._topics.clear();
      this._missed = 0;
    } else {
      symbols.forEach(symbol => this._topics.delete(symbol));
    }
    this._gapP = this._gapMissed = 0;
    this._isAnswered = true;
    symbols.forEach(symbol => this._granted.add(symbol));
  }

  /** Other symbols, none of them a pattern. */
  _change(symbols) {
    const before = new Set(this._symbols), now = new Set(symbols);
    const added = symbols.filter(symbol => !before.has(symbol)), removed = this._symbols.filter(symbol => !now.has(symbol));
    this._symbols = symbols;
    removed.forEach(symbol => this._remove(symbol));
    if (!this._client._isOpen) {
      // there is nothing of what was added, so it cannot be claimed
      if (added.length) this._p = 0;
      return;
    }
    if (added.length) this._request({ op: "subscribe", symbols: added });
    if (removed.length) this._request({ op: "unsubscribe", symbols: removed }, () => removed.forEach(symbol => this._remove(symbol)));
  }

  _remove(symbol) {
    this._granted.delete(symbol);
    if (this._topics.delete(symbol)) this._touch(symbol);
  }

  /** Another interval, if the grids or the page want one. */
  _retime() {
    if (!this._client._isOpen || this._isAll) return;
    const interval = this._newInterval();
    if (interval !== this._interval) {
      this._interval = interval;
      this._request({ op: "change", interval, snapshot: false });
    }
  }

  _end() {
    if (this._client._isOpen) this._client._request({ op: "unsubscribe", sub: this._name }, () => {});
  }

  /** The connection is lost. */
  _lose() {
    if (!this._isWhole) this._p = 0;
    this._asked = this._images = 0;
    this._isAnswered = false;
    this._rows = rowReader(parse);
    for (const topic of this._topics.values()) {
      topic._held = topic._q;
      topic._isKept = true;
      topic._told = topic._reason = undefined;
    }
    this._touchAll();
  }

  _loseFeed() {
    for (const topic of this._topics.values()) {
      topic._isLost = true;
      topic._isKept = false;
    }
    this._touchAll();
  }

  _topic(symbol) {
    let topic = this._topics.get(symbol);
    if (!topic && (this._hasPatterns || this._granted.has(symbol))) this._topics.set(symbol, topic = new Topic());
    return topic;
  }

  _onSnapshot(message) {
    const answersRequest = message.replaces !== "one", now = this._client._platform.now();
    for (const entry of message.data) {
      const topic = this._topic(entry.s);
      if (!topic) continue;
      if (!this._isAll || +entry.q >= topic._held) {
        // of an event with fields an image may be no more than where to count from
        if (this._isEvent && isObject(entry.v) && !Object.keys(entry.v).length) topic._q = +entry.q;
        else topic._apply(entry, true, this._isBook);
      }
      topic._mark(entry, message, now);
      this._touch(entry.s);
    }
    if (message.last && answersRequest) {
      this._images = Math.max(0, this._images - 1);
      if (message.resumed) this._trustKept();
    }
    if (message.last || !answersRequest || +message.p) this._reach(+message.p);
    this._settle();
  }

  /** What the relay said nothing of since the resume is as it was, and live if the feed is. */
  _trustKept() {
    const { _client, _terms, _feedState } = this, isFeedLive = (_feedState ?? _client.feeds[_client._feedName(_terms.feed)]) === "live";
    for (const topic of this._topics.values()) {
      if (topic._isKept) {
        topic._isKept = false;
        topic._st = undefined;
        topic._isLost = !isFeedLive;
      }
    }
    this._touchAll();
  }

  _onUpdate(message) {
    const now = this._client._platform.now();
    for (const entry of message.data) {
      const topic = this._topic(entry.s), q = +entry.q, c = +(entry.c ?? 0);
      if (!topic) continue;
      if (!this._isAll || q > topic._held) {
        const missed = q - topic._q - 1 - c;
        if (missed < 0 || missed > this._missed) return this._break({ symbol: entry.s, q, c, previous: topic._q, missed: this._missed });
        this._missed -= missed;
        topic._apply(entry, false, this._isBook, this._isDelta);
        if (this._isAll) this._push({ ...fieldsOf(entry.v), v: entry.v, symbol: entry.s, q, c, t: entry.t && +entry.t });
      }
      topic._mark(entry, message, now);
      this._touch(entry.s);
    }
    this._reach(+message.p);
  }

  /** An update of rows. */
  _onRows(text) {
    const update = this._rows.read(text);
    if (update) this._onUpdate(update);
    else this._break({});
  }

  _onGap(message) {
    const missed = +message.missed, p = +message.p;
    this._gapMissed = missed + (p === this._gapP ? this._gapMissed : 0);
    this._gapP = p;
    this._missed += missed;
    this._push({ gap: true, missed });
    this._reach(p);
  }

  _onStatus(message) {
    for (const symbol of message.symbols) {
      const topic = this._topic(symbol);
      if (!topic) continue;
      topic._told = message.state === "live" ? undefined : message.state;
      topic._reason = message.reason;
      if (message.state === "denied") topic._discard();
      else if (message.reason === "not_subscribed") this._topics.delete(symbol);
      this._touch(symbol);
    }
  }

  _reach(p) {
    this._p = p;
    this._epoch = this._client._epoch;
  }

  /** The ledger does not add up: says so, and begins again. */
  _break(what) {
    this._end();
    this._lose();
    this._p = 0;
    this._rename();
    this._client._emit("broken", { channel: this._terms.channel, ...what });
    if (this._grids.size) this._begin();
  }

  _settle() {
    if (this._isWhole) this._grids.forEach(grid => grid._resolve());
  }

  _push(event) {
    this._grids.forEach(grid => grid._readers.forEach(reader => reader(event)));
  }

  _touch(symbol) {
    this._grids.forEach(grid => grid._changed.add(symbol));
    this._client._schedule();
  }

  /** A state changed: no grid waits for its interval to show that. */
  _touchAll() {
    for (const grid of this._grids) {
      grid._isUrgent = true;
      for (const symbol of this._topics.keys()) grid._changed.add(symbol);
    }
    this._client._schedule();
  }
}
