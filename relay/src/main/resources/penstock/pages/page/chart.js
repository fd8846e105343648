// The prices of one symbol over time: bid, ask, and a point for each trade. Drawn by uPlot, which comes with the relay.

import uPlot from "./uplot.js";
import { isNumber } from "./format.js";

/** The end of the line moves this often. */
const PAINT_EVERY_MS = 200;
const MAX_TRADES = 400;

/** A chart of a row. */
export class Chart {
  seconds = 60;
  #row = null;
  #trades = [];
  #plot = null;
  #paintedMs = 0;
  #width = 0;
  isEmpty = true;

  constructor(root) {
    this.root = root;
    this.place = root.querySelector(".plot");
    this.note = root.querySelector(".note");
    new ResizeObserver(() => this.#resize()).observe(this.place);
  }

  show(row) {
    this.#row = row;
    this.#trades = [];
    this.digits = 0;
    this.#build();
  }

  trade({ v, t }, nowMs) {
    if (!isNumber(v?.price)) return;
    this.#trades.push({ second: t === undefined ? nowMs / 1000 : t / 1e6, price: +v.price, isBuy: v.side !== "sell" });
    if (this.#trades.length > MAX_TRADES) this.#trades.shift();
  }

  /** Takes on the colours of the theme. */
  recolor() {
    this.#build();
  }

  paint(nowMs) {
    if (!this.#plot || nowMs - this.#paintedMs < PAINT_EVERY_MS || !this.#width) return;
    this.#paintedMs = nowMs;
    const row = this.#row, now = nowMs / 1000, points = [];
    row?.history.forEach(this.seconds + 2, (second, low, high) => points.push([second, low === low ? low : null, high === high ? high : null, null, null]));
    if (row?.state === "live") {
      const [low, high] = row.prices();
      if (low === low) points.push([now, low, high, null, null]);
    }
    for (const { second, price, isBuy } of this.#trades) {
      if (second > now - this.seconds) points.push([second, undefined, undefined, isBuy ? price : null, isBuy ? null : price]);
    }
    points.sort((a, b) => a[0] - b[0]);
    for (const text of Object.values(row?.fields ?? {})) {
      if (isNumber(text) && (text === row.fields.bid || text === row.fields.last || text === row.fields.price)) {
        this.digits = Math.max(this.digits, text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);
      }
    }
    this.isEmpty = points.length < 2;
    this.root.dataset.state = row?.state ?? "waiting";
    this.note.textContent = !row ? "choose a symbol" : this.isEmpty ? "waiting for prices" : row.state === "live" ? "" : row.state;
    this.#plot.batch(() => {
      this.#plot.setData([0, 1, 2, 3, 4].map(i => points.map(point => point[i])), false);
      this.#plot.setScale("x", { min: now - this.seconds, max: now });
    });
  }

  #build() {
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement), color = name => style.getPropertyValue(`--${name}`).trim();
    const line = (name, label) => ({ label, stroke: color(name), width: 1.25, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } });
    const dots = (name, label) => ({ label, stroke: color(name), paths: () => null, points: { show: true, size: 6, fill: color(name), stroke: color("panel"), width: 1 } });
    const axis = { stroke: color("soft"), grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    this.#plot = new uPlot({
      width: Math.max(1, this.place.clientWidth), height: Math.max(1, this.place.clientHeight),
      padding: [10, 4, 0, 28], legend: { show: false },
      cursor: { y: true, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (plot, low, high) => range(low, high, this.digits) } },
      axes: [{ ...axis, size: 26, space: 70, values: (plot, seconds) => seconds.map(second => new Date(second * 1000).toLocaleTimeString("en-GB")) },
        { ...axis, side: 1, size: 72, gap: 4, values: (plot, prices) => prices.map(price => this.isEmpty ? "" : price.toFixed(this.digits)) }],
      series: [{}, line("bid", "bid"), line("ask", "ask"), dots("up", "buys"), dots("down", "sells")],
      bands: [{ series: [2, 1], fill: color("band") }],
    }, [[], [], [], [], []], this.place);
    this.#paintedMs = 0;
  }

  #resize() {
    this.#width = this.place.clientWidth;
    if (this.#plot && this.#width) this.#plot.setSize({ width: this.#width, height: this.place.clientHeight });
  }
}

/** Room above and below, and never less than a few of the smallest steps. */
function range(low, high, digits) {
  if (low === null || high === null) return [0, 1];
  const least = 4 * 10 ** -digits, room = Math.max((high - low) * 0.12, (least - (high - low)) / 2, least / 4);
  return [low - room, high + room];
}
