// The trades of one symbol, the newest first.

import { text, time } from "./format.js";

/** More than a panel has room for. */
const MAX_LINES = 60;
const COLUMNS = ["time", "price", "size"];

/** A list of trades, and of gaps between them. */
export class Tape {
  #pending = [];
  #frame = 0;
  count = 0;
  missed = 0;

  constructor(root) {
    this.root = root;
    this.list = root.querySelector(".trades");
    this.note = root.querySelector(".note");
  }

  clear(note = "waiting for trades") {
    this.#pending = [];
    this.count = this.missed = 0;
    this.list.replaceChildren();
    this.note.textContent = note;
  }

  mark(state) {
    this.root.dataset.state = state;
  }

  /** A trade, `{ v, t }`, or `{ gap, missed }`; older ones stand below. */
  add(event) {
    this.#pending.push(event);
    if (this.#pending.length > MAX_LINES) this.#pending.shift();
    if (event.gap) this.missed += event.missed ?? 0;
    else this.count++;
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#frame = 0;
    if (this.#pending.length) this.note.textContent = "";
    for (const event of this.#pending) {
      const line = this.list.childElementCount < MAX_LINES ? build() : this.list.lastElementChild;
      if (event.gap) fill(line, "gap", ["", event.missed === undefined ? "trades are missing" : `${event.missed} trades missing`, ""]);
      else fillTrade(line, event);
      this.list.prepend(line);
    }
    this.#pending = [];
  }
}

function build() {
  const line = document.createElement("li");
  for (const name of COLUMNS) {
    const cell = document.createElement("span");
    cell.className = name;
    cell.append(document.createTextNode(""));
    line.append(cell);
  }
  const milliseconds = document.createElement("small");
  milliseconds.append(document.createTextNode(""));
  line.firstChild.append(milliseconds);
  return line;
}

function fillTrade(line, { v, t }) {
  const { price, size, side } = v !== null && typeof v === "object" ? v : {};
  fill(line, side === "buy" || side === "sell" ? side : "", [time(t), text(price ?? v), text(size)]);
}

function fill(line, kind, texts) {
  line.className = kind;
  const [at, ...others] = texts, point = at.lastIndexOf(".") < 0 ? at.length : at.lastIndexOf(".");
  line.firstChild.firstChild.data = at.slice(0, point);
  line.firstChild.lastChild.firstChild.data = at.slice(point);
  others.forEach((value, i) => { line.children[i + 1].firstChild.data = value; });
}
