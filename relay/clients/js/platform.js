// What the client uses of its surroundings, and what it gives to pages.
// Names that begin with _ are the client's own: the build shortens them.

/** What a browser provides, or a runtime like it; tests pass their own. */
export const PLATFORM = {
  socket: (url, protocol) => new WebSocket(url, protocol),
  fetch: (url, options) => fetch(url, options),
  // it goes on while the machine sleeps, unlike performance.now()
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, task) => { const timer = setTimeout(task, ms); return () => clearTimeout(timer); },
  frame: task => globalThis.requestAnimationFrame ? requestAnimationFrame(task) : setTimeout(task, 16),
  isHidden: () => globalThis.document?.hidden ?? false,
  /** Calls `task` when the page is shown or hidden, or the network is back. */
  listen: task => {
    const each = what => [["document", "visibilitychange"], ["window", "pageshow"], ["window", "online"]]
      .forEach(([source, type]) => globalThis[source]?.[what](type, task));
    each("addEventListener");
    return () => each("removeEventListener");
  },
};

/** Something that pages listen to. */
export class Emitter {
  _listeners = {};

  on(type, listener) {
    const listeners = this._listeners[type] ??= new Set();
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  _emit(type, detail) {
    for (const listener of this._listeners[type] ?? []) {
      // a fault of the page is the page's: messages go on
      try { listener(detail); } catch (fault) { queueMicrotask(() => { throw fault; }); }
    }
  }
}
