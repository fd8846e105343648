// A world for one client: its clock, its timers, its sockets and its page are turned by hand.

/** Single quotes stand for double ones, so that messages keep their digits in a file of JSON. */
export const message = text => text.replaceAll("'", '"');

export class World {
  now = 1_795_231_181_330;
  random = 0.5;
  sockets = [];
  isHidden = false;
  #timers = [];
  #frames = [];
  #listeners = new Set();

  platform = {
    socket: (url, protocol) => {
      const socket = { url: String(url), protocol, sent: [], isOpen: false, closed: undefined,
        send(text) {
          if (!this.isOpen) throw new Error("a message before the handshake is over: " + text);
          this.sent.push(text);
        },
        close(code) { this.closed ??= code ?? 1005; } };
      this.sockets.push(socket);
      return socket;
    },
    now: () => this.now,
    random: () => this.random,
    after: (ms, task) => {
      const timer = { at: this.now + ms, task };
      this.#timers.push(timer);
      return () => { this.#timers = this.#timers.filter(each => each !== timer); };
    },
    frame: task => this.#frames.push(task),
    isHidden: () => this.isHidden,
    listen: task => {
      this.#listeners.add(task);
      return () => this.#listeners.delete(task);
    },
  };

  get socket() {
    return this.sockets.at(-1);
  }

  accept() {
    this.socket.isOpen = true;
    this.socket.onopen?.();
  }

  receive(text) {
    this.socket.onmessage({ data: text });
  }

  close(code, reason) {
    this.socket.isOpen = false;
    this.socket.onclose({ code, reason });
  }

  /** Time passes, and timers run when they are due. */
  async pass(ms) {
    const end = this.now + ms;
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.now = Math.max(this.now, next.at);
      next.task();
      await settled();
    }
    this.now = end;
  }

  /** Time passes, and no timer runs: the machine sleeps, or the tab is frozen. */
  sleep(ms) {
    this.now += ms;
  }

  /** The page is shown or hidden, or the network is back. */
  notify() {
    this.#listeners.forEach(task => task());
  }

  paint() {
    const due = this.#frames;
    this.#frames = [];
    due.forEach(task => task());
  }

  get isIdle() {
    return this.#timers.length === 0 && this.#listeners.size === 0;
  }

  #due(end) {
    const next = this.#timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    this.#timers = this.#timers.filter(timer => timer !== next);
    return next;
  }
}

/** Promises that are due have run. */
export const settled = () => new Promise(resolve => setImmediate(resolve));

/** Both ends of a pipe for messages, as a worker and a tab have them: what is sent before the other end listens, waits. */
export function pipe() {
  const ends = [0, 1].map(() => ({ waiting: [], listener: null,
    get onmessage() { return this.listener; },
    set onmessage(listener) {
      this.listener = listener;
      this.waiting.splice(0).forEach(data => listener({ data }));
    } }));
  ends.forEach((end, i) => {
    const other = ends[1 - i];
    end.postMessage = message => {
      const data = structuredClone(message);
      if (other.listener) other.listener({ data });
      else other.waiting.push(data);
    };
    end.close = () => { other.listener = () => {}; };
  });
  return ends;
}
