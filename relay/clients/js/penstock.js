// The client of a Penstock relay. The rules that it keeps are in relay/docs/reference/client-semantics.md. One thread owns everything.
// Names that begin with _ are the client's own: the build shortens them.

import { CLOSED, Grid } from "./grid.js";
import { Emitter, PLATFORM } from "./platform.js";
import { Pool } from "./pool.js";
import { parse } from "./values.js";

const FIRST_BACKOFF_MS = 500, MAX_BACKOFF_MS = 30_000;
const WELCOME_WITHIN_MS = 10_000;
const WATCH_MS = 1_000;
/** The one that is preferred comes first: updates by position, and by name. */
const PROTOCOLS = ["penstock.v1.rows", "penstock.v1.json"];

/** Opens a session that comes back by itself; without a URL with the relay that served this module. */
export function connect(url = new URL("/v1/ws", import.meta.url), options = {}) {
  return new Client(url, options);
}

/** How long a token is valid, by its own account; one that gives none, such as a key, for ever. */
function lifeMs(token, now) {
  try {
    return 1000 * JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp - now || Infinity;
  } catch {
    return Infinity;
  }
}

/** A session, over all its connections. */
class Client extends Emitter {
  /** `connecting`, `open`, `waiting` or `closed`. */
  state = "connecting";
  /** Each feed's state, by name. */
  feeds = {};
  /** The relay's last welcome, with numbers as text. */
  welcome;
  _grids = new Set();
  /** Grids that share, by what they have in common; subscriptions by name. */
  _pools = new Map();
  _wires = new Map();
  _requests = new Map();
  /** Requests sent, and names given. */
  _ids = 0;
  _names = 0;
  /** The connection that counts: what belongs to an earlier one is ignored. */
  _turn = 0;
  _backoffMs = FIRST_BACKOFF_MS;
  /** Sockets in a row that brought no message of a relay. */
  _failed = 0;
  _heardMs = 0;
  _refreshMs = Infinity;
  _wasFresh = true;

  constructor(url, options) {
    super();
    this._url = String(new URL(url, globalThis.location?.href)).replace(/^http/, "ws");
    this._options = options;
    this._platform = { ...PLATFORM, ...options.platform };
    this._unlisten = this._platform.listen(() => this._wake());
    this._tickedMs = this._platform.now();
    this._watch();
    this._open();
  }

  /** Newest values of `symbols`. */
  quotes(options) {
    return new Grid(this, { channel: "quote", ...options });
  }

  /** Each event, for `for await`. */
  trades(options) {
    return new Grid(this, { channel: "trade", mode: "all", ...options });
  }

  /** The order book of one symbol. */
  book(symbol, options) {
    return new Grid(this, { channel: "book", ...options, symbols: [symbol] });
  }

  close() {
    this._detach(1000);
    this._stop();
    this._become("closed");
    this._grids.forEach(grid => grid.close());
  }

  // ---- connection

  async _open() {
    const turn = ++this._turn;
    this._deadlineMs = this._platform.now() + WELCOME_WITHIN_MS;
    this._become("connecting");
    const open = await this._opener();
    let token;
    try {
      token = await this._options.getToken?.();
    } catch (fault) {
      if (turn === this._turn) {
        this._emit("error", fault);
        this._onClose(0, String(fault));
      }
      return;
    }
    if (turn !== this._turn) return;
    const socket = this._socket = open(this._url, PROTOCOLS);
    socket.onopen = () => turn === this._turn && token && this._show(token);
    socket.onmessage = event => turn === this._turn && this._onText(event.data);
    socket.onclose = event => turn === this._turn && this._onClose(event.code, event.reason);
  }

  /** What makes sockets. */
  async _opener() {
    let { socket } = this._platform;
    try {
      if (this._options.share && !this._isAlone) {
        const { sharedSocket } = await import("./penstock-share.js"), direct = socket;
        socket = (url, protocol) => sharedSocket(url, protocol, direct);
      }
      // in vain twice: a proxy may let no WebSocket through
      if (this._failed > 1 && this._platform.fetch) {
        const { streamSocket } = await import("./penstock-sse.js"), first = socket;
        socket = (url, protocol) => streamSocket(url, protocol, first, this._platform);
      }
    } catch {
      // what could not be loaded is not used
    }
    return socket;
  }

  _detach(code) {
    this._turn++;
    this._isOpen = false;
    this._requests.clear();
    this._refreshMs = Infinity;
    this._socket?.close(code);
    this._socket = null;
    this._cancelRetry?.();
  }

