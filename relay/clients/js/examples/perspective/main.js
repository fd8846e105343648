// All quotes in a table of Perspective, which groups, filters and charts them.   ?relay=http://host:8080/ names the relay
import perspective from "../node_modules/@perspective-dev/client/dist/cdn/perspective.js";
import "../node_modules/@perspective-dev/viewer/dist/cdn/perspective-viewer.js";
import "../node_modules/@perspective-dev/viewer-datagrid/dist/cdn/perspective-viewer-datagrid.js";

const relay = new URLSearchParams(location.search).get("relay") ?? "http://localhost:8080/";
const { connect } = await import(relay + "penstock.js");

// Perspective calculates with prices, so they are numbers here; the venue's digits are what `get` returns
const worker = await perspective.worker();
const table = await worker.table({ symbol: "string", bid: "float", ask: "float", spread: "float", state: "string" }, { index: "symbol" });
const viewer = document.querySelector("perspective-viewer");
await viewer.load(table);
const digits = { number_format: { minimumFractionDigits: 2, maximumFractionDigits: 5 } };
await viewer.restore({ plugin: "Datagrid", sort: [["symbol", "asc"]], columns_config: { bid: digits, ask: digits, spread: digits } });

const quotes = connect().quotes({ symbols: ["*"], interval: 250, fields: ["bid", "ask"] });
const number = text => text === undefined ? null : Number(text);
quotes.on("frame", changed => {
  const gone = changed.filter(symbol => !quotes.get(symbol));
  const rows = changed.map(symbol => [symbol, quotes.get(symbol)]).filter(([, quote]) => quote).map(([symbol, quote]) => {
    const bid = number(quote.bid), ask = number(quote.ask);
    return { symbol, bid, ask, spread: bid === null || ask === null ? null : ask - bid, state: quote.state };
  });
  if (rows.length) table.update(rows);
  if (gone.length) table.remove(gone);
});
