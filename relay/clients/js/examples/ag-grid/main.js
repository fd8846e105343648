// All quotes in a grid that can be sorted and filtered.   ?relay=http://host:8080/ names the relay
import { AllCommunityModule, ModuleRegistry, createGrid } from "../node_modules/ag-grid-community/dist/package/main.esm.min.mjs";

const relay = new URLSearchParams(location.search).get("relay") ?? "http://localhost:8080/";
const { connect } = await import(relay + "penstock.js");

ModuleRegistry.registerModules([AllCommunityModule]);
// prices are texts with the venue's digits, and sorted as numbers
const price = { type: "rightAligned", comparator: (one, other) => Number(one) - Number(other), enableCellChangeFlash: true };
const table = createGrid(document.getElementById("grid"), {
  columnDefs: [
    { field: "symbol", filter: true, sort: "asc" },
    { field: "bid", ...price },
    { field: "ask", ...price },
    { field: "state", filter: true },
  ],
  rowClassRules: { stale: ({ data }) => data.state !== "live" },
  getRowId: ({ data }) => data.symbol,
  cellFlashDuration: 150,
  cellFadeDuration: 350,
  autoSizeStrategy: { type: "fitGridWidth" },
});

const quotes = connect().quotes({ symbols: ["*"], interval: 1000, fields: ["bid", "ask"] });
const shown = new Set();
quotes.on("frame", changed => {
  const rows = { add: [], update: [], remove: [] };
  for (const symbol of changed) {
    const quote = quotes.get(symbol);
    const row = { symbol, bid: quote?.bid, ask: quote?.ask, state: quote?.state };
    if (!quote) rows.remove.push(...shown.delete(symbol) ? [row] : []);
    else if (shown.has(symbol)) rows.update.push(row);
    else { shown.add(symbol); rows.add.push(row); }
  }
  table.applyTransaction(rows);
});
