// What the relay does now: a figure and the last two minutes of it.

import { $, bytes, draw, figure, make, write } from "./elements.js";

/** Two minutes of half a second each; the first half a minute is as wide as the last one. */
const SAMPLES = 240, LEAST_SAMPLES = 60;
const WIDTH = 120, HEIGHT = 26;

const TILES = [
  { name: "received", unit: "updates/s", title: "updates of all feeds, per second", read: relay => Number(relay.received) },
  { name: "delivered", unit: "updates/s", title: "updates handed to sockets, per second, over all sessions", read: relay => Number(relay.delivered) },
  { name: "conflated", unit: "%", title: "of the updates for subscribers, those that a newer one replaced: they asked for an interval, or read slowly", read: relay => share(Number(relay.conflated), Number(relay.conflated) + Number(relay.delivered)), write: value => value.toFixed(0) },
  { name: "sent", unit: "/s", title: "bytes that sockets took, per second", read: relay => Number(relay.bytes), write: bytes },
  { name: "sessions", unit: "", title: "open sessions of subscribers", read: relay => Number(relay.sessions), write: value => value.toLocaleString("en") },
  { name: "blocked writes", unit: "%", title: "of the writes, those that a socket took only in part: slow readers", read: relay => share(Number(relay.blocked), Number(relay.writes)), write: value => value.toFixed(1), isBad: value => value > 20 },
  { name: "processor", unit: "cores", title: "processor time that the process takes", read: relay => Number(relay.cpu) / 1000, write: value => value.toFixed(2), isBad: (value, relay) => value > 0.9 * Number(relay.cores) },
  { name: "heap", unit: "", title: "memory of the Java machine that is in use", read: relay => Number(relay.heapUsed), write: bytes, isBad: (value, relay) => value > 0.95 * Number(relay.heapMax) },
];

const share = (part, whole) => whole > 0 ? 100 * part / whole : 0;

const tiles = TILES.map(tile => {
  const line = draw("path"), area = draw("path", { class: "area" });
  const drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  drawing.append(area, line);
  const number = make("span"), figureOf = make("b", {}, number, make("small", { textContent: tile.unit }));
  return { ...tile, samples: [], number, line, area, element: make("div", { className: "tile", title: tile.title, data: { tile: tile.name } }, make("small", { textContent: tile.name }), figureOf, drawing) };
});

$("traffic").append(...tiles.map(({ element }) => element));

export function showTraffic(relay) {
  for (const tile of tiles) {
    const value = tile.read(relay);
    tile.samples.push(value);
    if (tile.samples.length > SAMPLES) tile.samples.shift();
    write(tile.number, (tile.write ?? figure)(value));
    tile.element.dataset.state = tile.isBad?.(value, relay) ? "bad" : "good";
    const highest = Math.max(...tile.samples) || 1, step = WIDTH / (Math.max(LEAST_SAMPLES, tile.samples.length) - 1), from = WIDTH - (tile.samples.length - 1) * step;
    const points = tile.samples.map((sample, i) => `${(from + i * step).toFixed(1)} ${(HEIGHT - 1 - sample / highest * (HEIGHT - 3)).toFixed(1)}`).join("L");
    tile.line.setAttribute("d", `M${points}`);
    tile.area.setAttribute("d", `M${from.toFixed(1)} ${HEIGHT}L${points}L${WIDTH} ${HEIGHT}Z`);
  }
}
