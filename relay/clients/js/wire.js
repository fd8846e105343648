// Subscriptions on the wire.
// Names that begin with _ are the client's own: the build shortens them.

import { rowReader } from "./penstock-rows.js";
import { Topic } from "./topic.js";
import { fieldsOf, isObject, parse } from "./values.js";

/** When a request that may succeed later is sent again, if the relay does not say. */
const RETRY_MS = 1_000;

/** A subscription on the wire, for the grids of a pool; it outlives connections. */
export class Wire {
  /** What it is there for, in the order in which it was asked for. */
  _symbols = new Set();
  _topics = new Map();
  /** Topics that came from another subscription: shown until this one has their images. */
  _moving = new Map();
  /** Symbols as far as requests were answered. */
  _granted = new Set();
  /** On this connection: 0 = not asked for, or refused, 1 = to be asked for again later, 2 = asked for. */
  _stage = 0;
  /** What can be resumed; 0 = nothing. */
  _p = 0;
  /** Updates that gaps reported missing without naming their topics; those counted at the position of the last gap. */
  _missed = 0;
  _gapMissed = 0;
  /** Symbols asked for without an answer yet, by request, and snapshots without their last piece. */
  _asked = 0;
  _images = 0;

  constructor(pool) {
    this._pool = pool;
    this._client = pool._client;
    this._terms = pool._terms;
    this._rename();
  }

  /** Takes another name: what is on its way to the earlier one, or waits to be sent, does not count. */
  _rename() {
    this._client._wires.delete(this._name);
    this._name = `s${++this._client._names}`;
    this._client._wires.set(this._name, this);
    this._rows = rowReader(parse);
  }

  get _isWhole() {
    return this._isAnswered && !this._asked && !this._images;
  }

  /** What its grids are shown of a symbol. */
  _shown(symbol) {
    return this._moving.get(symbol) ?? this._topics.get(symbol);
  }

  get _all() {
    return [...this._topics, ...this._moving];
  }

  /** The interval that is wanted, within the relay's limits. */
  _newInterval() {
    const { welcome: { limits }, _options, _platform } = this._client;
    const wanted = _platform.isHidden() ? Math.max(this._wants, _options.hidden ?? 0) : this._wants;
    return Math.min(Math.max(wanted, limits.minInterval), limits.maxInterval);
  }

  /** Subscribes on a new connection; goes on from where it was, if it can. */
  _begin() {
    this._feedState = undefined;
    this._stage = 2;
    const kind = this._client._class(this._terms), symbols = [...this._symbols];
    this._isEvent = kind === "event";
    this._isBook = kind === "order-book";
    this._isAll = this._isEvent || this._terms.mode === "all";
    this._isDelta = !this._isEvent && !this._isBook && this._terms.delta !== false;
    this._interval = this._isAll ? 0 : this._newInterval();
    const resume = this._p ? { epoch: +this._epoch, p: this._p } : undefined;
    this._request({ op: "subscribe", ...this._terms, symbols, delta: this._isDelta || undefined,
      interval: this._isAll ? undefined : this._interval, resume }, () => this._begin());
  }

  /** Asks until there is an answer to hold to: `again` asks once more. */
  _request(request, again) {
    const client = this._client, name = this._name, isSubscribe = request.op === "subscribe";
    this._asked += isSubscribe;
    client._request({ ...request, sub: name }, answer => {
      if (!client._wires.has(name)) return;
      if (answer.type === "error" && answer.retry) {
        // it still counts as asked: nothing of it was sent
        if (!this._isAnswered) this._stage = 1;
        client._platform.after(+(answer.retryAfter ?? RETRY_MS), () => {
          if (!client._wires.has(name)) return;
          this._asked -= isSubscribe;
          again();
        });
        return;
      }
      this._asked -= isSubscribe;
      if (answer.type === "error") {
        client._emit("error", answer);
        if (isSubscribe) this._pool._refuse(answer, request.symbols, this);
      } else if (isSubscribe) {
        this._onAck(answer, request.symbols);
      }
      this._settle();
    });
  }

  _onAck(ack, symbols) {
    if (ack.replaces !== "none") this._images++;
    if (ack.resumed) {
      // the relay counts again what a gap counted exactly there, or sends it
      if (this._gapP === this._p) this._missed -= this._gapMissed;
      for (const topic of this._topics.values()) topic._resume(this._p);
    } else if (ack.replaces === "all") {
      if (this._isAll && this._granted.size) this._push({ gap: true });
      this._touchAll();
      this._topics.clear();
      this._missed = 0;
    } else {
      symbols.forEach(symbol => this._topics.delete(symbol));
    }
    this._gapP = this._gapMissed = 0;
    symbols.forEach(symbol => this._symbols.has(symbol) && this._granted.add(symbol));
    if (this._isAnswered) return;
    this._isAnswered = true;
    // what joined and left before there was a subscription
    this._ask([...this._symbols]);
    this._giveBack(symbols);
  }

  /** Symbols join, unless they are there. */
  _add(symbols) {
    const { _isOpen } = this._client, added = symbols.filter(symbol => !this._symbols.has(symbol));
    for (const symbol of added) {
      const topic = this._pool._topic(symbol);
      if (topic) (_isOpen ? this._moving : this._topics).set(symbol, topic);
      this._symbols.add(symbol);
    }
    if (!added.length) return;
    // there is nothing of what was added, so it cannot be claimed
    if (!_isOpen) this._p = 0;
    else if (!this._stage) this._begin();
    else if (this._isAnswered) this._ask(added);
  }

