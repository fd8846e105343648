// The price grid. Only the rows that can be seen exist; each is an element that takes over other rows while the grid is scrolled.
// Text of the feed is inserted as text, never as markup.

import { drawTrend } from "./trend.js";
import { age, count, isNumber, spread, text } from "./format.js";

export const ROW_PX = 26;
/** Rows beyond the edges, so that a fast scroll shows no gap. */
const SPARE_ROWS = 4;
const FLASH_MS = 160;
const TREND_SECONDS = 90;
const CHAR_PX = 8;

const BUILT_IN = {
  symbol: { title: "symbol", width: 150, rank: 0, value: row => row.symbol },
  trend: { title: "trend", width: 96, rank: 5, value: row => row.prices()[0], hint: "the last 90 seconds" },
  spread: { title: "spread", width: 84, rank: 6, value: row => row.fields.spread ?? spread(row.fields.bid, row.fields.ask), hint: "ask less bid" },
  conflated: { title: "conflated", width: 96, rank: 7, value: row => row.conflated, hint: "updates that newer ones replaced before they were sent to this page" },
  updates: { title: "updates", width: 84, rank: 8, value: row => row.updates, hint: "updates that this page has shown" },
  age: { title: "age", width: 104, rank: 3, value: row => row.readMs === undefined ? undefined : row.readMs - row.ageMs, hint: "since the venue's time, or since it came" },
};
/** The first fields to get a place, in the order in which they stand. */
const KNOWN = { bidSize: 9, bid: 1, ask: 2, askSize: 10, last: 4, price: 4, mid: 11 };

/** Rows and columns of a market. `onSelect(row)` and `onStar(row)` tell what was chosen. */
export class PriceGrid {
  shown = [];
  #market;
  #columns = [];
  #pool = [];
  #flashing = [];
  #widths = new Map();
  #selected = null;
  /** The id of its element. */
  #pointed;
  #sort = { by: "symbol", isDown: false };
  #frame = 0;
  /** What is seen of the room, kept here: to ask the browser after a change would lay out the page once more. */
  #top = 0;
  #height = 0;

