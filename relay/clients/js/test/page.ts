// What a page writes: the compiler checks it against the types of the client, and runs nothing.
import { FakeRelay } from "../fake.js";
import { useQuote } from "../react.js";
import { connect, type Broken, type Client, type Gap, type State, type Trade, type View } from "../penstock.js";

declare function paint(symbol: string, bid: string | undefined, state: string): void;

export function row(symbol: string): string {
  const quote = useQuote(symbol, { interval: 250 });
  return `${quote?.bid ?? ""} ${quote?.state ?? ""}`;
}

export async function test(relay = new FakeRelay({ heartbeat: 1000 })): Promise<void> {
  const px = connect("ws://fake", { platform: relay.platform });
  await relay.play([{ at: 10, channel: "quote", symbol: "EUR/USD", value: { bid: 1.1 } }]);
  relay.feed("stale", "upstream_silent");
  await relay.pass(250);
  px.close();
}

export async function page(px: Client = connect("wss://relay/v1/ws", { getToken: async () => "key", hidden: 5000 })): Promise<void> {
  const grid = px.quotes({ symbols: ["EUR/USD", "GBP*"], interval: 250, fields: ["bid", "ask"] });
  const stop: () => void = grid.on("frame", changed => {
    for (const symbol of changed) paint(symbol, grid.get(symbol)?.bid, grid.get(symbol)?.state ?? "unknown");
  });
  const view: View | undefined = grid.get("EUR/USD");
  const digits: string | undefined = grid.get("EUR/USD")?.ask;
  grid.set({ interval: 1000 });
  for await (const event of px.trades({ symbols: ["BTC/USDT"] })) {
    const known: Gap | Trade = event;
    if (event.gap) paint("missed", String(event.missed ?? "?"), known.gap ? "gap" : "");
    else paint(event.symbol, event.price, event.side ?? "");
  }
  const book = px.book("BTC/USDT", { depth: 10 });
  const best: string | undefined = book.get()?.bids[0]?.[0];
  px.on("state", (state: State) => paint("relay", state.reason, state.state));
  px.on("broken", (broken: Broken) => paint(broken.symbol, best, String(broken.q)));
  px.on("error", error => paint("error", error.message, error.code ?? ""));
  const ticker = px.quotes<{ last?: string }>({ symbols: ["*"], channel: "ticker", feed: "kraken" });
  paint("last", ticker.get("BTC/USD")?.last ?? digits ?? String(view?.age), ticker.symbols.join());
  await grid.ready;
  // @ts-expect-error: a grid has no such event
  grid.on("frames", () => {});
  // @ts-expect-error: an interval is a number
  grid.set({ interval: "1000" });
  stop();
  grid.close();
  px.close();
}