  /** The connection is lost, or was refused. */
  _onClose(code, reason = "") {
    const wasWelcome = this._isOpen;
    if (this._socket && !wasWelcome && code < 4000) this._failed++;
    this._detach();
    // an attempt in vain takes nothing more
    if (wasWelcome) [...this._wires.values()].forEach(wire => wire._lose());
    const isRefusal = code >= 4400 && code < 4500;
    // a new token helps, and so does time if the handshake was one too many
    const isFinal = isRefusal && !(code === 4401 && wasWelcome && this._options.getToken) && !(code === 4429 && !wasWelcome);
    if (isFinal) {
      this._stop();
      this._become("closed", { code, reason });
      this._grids.forEach(grid => grid._fail(CLOSED));
      return;
    }
    const earliestMs = +(/retryAfter=(\d+)/.exec(reason)?.[1] ?? 0);
    const retryIn = Math.round(earliestMs + this._platform.random() * this._backoffMs);
    this._backoffMs = Math.min(2 * this._backoffMs, MAX_BACKOFF_MS);
    this._earliestMs = this._platform.now() + earliestMs;
    this._cancelRetry = this._platform.after(retryIn, () => this._open());
    this._become("waiting", { code, reason, retryIn });
  }

  /** Nothing brings it back. */
  _stop() {
    this._unlisten();
    this._unwatch();
  }

  _become(state, why) {
    this.state = state;
    this._emit("state", { state, feeds: this.feeds, ...why });
  }

  /** The page is shown or hidden, or the network is back: timers may have slept, and the connection may be gone. */
  _wake() {
    const now = this._platform.now();
    if (!this._platform.isHidden()) {
      if (this.state === "waiting" && now >= this._earliestMs) {
        this._cancelRetry();
        this._open();
      } else {
        this._probe(now);
      }
    }
    this._wires.forEach(wire => wire._retime());
  }

  /** Asks for a sign of life. */
  _probe(now) {
    if (this._isOpen) this._request({ op: "ping" });
    this._deadlineMs = now + this._patienceMs();
  }

  /** How long the relay may be silent: its heartbeat, half of that for the way, and a second for its clock and ours. */
  _patienceMs() {
    return this._isOpen ? 1.5 * this.welcome.heartbeat + 1000 : WELCOME_WITHIN_MS;
  }

  get _isFresh() {
    return this._isOpen && this._platform.now() - this._heardMs <= this._patienceMs();
  }

  _watch() {
    const now = this._platform.now();
    const hasSlept = Math.abs(now - this._tickedMs) > 3 * WATCH_MS;
    this._tickedMs = now;
    this._unwatch = this._platform.after(WATCH_MS, () => this._watch());
    if (this.state === "open" || this.state === "connecting") {
      // what came while this slept is still to be read: no silence is proved
      if (hasSlept) this._probe(now);
      else if (now > this._deadlineMs) this._onClose(0, "silent");
    }
    this._freshen();
    if (now >= this._refreshMs) this._refresh();
  }

  /** Shows that all is stale, or not any more. */
  _freshen() {
    if (this._wasFresh !== this._isFresh) {
      this._wasFresh = this._isFresh;
      this._wires.forEach(wire => wire._touchAll());
    }
  }

  // ---- token

  _show(token) {
    this._refreshMs = this._platform.now() + 0.75 * lifeMs(token, this._platform.now());
    this._request({ op: "auth", token }, answer => {
      if (answer.type === "ack" || answer.code === "bad_field") return;
      this._emit("error", answer);
      this._refreshMs = this._platform.now() + MAX_BACKOFF_MS;
      if (this._options.share && !this._isAlone) {
        // the session of the tabs is of another user
        this._isAlone = true;
        this._onClose(0, answer.code);
      }
    });
  }

  /** A new token for the session that runs. */
  async _refresh() {
    const turn = this._turn;
    this._refreshMs = this._platform.now() + MAX_BACKOFF_MS;
    try {
      const token = await this._options.getToken();
      if (turn === this._turn) this._show(token);
    } catch (fault) {
      this._emit("error", fault);
    }
  }

  // ---- messages

  _request(request, onAnswer) {
    const id = ++this._ids;
    this._requests.set(String(id), onAnswer);
    this._socket?.send(JSON.stringify({ ...request, id }));
  }

