// Rows of a table in React: a row is rendered when its own symbol changes, and no other.
import { createContext, createElement, useCallback, useContext, useSyncExternalStore } from "react";

const Client = createContext(null);

/** Gives a client to all below it. */
export function Penstock({ client, children }) {
  return createElement(Client.Provider, { value: client }, children);
}

/** Rows with the same terms, by client: they are one grid, whose symbols are those of the rows that there are. */
const tables = new WeakMap();

class Table {
  rows = new Map();
  views = new Map();

  constructor(client, terms) {
    this.open = () => {
      const grid = client.quotes({ ...terms, symbols: this.symbols() });
      grid.on("frame", changed => changed.forEach(symbol => {
        this.views.set(symbol, grid.get(symbol));
        this.rows.get(symbol)?.forEach(render => render());
      }));
      return grid;
    };
  }

  /** A star in a name is a pattern elsewhere; a row has one symbol. */
  symbols() {
    return [...this.rows.keys()].map(symbol => symbol.replaceAll("*", "\\*"));
  }

  /** A row is there; returns how it leaves. */
  add(symbol, render) {
    if (!this.rows.has(symbol)) this.rows.set(symbol, new Set());
    this.rows.get(symbol).add(render);
    this.change();
    return () => {
      this.rows.get(symbol).delete(render);
      if (!this.rows.get(symbol).size) {
        this.rows.delete(symbol);
        this.views.delete(symbol);
      }
      this.change();
    };
  }

  /** Many rows that come and go together are one request. */
  change() {
    this.changing ??= Promise.resolve().then(() => {
      this.changing = null;
      if (!this.rows.size) {
        this.grid?.close();
        this.grid = null;
      } else if (this.grid) {
        this.grid.set({ symbols: this.symbols() });
      } else {
        this.grid = this.open();
      }
    });
  }
}

function tableOf(client, terms) {
  const key = JSON.stringify(terms);
  if (!tables.has(client)) tables.set(client, new Map());
  const own = tables.get(client);
  if (!own.has(key)) own.set(key, new Table(client, terms));
  return own.get(key);
}

/** What is known of a symbol, as `get` of a grid has it; undefined until there is something. */
export function useQuote(symbol, terms = {}) {
  const client = useContext(Client);
  if (!client) throw new Error("useQuote needs <Penstock client={connect(…)}> above it");
  const table = tableOf(client, terms);
  return useSyncExternalStore(useCallback(render => table.add(symbol, render), [table, symbol]), () => table.views.get(symbol), () => undefined);
}
