// A session where a proxy lets no WebSocket through: each subscription is a stream of server-sent events, and what the streams bring are the messages
// of one session. A client that could open no WebSocket loads this, and uses it as one.
// Names that begin with _ are the client's own: the build shortens them.

/** A WebSocket is tried first, for this long: a client gives up after 10 s. */
const SOCKET_WITHIN_MS = 5_000;
/** A browser has six connections to a host: one is for the session itself, another one is left for everything else. */
const MAX_STREAMS = 4;
const WELCOME_WITHIN_MS = 10_000;
const WATCH_MS = 1_000;
/** The session itself asks for what no symbol begins with. */
const NOTHING = "\\*".repeat(8) + "*";
/** What a refusal by HTTP is in WebSocket. */
const REFUSALS = { 400: 4400, 401: 4401, 403: 4403, 413: 4413, 414: 4413, 421: 4400, 429: 4429, 503: 4503 };

/** A socket by `direct`, and streams if nothing comes of it. */
export function streamSocket(url, protocol, direct, platform) {
  const socket = {}, real = direct(url, protocol);
  let isHeard = false;
  const stop = code => {
    cancel();
    real.onopen = real.onmessage = real.onclose = null;
    real.close(code);
  };
  const fallBack = () => {
    stop();
    new Streams(socket, url, platform);
  };
  const cancel = platform.after(SOCKET_WITHIN_MS, fallBack);
  socket.send = text => real.send(text);
  socket.close = stop;
  real.onopen = event => socket.onopen?.(event);
  real.onmessage = event => {
    isHeard = true;
    cancel();
    socket.onmessage?.(event);
  };
  real.onclose = event => {
    // a code of the relay came through
    if (!isHeard && event.code < 4000) return fallBack();
    cancel();
    socket.onclose?.(event);
  };
  return socket;
}

/** The streams of one session, and the session that they make. */
class Streams {
  /** By the name of the subscription; the one without a name is the session itself. */
  _streams = new Map();
  _patienceMs = WELCOME_WITHIN_MS;
  _pings = [];

  constructor(socket, url, platform) {
    this._socket = socket;
    this._platform = platform;
    const { href, searchParams } = new URL(url.replace(/^ws/, "http"));
    this._address = String(new URL("sse", href));
    this._query = searchParams;
    socket.isStream = true;
    socket.send = text => this._onRequest(JSON.parse(text));
    socket.close = () => this._end();
    // a token comes now, if there is one
    socket.onopen?.();
    this._start("", { symbols: [NOTHING] });
    this._tickedMs = platform.now();
    this._watch();
  }

  _onRequest({ op, id, sub, ...terms }) {
    const stream = this._streams.get(sub);
    if (op === "ping") this._pings.push(id);
    else if (op === "auth") this._onToken(id, terms.token);
    else if (op === "subscribe") this._subscribe(id, sub, stream, terms);
    else if (stream) this._change(id, stream, op, terms);
    else this._deliver({ type: "error", id, status: 404, code: "unknown_subscription", message: "no such subscription: " + sub, retry: false });
  }

  _change(id, stream, op, { interval, symbols }) {
    const terms = stream._terms, sub = stream._sub;
    if (op === "change") terms.interval = interval;
    else terms.symbols = symbols ? terms.symbols.filter(symbol => !symbols.includes(symbol)) : [];
    this._deliver({ type: "ack", id, op, sub });
    if (!terms.symbols.length) this._stop(sub);
    // of every update nothing may come twice: what was given back still comes, and the client ignores it
    else if (terms.mode !== "all") this._again(stream);
  }

  _onToken(id, token) {
    this._token = token;
    if (this._isWelcome) {
      this._deliver({ type: "ack", id, op: "auth" });
      [...this._streams.values()].forEach(stream => this._again(stream));
    } else {
      this._authId = id;
    }
  }

  _subscribe(id, sub, stream, { resume, ...terms }) {
    if (!stream && this._streams.size > MAX_STREAMS) {
      this._deliver({ type: "error", id, status: 413, code: "too_many_subscriptions", retry: false,
        message: `no WebSocket can be opened, and by server-sent events a page has ${MAX_STREAMS} subscriptions at once` });
    } else if (stream) {
      // an address cannot say which of its symbols are new: all are sent again
      this._start(sub, { ...stream._terms, symbols: [...stream._terms.symbols, ...terms.symbols] }, undefined, id, stream._terms.mode === "all" ? "all" : "some");
    } else {
      this._start(sub, terms, resume && `${resume.epoch}-${resume.p}`, id);
    }
  }

  /** The same stream, from where it is. */
  _again(stream) {
    this._start(stream._sub, stream._terms, stream._position, stream._id, stream._replaces);
  }

  /** Opens a stream. `id` of the request that its `ack` answers, if one waits for that; `replaces` of it, if not what the relay says. */
  _start(sub, terms, position, id, replaces) {
    this._stop(sub);
    const stream = { _sub: sub, _terms: terms, _position: position, _isResuming: !!position, _id: id, _replaces: replaces,
      _heardMs: this._platform.now(), _control: new AbortController() };
    this._streams.set(sub, stream);
    this._read(stream);
  }

