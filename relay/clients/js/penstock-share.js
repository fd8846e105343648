// One session for all tabs of a browser: each tab has a socket of its own to this script as a SharedWorker, which has one to the relay. It gives names
// and ids of a tab the tab's number, and passes on what comes back. What a client keeps, each tab keeps itself.
// Names that begin with _ are the client's own: the build shortens them.

/** A tab that reads nothing, because it is frozen or gone, is let go when this much waits for it. */
const MAX_UNREAD = 4096;
const READ_EVERY = 64;
/** A tab that nothing was sent to for this long is sent a sign of life when another one is sent something: the relay sends none then. */
const ALIVE_MS = 1000;
const ALIVE = '{"type":"heartbeat"}';
/** How a page ends its socket that goes away; without a code it gives the connection up. */
const GOING_AWAY = 1001;
const ANSWER_WITHIN_MS = 3000;

/** In the worker: the tabs, and the connection while there is a tab. */
export class Hub {
  _tabs = new Map();
  _count = 0;

  /** `open` makes a socket to the relay. */
  constructor(open, now = Date.now) {
    this._openSocket = open;
    this._now = now;
  }

  attach(port) {
    const tab = { _number: ++this._count, _port: port, _unread: 0, _subs: new Set(), _isOpen: false };
    port.onmessage = ({ data }) => {
      if (data.open) this._open(tab, data.open);
      else if (data.read) tab._unread -= data.read;
      else if (!this._tabs.has(tab._number)) return;
      else if (data.send) this._send(tab, JSON.parse(data.send));
      else if (data.close) this._leave(tab);
      // it heard nothing, and so did all others
      else this._lose(1006, "silent");
    };
    port.postMessage({ hello: true });
  }

  _open(tab, [url, protocol]) {
    this._tabs.set(tab._number, tab);
    if (!this._socket) this._connect(url, protocol);
    else if (this._isOpen) this._welcome(tab);
  }

  _connect(url, protocol) {
    const socket = this._socket = this._openSocket(url, protocol);
    this._isOpen = false;
    /** What a tab that comes later has to know: the welcome, and the states of feeds since. */
    this._told = new Map();
    const ifPresent = task => event => { if (socket === this._socket) task(event); };
    socket.onopen = ifPresent(() => {
      this._isOpen = true;
      this._tabs.forEach(tab => this._welcome(tab));
    });
    socket.onmessage = ifPresent(({ data }) => this._onText(data));
    socket.onclose = ifPresent(({ code, reason }) => this._lose(code, reason));
  }

  /** The connection is lost for all tabs. */
  _lose(code, reason) {
    const tabs = [...this._tabs.values()];
    this._tabs.clear();
    this._socket.close();
    this._socket = null;
    tabs.forEach(tab => tab._port.postMessage({ close: [code, reason] }));
  }

  _welcome(tab) {
    tab._isOpen = true;
    this._post(tab, { open: true });
    this._told.forEach(text => this._post(tab, { text }));
  }

  _send(tab, { sub, id, ...request }) {
    if (sub !== undefined) {
      if (request.op === "subscribe") tab._subs.add(sub);
      else if (request.op === "unsubscribe" && !request.symbols) tab._subs.delete(sub);
      request.sub = `${tab._number}.${sub}`;
    }
    this._socket.send(JSON.stringify({ ...request, id: `${tab._number}.${id}` }));
  }

  /** Values stand behind the names, and are passed on as they are. */
  _onText(text) {
    const end = text[0] === "[" ? text.indexOf(",") : text.indexOf('"data":['), head = end < 0 ? text : text.slice(0, end);
    let number;
    const own = head.replace(/("sub":|"id":|^\[)"(\d+)\.([^"]*)"/g, (_, before, tab, name) => {
      number = +tab;
      return before + (before === '"id":' ? name : `"${name}"`);
    });
    if (number !== undefined) {
      const tab = this._tabs.get(number);
      if (tab) this._post(tab, { text: own + text.slice(head.length) });
      const since = this._now() - ALIVE_MS;
      this._tabs.forEach(other => other._isOpen && other._sentMs < since && this._post(other, { text: ALIVE }));
      return;
    }
    const [, type, , feed = ""] = /^{"type":"(\w+)"(,"scope":"feed"(?:,"feed":("[^"]*"))?)?/.exec(text) ?? [];
    if (type === "welcome" || type === "status") this._told.set(type + feed, text);
    this._tabs.forEach(tab => tab._isOpen && this._post(tab, { text }));
  }

  _post(tab, message) {
    tab._port.postMessage(message);
    tab._sentMs = this._now();
    if (message.text && ++tab._unread > MAX_UNREAD) {
      tab._port.postMessage({ close: [1006, "not read"] });
      this._leave(tab);
    }
  }

  _leave(tab) {
    this._tabs.delete(tab._number);
    if (!this._tabs.size) {
      const socket = this._socket;
      this._socket = null;
      socket?.close(1000);
    } else if (this._isOpen) {
      tab._subs.forEach(sub => this._send(tab, { op: "unsubscribe", sub, id: 0 }));
    }
  }
}

/** In a tab: a socket through `port` of the worker, as the client uses sockets. */
export function tabSocket(port, url, protocol) {
  let read = 0;
  const socket = {
    send: text => port.postMessage({ send: text }),
    close: code => port.postMessage({ close: code ?? 0 }),
  };
  port.onmessage = ({ data }) => {
    if (data.hello) socket.onhello?.();
    else if (data.open) socket.onopen?.();
    else if (data.close) socket.onclose?.({ code: data.close[0], reason: data.close[1] });
    else {
      if (++read % READ_EVERY === 0) port.postMessage({ read: READ_EVERY });
      socket.onmessage?.({ data: data.text });
    }
  };
  port.postMessage({ open: [url, protocol] });
  return socket;
}

/** A socket to the worker of all tabs; if there can be none, one by `direct`. */
export function sharedSocket(url, protocol, direct) {
  let worker;
  try {
    worker = new SharedWorker(new URL("./penstock-share.js", import.meta.url), { type: "module", name: url });
  } catch {
    // no such thing in this browser, or the script is of another host than the page
    return direct(url, protocol);
  }
  const socket = tabSocket(worker.port, url, protocol);
  const fallBack = () => {
    clearTimeout(timer);
    worker.port.close();
    const real = direct(url, protocol);
    for (const event of ["onopen", "onmessage", "onclose"]) real[event] = detail => socket[event]?.(detail);
    socket.send = text => real.send(text);
    socket.close = code => real.close(code);
  };
  const timer = setTimeout(fallBack, ANSWER_WITHIN_MS);
  worker.onerror = fallBack;
  socket.onhello = () => {
    clearTimeout(timer);
    worker.onerror = null;
    // the worker does not see that a page goes; one that comes back opens another socket
    addEventListener("pagehide", () => {
      socket.close(GOING_AWAY);
      socket.onclose?.({ code: 1006, reason: "the page is hidden" });
    }, { once: true });
  };
  return socket;
}

if (globalThis.SharedWorkerGlobalScope && globalThis instanceof SharedWorkerGlobalScope) {
  const hub = new Hub((url, protocol) => new WebSocket(url, protocol));
  globalThis.onconnect = ({ ports: [port] }) => hub.attach(port);
}