  _ask(symbols) {
    const added = symbols.filter(symbol => this._symbols.has(symbol) && !this._granted.has(symbol));
    if (added.length) this._request({ op: "subscribe", symbols: added }, () => this._ask(added));
  }

  /** All other symbols leave. */
  _keep(symbols) {
    const removed = [...this._symbols].filter(symbol => !symbols.has(symbol));
    removed.forEach(symbol => this._symbols.delete(symbol));
    if (this._symbols.size) this._giveBack(removed);
  }

  _giveBack(symbols) {
    const removed = symbols.filter(symbol => !this._symbols.has(symbol));
    for (const symbol of removed) [this._granted, this._topics, this._moving].forEach(each => each.delete(symbol));
    if (removed.length && this._isAnswered) this._request({ op: "unsubscribe", symbols: removed }, () => this._giveBack(removed));
  }

  /** Another interval, if the grids or the page want one. */
  _retime() {
    if (this._isAll || this._stage < 2) return;
    const interval = this._newInterval();
    if (interval !== this._interval) {
      this._interval = interval;
      this._request({ op: "change", interval, snapshot: false }, () => { this._interval = undefined; this._retime(); });
    }
  }

  /** Nothing more is wanted under this name. */
  _end() {
    this._client._wires.delete(this._name);
    if (this._stage > 1) this._client._request({ op: "unsubscribe", sub: this._name });
  }

  /** The connection is lost. */
  _lose() {
    if (!this._isWhole) this._p = 0;
    this._asked = this._images = 0;
    this._stage = 0;
    this._isAnswered = false;
    this._rename();
    this._topics = new Map(this._all);
    this._moving.clear();
    for (const topic of this._topics.values()) {
      topic._held = topic._q;
      topic._isKept = true;
      topic._told = topic._reason = undefined;
    }
    this._touchAll();
  }

  _loseFeed() {
    for (const [, topic] of this._all) {
      topic._isLost = true;
      topic._isKept = false;
    }
    this._touchAll();
  }

  _topic(symbol) {
    let topic = this._topics.get(symbol);
    if (!topic && (!this._pool._isSplit || this._granted.has(symbol))) this._topics.set(symbol, topic = new Topic());
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
      this._mark(topic, entry, message, now);
    }
    if (message.last && answersRequest) {
      if (this._images) this._images--;
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
        const missed = Math.max(0, topic._missing(q, c)), unknown = missed - this._missed;
        if (!(unknown <= 0 || this._isAll && topic._isBack && missed)) {
          return this._break({ symbol: entry.s, q, c, previous: topic._q, missed: this._missed });
        }
        this._missed = Math.max(0, this._missed - missed);
        if (unknown > 0) this._push({ gap: true, missed: unknown });
        topic._isBack = false;
        topic._apply(entry, false, this._isBook, this._isDelta);
        if (this._isAll) this._push({ ...fieldsOf(entry.v), v: entry.v, symbol: entry.s, q, c, t: entry.t && +entry.t });
      }
      this._mark(topic, entry, message, now);
    }
    this._reach(+message.p);
  }

  /** It came: nothing older is shown. */
  _mark(topic, entry, message, now) {
    topic._mark(entry, message, now);
    this._moving.delete(entry.s);
    this._touch(entry.s);
  }

  /** An update of rows. */
  _onRows(text) {
    const update = this._rows.read(text);
    if (update) this._onUpdate(update);
    else this._break({});
  }

  _onGap(message) {
    const p = +message.p;
    let others = +message.missed, named = 0;
    for (const [symbol, q, count] of message.topics ?? []) {
      others -= count;
      named += this._topic(symbol)?._miss(+q, +count, p) ?? 0;
    }
    this._gapMissed = others + (p === this._gapP ? this._gapMissed : 0);
    this._gapP = p;
    this._missed += others;
    if (named + others) this._push({ gap: true, missed: named + others });
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
    this._epoch = this._client.welcome.epoch;
  }

  /** The ledger does not add up: says so, and begins again. */
  _break(what) {
    this._end();
    this._lose();
    this._p = 0;
    this._client._emit("broken", { channel: this._terms.channel, ...what });
    if (!this._stage && this._client._wires.has(this._name)) this._begin();
  }

  _settle() {
    if (this._isWhole) {
      // what the relay sent no image of has no value
      this._moving.forEach((topic, symbol) => this._touch(symbol));
      this._moving.clear();
    }
    this._pool._settle();
  }

  _push(event) {
    this._pool._grids.forEach(grid => grid._readers.forEach(reader => reader(event)));
  }

  /** A symbol changed: a grid that is slower than this subscription waits for its interval, unless it is a state. */
  _touch(symbol, isState) {
    for (const grid of this._pool._readers(symbol)) {
      grid._changed.add(symbol);
      if (isState || grid._interval <= this._interval) grid._isUrgent = true;
    }
    this._client._schedule();
  }

  /** A state changed: no grid waits for its interval to show that. */
  _touchAll() {
    for (const [symbol] of this._all) this._touch(symbol, true);
  }
}