  constructor(root, market, { onSelect, onOpen, onStar, isStarred, accepts }) {
    this.root = root;
    this.#market = market;
    Object.assign(this, { onSelect, onOpen, onStar, isStarred, accepts });
    /** What has the focus; which of its rows is chosen is told by the id of that row's element. */
    this.grid = root.querySelector(".grid");
    this.head = root.querySelector(".head");
    this.view = root.querySelector(".view");
    this.room = root.querySelector(".room");
    this.view.addEventListener("scroll", () => {
      this.#top = this.view.scrollTop;
      this.paintSoon();
    }, { passive: true });
    this.room.addEventListener("click", event => this.#onClick(event));
    this.room.addEventListener("dblclick", () => this.onOpen());
    new ResizeObserver(() => this.layOut()).observe(this.view);
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    setInterval(() => this.#dim(), 40);
  }

  get selected() {
    return this.#selected;
  }

  // ---- columns

  /** Chooses the columns that have room. */
  layOut() {
    const fields = this.#market.fields.filter(name => name !== "spread"), hasQuotes = fields.includes("bid") && fields.includes("ask");
    const order = [...["bidSize", "bid", "ask", "askSize"].filter(name => fields.includes(name)), ...fields.filter(name => !/^(bid|ask)(Size)?$/.test(name))];
    const wanted = [this.#builtIn("symbol"), this.#builtIn("trend"), ...order.map(name => this.#field(name)),
      ...hasQuotes ? [this.#builtIn("spread")] : [], this.#builtIn("conflated"), this.#builtIn("updates"), this.#builtIn("age")];
    let room = this.view.clientWidth;
    this.#height = this.view.clientHeight;
    const isNarrow = room < 480;
    const width = column => isNarrow ? Math.min(column.width, column.name === "symbol" ? 112 : 84) : column.width;
    const chosen = new Set();
    for (const column of [...wanted].sort((a, b) => a.rank - b.rank)) {
      if (chosen.size >= 3 && width(column) > room) break;
      room -= width(column);
      chosen.add(column);
    }
    const columns = wanted.filter(column => chosen.has(column));
    // whole pixels: a row whose text changed is laid out again, and fixed columns cost the least
    const more = Math.max(0, Math.floor(room / columns.length));
    columns.forEach(column => { column.width = width(column) + more; });
    this.root.style.setProperty("--columns", columns.map(column => `${column.width}px`).join(" "));
    const isSame = String(columns.map(column => column.name)) === String(this.#columns.map(column => column.name));
    if (isSame) this.#columns.forEach((column, i) => { column.width = columns[i].width; });
    else this.#rebuild(columns);
    this.paintSoon();
  }

  #builtIn(name) {
    return { name, field: null, ...BUILT_IN[name] };
  }

  #field(name) {
    const width = Math.max(84, CHAR_PX * Math.max(name.length + 3, this.#widths.get(name) ?? 0) + 16);
    return { name: `v:${name}`, field: name, title: name, width, rank: KNOWN[name] ?? 12 + this.#market.fields.indexOf(name), value: row => row.fields[name] };
  }

  #rebuild(columns) {
    this.#columns = columns;
    this.#flashing = [];
    this.#pool = [];
    this.room.replaceChildren();
    this.#drawHead();
  }

  #drawHead() {
    this.head.replaceChildren(...this.#columns.map(column => {
      const cell = document.createElement("div"), button = document.createElement("button");
      cell.setAttribute("role", "columnheader");
      cell.className = cellClass(column);
      button.textContent = column.title;
      button.title = column.hint ?? "";
      button.type = "button";
      if (this.#sort.by === column.name) cell.ariaSort = this.#sort.isDown ? "descending" : "ascending";
      button.onclick = () => {
        this.#sort = { by: column.name, isDown: this.#sort.by === column.name && !this.#sort.isDown };
        this.#drawHead();
        this.arrange();
        this.head.children[this.#columns.indexOf(column)].firstChild.focus();
      };
      cell.append(button);
      return cell;
    }));
  }

  // ---- rows

  /** Selects and sorts the rows. */
  arrange() {
    const column = this.#columns.find(each => each.name === this.#sort.by) ?? this.#builtIn("symbol");
    const sign = this.#sort.isDown ? -1 : 1;
    const keyed = [...this.#market.rows.values()].filter(row => this.accepts(row)).map(row => {
      const value = column.value(row), number = typeof value === "number" ? value : isNumber(value) ? +value : NaN;
      return { row, number, text: number === number ? "" : text(value) };
    });
    keyed.sort((a, b) => {
      const byNumber = a.number - b.number;
      // numbers stand before texts, and rows without a value at the end
      const order = byNumber === byNumber ? byNumber : a.number === a.number ? -1 : b.number === b.number ? 1 : a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
      return order * sign || (a.row.symbol < b.row.symbol ? -1 : 1);
    });
    this.shown = keyed.map(each => each.row);
    this.room.style.height = `${this.shown.length * ROW_PX}px`;
    this.grid.ariaRowCount = this.shown.length + 1;
    this.paintSoon();
  }

  get isSortedBySymbol() {
    return this.#sort.by === "symbol";
  }

  paintSoon() {
    this.#frame ||= requestAnimationFrame(() => this.paint());
  }

  /** Draws the visible rows that changed, or all of them. */
  paint(isAll = false) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const first = Math.max(0, Math.floor(this.#top / ROW_PX) - SPARE_ROWS);
    const size = Math.ceil(this.#height / ROW_PX) + 2 * SPARE_ROWS, end = Math.min(this.shown.length, first + size);
    while (this.#pool.length < size) this.#pool.push(this.#build());
    const nowMs = Date.now();
    for (let i = first; i < first + this.#pool.length; i++) {
      const line = this.#pool[i % this.#pool.length], row = i < end ? this.shown[i] : null;
      if (!row) {
        if (line.row) line.element.hidden = true;
        line.row = null;
        continue;
      }
      const isNew = line.row !== row || line.index !== i;
      if (isNew) this.#bind(line, row, i);
      if (isNew || isAll || row.isDirty) this.#draw(line, nowMs, !isNew);
    }
    this.#point();
  }

  /** Tells a screen reader which row is chosen; one that is scrolled away has no element. */
  #point() {
    const id = this.#selected ? this.#pool.find(line => line.row === this.#selected)?.element.id : undefined;
    if (id === this.#pointed) return;
    this.#pointed = id;
    if (id) this.grid.setAttribute("aria-activedescendant", id);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  /** Each second: the lines of the visible rows. */
  paintTrends() {
    this.#pool.forEach(line => line.row && this.#trend(line));
  }

  #build() {
    const element = document.createElement("div");
    element.className = "row";
    element.setAttribute("role", "row");
    element.id = `row${this.#pool.length}`;
    element.hidden = true;
    const cells = this.#columns.map(column => {
      const cell = document.createElement("div");
      cell.setAttribute("role", "gridcell");
      cell.className = cellClass(column);
      const parts = { column, cell, text: null, move: null, untilMs: 0 };
      if (column.name === "symbol") {
        const star = document.createElement("button");
        star.className = "star";
        star.type = "button";
        star.tabIndex = -1;
        star.title = "put on the watch list, or take off (s)";
        star.ariaLabel = "on the watch list";
        parts.star = star;
        parts.node = document.createTextNode("");
        const name = document.createElement("span");
        name.append(parts.node);
        cell.append(star, name);
      } else if (column.name === "trend") {
        parts.canvas = document.createElement("canvas");
        cell.append(parts.canvas);
      } else if (column.field === null) {
        parts.node = document.createTextNode("");
        cell.append(parts.node);
      } else {
        const moved = document.createElement("b");
        parts.node = document.createTextNode("");
        parts.moved = document.createTextNode("");
        moved.append(parts.moved);
        cell.append(parts.node, moved);
      }
      element.append(cell);
      return parts;
    });
    this.room.append(element);
    return { element, cells, row: null, index: -1 };
  }

  #bind(line, row, index) {
    line.row = row;
    line.index = index;
    const { element } = line;
    element.hidden = false;
    element.style.top = `${index * ROW_PX}px`;
    element.ariaRowIndex = index + 2;
    element.dataset.symbol = row.symbol;
    this.#trend(line);
  }

  #draw(line, nowMs, mayFlash) {
    const { element, row } = line;
    row.isDirty = false;
    if (element.dataset.state !== row.state) element.dataset.state = row.state;
    const isSelected = row === this.#selected;
    if (line.isSelected !== isSelected) {
      line.isSelected = isSelected;
      element.ariaSelected = isSelected;
    }
    for (const parts of line.cells) {
      const { column } = parts;
      if (column.field !== null) this.#drawField(parts, row, nowMs, mayFlash);
      else if (column.name === "symbol") this.#drawSymbol(parts, row);
      else if (column.name === "age") this.#set(parts, row.state === "live" ? age(row.age(nowMs)) : stateText(row, nowMs));
      else if (column.name !== "trend") {
        const value = column.value(row);
        this.#set(parts, typeof value === "number" ? count(value) : value ?? "");
      }
    }
  }

  #drawSymbol(parts, row) {
    this.#set(parts, row.symbol);
    const isStarred = this.isStarred(row.symbol);
    if (parts.isStarred !== isStarred) {
      parts.isStarred = isStarred;
      parts.star.ariaPressed = isStarred;
    }
  }

  #drawField(parts, row, nowMs, mayFlash) {
    const { field } = parts.column, value = row.fields[field], now = text(value), move = row.moves[field];
    if (parts.text === now && parts.move === move) return;
    const isMoved = move && isNumber(value), split = isMoved ? move.kept : now.length;
    parts.text = now;
    parts.node.data = now.slice(0, split);
    parts.moved.data = now.slice(split);
    const direction = isMoved ? move.isUp ? " up" : " down" : "";
    const flashes = isMoved && mayFlash && parts.move !== move && nowMs - move.ms < FLASH_MS && row.state === "live" && !this.motion.matches;
    parts.move = move;
    const isLong = CHAR_PX * now.length + 16 > parts.column.width;
    parts.cell.className = cellClass(parts.column) + direction + (flashes ? " flash" : "") + (isLong ? " long" : "");
    if (flashes) {
      if (!parts.untilMs) this.#flashing.push(parts);
      parts.untilMs ||= nowMs + FLASH_MS;
    }
    if (now.length > (this.#widths.get(field) ?? 0)) {
      this.#widths.set(field, now.length);
      if (isLong) queueMicrotask(() => this.layOut());
    }
  }

  #set(parts, now) {
    if (parts.text === now) return;
    parts.text = now;
    parts.node.data = now;
  }