  _onText(text) {
    this._heardMs = this._platform.now();
    this._deadlineMs = this._heardMs + this._patienceMs();
    try {
      if (text[0] === "[") this._wires.get(text.slice(2, text.indexOf('"', 2)))?._onRows(text);
      else this._onMessage(parse(text));
    } catch (fault) {
      // a part of it may have been applied: nothing that is held can be resumed
      this._emit("error", fault);
      this._wires.forEach(wire => { wire._p = 0; });
      this._backoffMs = this._earlierBackoffMs ?? this._backoffMs;
      this._onClose(0, "unreadable");
    }
    this._freshen();
  }

  _onMessage(message) {
    const { type } = message, wire = this._wires.get(message.sub);
    if (type === "welcome") this._onWelcome(message);
    else if (type === "snapshot") wire?._onSnapshot(message);
    else if (type === "update") wire?._onUpdate(message);
    else if (type === "rows") wire?._rows.announce(message);
    else if (type === "gap") wire?._onGap(message);
    else if (type === "status" && message.scope === "feed") this._onFeed(message);
    else if (type === "status") wire?._onStatus(message);
    else if (/^(ack|error|pong)$/.test(type)) this._onAnswer(message);
  }

  _onAnswer(message) {
    const onAnswer = this._requests.get(message.id);
    message.warnings?.forEach(warning => this._emit("warning", warning));
    if (this._requests.delete(message.id)) onAnswer?.(message);
    else if (message.type === "error") this._emit("error", message);
  }

  _onWelcome(message) {
    // streams come back by themselves, with a WebSocket tried before each
    if (!this._socket.isStream) this._failed = 0;
    this._earlierBackoffMs = this._backoffMs;
    this._backoffMs = FIRST_BACKOFF_MS;
    this._feeds = message.feeds ?? [message.feed];
    this.feeds = Object.fromEntries(this._feeds.map(feed => [feed.name, feed.state]));
    this.welcome = message;
    // which channels have events is known now, and whether there are streams
    this._grids.forEach(grid => grid._enter());
    this._pools.forEach(pool => pool._plan());
    this._isOpen = true;
    this._deadlineMs = this._heardMs + this._patienceMs();
    // a page that subscribes when it hears of the session begins by itself
    this._wires.forEach(wire => wire._begin());
    this._become("open");
  }

  /**
   * A feed is lost, or back: what there is of a lost one is stale until its next entry. Where each subscription is a stream, `sub` says whose it is:
   * streams come in no order, so each speaks for what it brings, and the session's own one, "", for the session.
   */
  _onFeed({ feed, state, reason, sub }) {
    const name = this._feedName(feed);
    for (const wire of this._wires.values()) {
      if (this._feedName(wire._terms.feed) !== name || (sub ?? wire._name) !== wire._name) continue;
      if (sub) wire._feedState = state;
      if (state !== "live") wire._loseFeed();
    }
    if (sub) return;
    this.feeds = { ...this.feeds, [name]: state };
    this._become("open", { feed: name, reason });
  }

  _feedName(name) {
    return name ?? this._feeds[0].name;
  }

  /** The conflation class of the channel that a subscription asks for. */
  _class({ feed, channel }) {
    return this._feeds?.find(each => each.name === this._feedName(feed))?.channels.find(each => channel ? each.name === channel : each.default)?.class;
  }

  // ---- subscriptions

  /**
   * Where a grid shares: values with all of its view, anything else with those that ask for exactly the same. `before`: where it is; what it shares
   * with no other goes on with other symbols.
   */
  _poolOf(terms, symbols, alone, before) {
    const isNamed = !symbols.some(symbol => symbol.includes("*"));
    const isSplit = isNamed && terms.mode !== "all" && !terms.maxRate && !terms.maxBytesPerSecond && this._class(terms) !== "event";
    const view = JSON.stringify([terms, isNamed, isSplit]), key = JSON.stringify([view, isSplit ? alone : symbols.sort()]);
    let pool = this._pools.get(key);
    if (!pool) {
      pool = isNamed && before?._view === view && before._grids.size === 1 ? before : new Pool(this, terms, view, isSplit);
      this._pools.delete(pool._key);
      this._pools.set(pool._key = key, pool);
    }
    return pool;
  }

  // ---- frames

  _schedule() {
    if (!this._isScheduled) {
      this._isScheduled = true;
      this._platform.frame(() => this._paint());
    }
  }

  _paint() {
    this._isScheduled = false;
    const now = this._platform.now();
    const waitMs = Math.min(...[...this._grids].map(grid => grid._paint(now)));
    this._cancelPaint?.();
    if (waitMs < Infinity) this._cancelPaint = this._platform.after(waitMs, () => this._schedule());
  }
}