  _stop(sub) {
    this._streams.get(sub)?._control.abort();
    this._streams.delete(sub);
  }

  _end() {
    this._cancelWatch?.();
    [...this._streams.keys()].forEach(sub => this._stop(sub));
  }

  _isPresent(stream) {
    return this._streams.get(stream._sub) === stream;
  }

  async _read(stream) {
    const { symbols, ...terms } = stream._terms, query = new URLSearchParams(this._query);
    for (const [name, value] of Object.entries({ ...terms, lastEventId: stream._position })) if (value != null) query.append(name, value);
    for (const symbol of symbols) query.append("symbols", symbol);
    try {
      const headers = this._token ? { Authorization: "Bearer " + this._token } : {};
      const response = await this._platform.fetch(`${this._address}?${query}`, { headers, signal: stream._control.signal });
      if (!response.ok) return await this._onRefusal(stream, response);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done || !this._isPresent(stream)) break;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) if (this._isPresent(stream)) this._onEvent(stream, event);
      }
    } catch {
      // lost, or stopped here
    }
    if (this._isPresent(stream)) this._lose(1006, "");
  }

  async _onRefusal(stream, response) {
    const error = await response.json().catch(() => ({}));
    if (!this._isPresent(stream)) return;
    const { status } = response, isOfToken = status === 401 || status === 403;
    if (stream._id && !stream._replaces && error.code && !isOfToken) {
      // of the request alone, and not of the session
      this._stop(stream._sub);
      this._deliver({ ...error, type: "error", status, id: stream._id });
    } else {
      const ms = error.retryAfter ?? 1000 * response.headers.get("Retry-After");
      const code = !this._isWelcome || isOfToken ? REFUSALS[status] : undefined;
      this._lose(code ?? 1006, `${error.code ?? "HTTP " + status}${ms ? " retryAfter=" + ms : ""}`);
    }
  }

  _lose(code, reason) {
    this._end();
    this._socket.onclose?.({ code, reason });
  }

  /** One event: lines of a name and a value. */
  _onEvent(stream, text) {
    const { event, id, data } = Object.fromEntries(text.split("\n").map(line => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    stream._heardMs = this._platform.now();
    if (id) stream._position = id === "0-0" ? undefined : id;
    if (event === "welcome") this._onWelcome(stream, data);
    else if (event === "ack") this._onAck(stream, JSON.parse(data));
    else if (event === "notice") this._onNotice(JSON.parse(data));
    else if (event === "heartbeat") this._deliverText(data);
    else if (data) this._deliverText(named(data, stream._sub));
    for (const ping of this._pings.splice(0)) this._deliver({ type: "pong", id: ping });
  }

  _onWelcome(stream, text) {
    const welcome = JSON.parse(text), feeds = welcome.feeds ?? [welcome.feed];
    if (stream._sub) {
      const { name, state } = feeds.find(feed => feed.name === (stream._terms.feed ?? feeds[0].name));
      if (welcome.epoch !== this._epoch) this._lose(1006, "another relay answers");
      else this._deliver({ type: "status", sub: stream._sub, scope: "feed", feed: name, state });
    } else if (!this._isWelcome) {
      this._isWelcome = true;
      this._epoch = welcome.epoch;
      this._patienceMs = 1.5 * welcome.heartbeat + 1000;
      this._deliverText(text);
      if (this._authId) this._deliver({ type: "ack", id: this._authId, op: "auth" });
    }
  }

  _onAck(stream, ack) {
    if (stream._id) {
      const { _id: id, _sub: sub, _replaces: replaces = ack.replaces } = stream;
      stream._id = stream._replaces = undefined;
      this._deliver({ ...ack, id, sub, replaces });
    } else if (stream._isResuming && !ack.resumed) {
      this._lose(1006, "the position is not known any more");
    }
  }

  _onNotice({ text }) {
    const [, code, reason] = /^closed: (\d+) ?(.*)/.exec(text) ?? [];
    if (code) this._lose(+code, reason);
  }

  /** Each stream has to be heard: the others do not speak for it. */
  _watch() {
    const now = this._platform.now(), hasSlept = Math.abs(now - this._tickedMs) > 3 * WATCH_MS;
    this._tickedMs = now;
    for (const stream of this._streams.values()) {
      // what came while this slept is still to be read
      if (hasSlept) stream._heardMs = now;
      if (now - stream._heardMs > this._patienceMs) return this._lose(1006, "silent");
    }
    this._cancelWatch = this._platform.after(WATCH_MS, () => this._watch());
  }

  _deliver(message) {
    this._deliverText(JSON.stringify(message));
  }

  _deliverText(data) {
    this._socket.onmessage?.({ data });
  }
}

/** A message with the name that the client knows; values stand behind it, and stay as they are. */
function named(text, sub) {
  const name = JSON.stringify(sub);
  return text.startsWith('{"type":"status","scope":"feed"') ? text.replace(",", `,"sub":${name},`) : text.replace('"sub":"0"', `"sub":${name}`);
}