  #trend({ row, cells }) {
    const parts = cells.find(each => each.canvas);
    if (parts) drawTrend(parts.canvas, row.history, TREND_SECONDS, row.state === "live");
  }

  /** All cells flash equally long, so the list is in the order of their ends. */
  #dim() {
    const nowMs = Date.now();
    let ended = 0;
    while (ended < this.#flashing.length && this.#flashing[ended].untilMs <= nowMs) {
      const parts = this.#flashing[ended++];
      parts.untilMs = 0;
      parts.cell.classList.remove("flash");
    }
    this.#flashing.splice(0, ended);
  }

  // ---- selection

  select(row, mayScroll = true) {
    if (this.#selected) this.#selected.isDirty = true;
    this.#selected = row;
    if (row) {
      row.isDirty = true;
      if (mayScroll) this.#reveal(row);
    }
    this.paintSoon();
    this.onSelect(row);
  }

  focus() {
    this.grid.focus({ preventScroll: true });
  }

  /** Moves the selection by rows; Infinity is the last one. */
  move(by) {
    if (!this.shown.length) return;
    const now = this.shown.indexOf(this.#selected);
    this.select(this.shown[Math.min(Math.max(now < 0 ? 0 : now + by, 0), this.shown.length - 1)]);
  }

  get pageRows() {
    return Math.max(1, Math.floor(this.#height / ROW_PX) - 1);
  }

  #reveal(row) {
    const top = this.shown.indexOf(row) * ROW_PX;
    if (top < 0) return;
    if (top < this.#top) this.view.scrollTop = top;
    else if (top + ROW_PX > this.#top + this.#height) this.view.scrollTop = top + ROW_PX - this.#height;
  }

  #onClick(event) {
    const element = event.target.closest(".row"), line = this.#pool.find(each => each.element === element);
    if (!line?.row) return;
    this.focus();
    if (event.target.closest(".star")) this.onStar(line.row);
    else this.select(line.row, false);
  }
}

const cellClass = column => column.field === null ? `cell ${column.name}` : "cell field";

/** What stands in place of the age of a row that is not live. */
function stateText(row, nowMs) {
  const ms = row.age(nowMs);
  return row.state === "stale" && ms !== undefined ? `STALE ${age(ms)}` : row.state === "waiting" ? "NO DATA" : row.state.toUpperCase();
}
