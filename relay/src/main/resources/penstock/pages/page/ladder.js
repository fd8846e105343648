// The order book of one symbol: asks above, bids below, and how much is on offer up to each price.

import { isNumber, spread } from "./format.js";

export const DEPTH = 20;
const LEVEL_PX = 21, HEAD_PX = 24;

/** A level: its bar, which is its background, is as long as what is on offer up to its price. */
function buildLevel(side) {
  const element = document.createElement("div");
  element.className = `level ${side}`;
  const [price, size, total] = ["price", "size", "total"].map(name => {
    const cell = document.createElement("span"), node = document.createTextNode("");
    cell.className = name;
    cell.append(node);
    element.append(cell);
    return node;
  });
  return { element, size, price, total, percent: 0 };
}

/** A book as rows. */
export class Ladder {
  #levels = 0;
  #asks = [];
  #bids = [];

  constructor(root) {
    this.root = root;
    this.list = root.querySelector(".levels");
    this.middle = root.querySelector(".middle");
    this.note = root.querySelector(".note");
    new ResizeObserver(() => this.#resize()).observe(this.list);
  }

  /** A book as the client has it; undefined = none yet. */
  show(view) {
    this.view = view;
    this.root.dataset.state = view?.state ?? "waiting";
    const { bids = [], asks = [] } = view ?? {};
    const [ofBids, ofAsks] = [bids, asks].map(rows => rows.slice(0, this.#levels));
    const sums = [ofBids, ofAsks].map(rows => rows.reduce((sum, [, size]) => sum + +size, 0)), most = Math.max(...sums);
    this.#draw(this.#bids, ofBids, most);
    this.#draw(this.#asks, ofAsks, most);
    const gap = bids.length && asks.length ? spread(bids[0][0], asks[0][0]) : undefined;
    const share = sums[0] + sums[1] > 0 ? Math.round(100 * sums[0] / (sums[0] + sums[1])) : undefined;
    this.middle.firstChild.textContent = gap === undefined ? "" : `spread ${gap}`;
    this.middle.lastChild.textContent = share === undefined ? "" : `bids ${share} %`;
    this.middle.style.setProperty("--share", `${share ?? 50}%`);
    this.note.textContent = !view ? "waiting for the book" : view.v === undefined ? view.reason ?? view.state
      : view.state === "live" ? "" : `${view.state}${view.reason ? `: ${view.reason.replaceAll("_", " ")}` : ""}`;
  }

  #draw(levels, rows, most) {
    let total = 0;
    levels.forEach((level, i) => {
      const [price, size] = rows[i] ?? ["", ""];
      total += +size;
      set(level.price, price);
      set(level.size, size);
      set(level.total, size === "" ? "" : amount(total, size));
      const percent = size === "" || !most ? 0 : Math.round(1000 * total / most) / 10;
      if (percent !== level.percent) level.element.style.backgroundSize = `${percent}% 19px`;
      level.percent = percent;
    });
  }

  #resize() {
    const levels = Math.min(DEPTH, Math.max(1, Math.floor((this.list.clientHeight - HEAD_PX) / 2 / LEVEL_PX)));
    if (levels === this.#levels) return;
    this.#levels = levels;
    this.#asks = Array.from({ length: levels }, () => buildLevel("ask"));
    this.#bids = Array.from({ length: levels }, () => buildLevel("bid"));
    this.list.replaceChildren(...this.#asks.map(level => level.element).reverse(), this.middle, ...this.#bids.map(level => level.element));
    this.show(this.view);
  }
}

function set(node, text) {
  if (node.data !== text) node.data = text;
}

/** A sum with the digits of a size. */
function amount(total, size) {
  const point = isNumber(size) ? size.indexOf(".") : -1;
  return total.toFixed(point < 0 ? 0 : Math.min(8, size.length - point - 1));
}
