/** A number of the feed as text, with the venue's digits: `"1.10"`. */
export type Digits = string;

/** A value inside a value: numbers are text, the rest is as in JSON. */
export type Value = string | boolean | null | Value[] | { [field: string]: Value };

/** `stale`: the last known value, not to be traded on. `closed`: the venue no longer provides it. `denied`: it may not be seen any more. */
export type ValueState = "live" | "stale" | "closed" | "denied";

/** What is known of a symbol. Without a value only `state` and `reason` are there. */
export interface View {
  /** The whole value; its fields are beside it as well, unless they have one of these names. */
  v: Value;
  /** Sequence of the topic, and earlier updates conflated into this one. */
  q: number;
  c: number;
  /** The venue's time in microseconds since 1970; undefined if it gives none. */
  t?: number;
  /** Milliseconds since the venue's time, or since the value arrived if the venue gives no time. */
  age: number;
  state: ValueState;
  /** Why the symbol is not live, if the relay says so. */
  reason?: string;
}

export interface QuoteFields { bid?: Digits; ask?: Digits; bidSize?: Digits; askSize?: Digits; mid?: Digits; spread?: Digits }
export interface TradeFields { price: Digits; size?: Digits; side?: "buy" | "sell"; id?: string }
/** Best level first, `[price, size]`. */
export interface BookFields { bids: [price: Digits, size: Digits][]; asks: [price: Digits, size: Digits][] }

/** An event of `for await`. */
export type Trade<F = TradeFields> = F & { gap?: undefined; symbol: string; v: Value; q: number; c: number; t?: number };
/** Events that are missing; `missed` undefined: how many is not known. */
export interface Gap { gap: true; missed?: number }

/** What to subscribe to; more in the reference of the protocol. */
export interface Terms {
  feed?: string;
  channel?: string;
  mode?: "conflate" | "all";
  overflow?: "gap" | "close";
  /** Fields of each value; absent = all. */
  fields?: string[];
  /** false: the relay sends whole values instead of what changed. */
  delta?: boolean;
  /** Milliseconds between two updates at least; 250 if absent. */
  interval?: number;
  depth?: number;
  maxRate?: number;
  maxBytesPerSecond?: number;
}
export interface SymbolTerms extends Terms {
  /** Names and patterns: `*` is any run of characters, `\*` a star. */
  symbols: string[];
}

export interface Refusal extends Error { code: string; status?: number }

export interface Grid<F> {
  /** Settles when the first snapshot is complete; rejects with a {@link Refusal}. `set` of other terms begins another wait. */
  ready: Promise<void>;
  /** The symbols that something is known of. */
  readonly symbols: string[];
  /** What is known of a symbol; undefined if nothing is. */
  get(symbol: string): (Partial<F> & View) | undefined;
  set(changes: Partial<SymbolTerms>): void;
  /** Once per animation frame at most, with the symbols that changed. Returns how to stop. */
  on(type: "frame", listener: (changed: string[]) => void): () => void;
  close(): void;
}
export interface Tape<F> extends Grid<F>, AsyncIterable<Trade<F> | Gap> {}
export interface Book extends Omit<Grid<BookFields>, "get"> {
  get(symbol?: string): (BookFields & View) | undefined;
}

export interface State {
  state: "connecting" | "open" | "waiting" | "closed";
  /** Each feed's state, by name. */
  feeds: Record<string, "live" | "stale" | "closed">;
  /** The feed that changed. */
  feed?: string;
  /** Close code and reason of the connection, or the reason of the feed. */
  code?: number;
  reason?: string;
  /** Milliseconds to the next attempt. */
  retryIn?: number;
}
/** A ledger that does not add up: please report it. */
export interface Broken { channel: string; symbol: string; q: number; c: number; previous: number; missed: number }

/** A feed as the relay welcomes a client to it. */
export interface Feed { name: string; state: "live" | "stale" | "closed"; onDemand?: true; channels: { name: string; class: "last-value" | "merge" | "order-book" | "event"; default?: true }[] }
/** The first message of a session; more of it in the reference of the protocol. Its numbers are text. */
export interface Welcome { version: string; session: string; epoch: Digits; feed: Feed; feeds?: Feed[]; limits: { minInterval: Digits; maxInterval: Digits } }

export interface Client {
  readonly state: State["state"];
  readonly feeds: State["feeds"];
  /** Which channels there are; undefined before the first session. */
  readonly welcome?: Welcome;
  quotes<F = QuoteFields>(terms: SymbolTerms): Grid<F>;
  trades<F = TradeFields>(terms: SymbolTerms): Tape<F>;
  book(symbol: string, terms?: Terms): Book;
  on(type: "state", listener: (state: State) => void): () => void;
  on(type: "broken", listener: (broken: Broken) => void): () => void;
  on(type: "error", listener: (error: { code?: string; message: string }) => void): () => void;
  on(type: "warning", listener: (text: string) => void): () => void;
  close(): void;
}

export interface Options {
  /** A token or a key, asked for on each connection and before the last one expires. */
  getToken?: () => string | Promise<string>;
  /** One session for all tabs of the browser whose pages are of the host that serves the client; any other tab has its own. */
  share?: boolean;
  /** The shortest interval while the page is hidden, in milliseconds. */
  hidden?: number;
  /** Instead of the browser's: for tests. */
  platform?: Partial<Platform>;
}
/** What the client uses of its surroundings. */
export interface Platform {
  /** `protocols` in the order of preference. */
  socket(url: string, protocols: string | string[]): Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;
  /** For streams of server-sent events, where no WebSocket can be opened; null = then there is nothing. */
  fetch: ((url: string, options: RequestInit) => Promise<Response>) | null;
  /** Milliseconds. */
  now(): number;
  random(): number;
  /** Returns how to cancel it. */
  after(ms: number, task: () => void): () => void;
  frame(task: () => void): void;
  isHidden(): boolean;
  /** When the page is shown or hidden, or the network is back. */
  listen(task: () => void): () => void;
}

/** Opens a session that comes back by itself; without a URL with the relay that served this module. */
export function connect(url?: string | URL, options?: Options): Client;
