// A world for one client: its clock, its timers, its sockets and its page are turned by hand.
import { FakePlatform } from "../fake.js";

/** Single quotes stand for double ones, so that messages keep their digits in a file of JSON. */
export const message = text => text.replaceAll("'", '"');

export class World extends FakePlatform {
  sockets = [];

  constructor() {
    super((url, protocol) => this.#open(url, protocol));
    this.now = 1_795_231_181_330;
  }

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

  #open(url, protocol) {
    const socket = { url: String(url), protocol, sent: [], isOpen: false, closed: undefined,
      send(text) {
        if (!this.isOpen) throw new Error("a message before the handshake is over: " + text);
        this.sent.push(text);
      },
      close(code) { this.closed ??= code ?? 1005; } };
    this.sockets.push(socket);
    return socket;
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
