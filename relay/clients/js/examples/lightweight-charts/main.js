// Bid and ask of one symbol, a point a second.   ?relay=http://host:8080/ names the relay, &symbol=… the symbol
import { LineSeries, createChart } from "../node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs";

const query = new URLSearchParams(location.search);
const symbol = query.get("symbol") ?? "EURUSD";
const { connect } = await import((query.get("relay") ?? "http://localhost:8080/") + "penstock.js");

const chart = createChart(document.getElementById("chart"), { autoSize: true, timeScale: { timeVisible: true, secondsVisible: true, rightOffset: 5 } });
const price = { type: "price", precision: 5, minMove: 0.00001 };
const lines = {
  bid: chart.addSeries(LineSeries, { color: "#1f7a4d", lineWidth: 2, priceFormat: price }),
  ask: chart.addSeries(LineSeries, { color: "#b3261e", lineWidth: 2, priceFormat: price }),
};

const grid = connect().quotes({ symbols: [symbol], interval: 250, fields: ["bid", "ask"] });
grid.on("frame", () => {
  const quote = grid.get(symbol);
  document.getElementById("state").textContent = quote?.state === "live" ? "" : quote?.state ?? "";
  for (const side of ["bid", "ask"]) {
    const text = document.getElementById(side);
    text.className = quote?.state === "live" ? "" : "stale";
    if (quote?.[side] === undefined) continue;
    text.textContent = quote[side]; // the venue's digits; a chart needs a number
    // a second point of the same second replaces the first; a stale price makes none
    if (quote.state === "live") lines[side].update({ time: Math.floor(Date.now() / 1000), value: Number(quote[side]) });
  }
});
