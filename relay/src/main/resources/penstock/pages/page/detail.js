// All about the symbol that was chosen: its quote, chart, book and trades.

import { Chart } from "./chart.js";
import { DEPTH, Ladder } from "./ladder.js";
import { Tape } from "./tape.js";
import { age, count, spread, text } from "./format.js";

/** Between two updates of the book. */
const BOOK_INTERVAL_MS = 100;

/** The panels beside the grid; they subscribe to what they show. */
export class Detail {
  #turn = 0;
  #book = null;
  #trades = null;

  constructor(root) {
    this.root = root;
    const part = name => root.querySelector(name);
    this.chart = new Chart(part("#chart"));
    this.ladder = new Ladder(part("#book"));
    this.tape = new Tape(part("#tape"));
    this.quote = part("#quote");
    this.nodes = Object.fromEntries([...this.quote.querySelectorAll("[data-of]")].map(element => [element.dataset.of, element]));
  }

  /** A session and the feed that is shown, with its channels; `feed` undefined if there is no other. */
  use(px, feed, channels) {
    this.end();
    const ofClass = (kind, name) => (channels.find(each => each.class === kind && each.name === name) ?? channels.find(each => each.class === kind))?.name;
    Object.assign(this, { px, feed, bookChannel: ofClass("order-book", "book"), tradeChannel: ofClass("event", "trade") });
    this.root.toggleAttribute("data-no-book", !this.bookChannel);
    this.root.toggleAttribute("data-no-trades", !this.tradeChannel);
  }

  end() {
    this.#turn++;
    this.#book?.close();
    this.#trades?.close();
    this.#book = this.#trades = null;
    this.ladder.show(undefined);
    this.tape.clear();
  }

  /** A row of the market; null = none. */
  show(row) {
    this.end();
    this.row = row;
    this.chart.show(row);
    this.paint(Date.now());
    if (!row || !this.px) return;
    const { symbol } = row;
    if (this.bookChannel) {
      const book = this.#book = this.px.book(symbol, { feed: this.feed, channel: this.bookChannel, depth: DEPTH, interval: BOOK_INTERVAL_MS });
      book.on("frame", () => this.ladder.show(book.get()));
      book.ready.catch(fault => { if (book === this.#book) this.ladder.note.textContent = fault.message; });
      this.ladder.show(book.get());
    }
    if (this.tradeChannel) {
      const trades = this.#trades = this.px.trades({ feed: this.feed, channel: this.tradeChannel, symbols: [symbol] });
      trades.on("frame", () => this.tape.mark(trades.get(symbol)?.state ?? "waiting"));
      this.#read(trades, symbol);
    }
  }

  /** The newest trade that the relay had, and each one since. */
  async #read(trades, symbol) {
    const turn = this.#turn;
    const events = trades[Symbol.asyncIterator]();
    try {
      await trades.ready;
      const image = trades.get(symbol);
      if (turn === this.#turn && image?.v !== undefined && !this.tape.count) this.#add(image);
      for (let next = await events.next(); !next.done && turn === this.#turn; next = await events.next()) this.#add(next.value);
    } catch (fault) {
      if (turn === this.#turn) this.tape.clear(fault.message);
    }
  }

  #add(event) {
    this.tape.add(event);
    if (!event.gap) this.chart.trade(event, Date.now());
  }

  /** Called with each frame. */
  paint(nowMs) {
    const { row } = this;
    this.quote.dataset.state = row?.state ?? "waiting";
    const set = (name, now = "") => { if (this.nodes[name].textContent !== now) this.nodes[name].textContent = now; };
    set("symbol", row?.symbol ?? "–");
    set("state", !row ? "" : row.state === "waiting" ? "no data" : row.state);
    const { bid, ask } = row?.fields ?? {}, hasQuote = bid !== undefined || ask !== undefined;
    const [single] = Object.entries(row?.fields ?? {});
    this.#price("bid", hasQuote ? bid : single?.[1], row?.moves[hasQuote ? "bid" : single?.[0]]);
    this.#price("ask", hasQuote ? ask : undefined, row?.moves.ask);
    set("bidName", hasQuote ? "bid" : single?.[0] ?? "");
    set("askName", hasQuote ? "ask" : "");
    set("spread", row?.fields.spread ?? spread(bid, ask) ?? "–");
    set("age", row?.readMs === undefined ? "–" : age(row.age(nowMs)));
    set("updates", row ? count(row.updates) : "–");
    set("conflated", row ? count(row.conflated) : "–");
    set("reason", row && row.state !== "live" ? row.reason?.replaceAll("_", " ") : "");
    this.chart.paint(nowMs);
  }

  #price(name, value, move) {
    const element = this.nodes[name], now = text(value);
    if (element.dataset.text === now) return;
    element.dataset.text = now;
    const split = move ? move.kept : now.length;
    element.firstChild.textContent = now.slice(0, split);
    element.lastChild.textContent = now.slice(split);
    element.className = move ? move.isUp ? "price up" : "price down" : "price";
  }
}
