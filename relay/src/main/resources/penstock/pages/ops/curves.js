// Percentiles of each stage of an update, as curves: from the median to the slowest of ten thousand.

import { $, draw, figure, keyed, make, ms, write } from "./elements.js";

const STAGES = [
  { name: "ingest", text: "socket → ring", title: "from reading an update's frame until it is in the ring" },
  { name: "ring", text: "ring → io thread", title: "in the ring, until the io thread reads it" },
  { name: "queueing", text: "queueing", title: "from the frame, or from the end of the subscriber's interval, to the write: what nobody asked for" },
  { name: "write", text: "io thread → socket", title: "from the io thread, or from the end of the interval, to the write" },
  { name: "dwell", text: "conflation (meant)", title: "the interval that subscribers asked for: no delay of the relay", isMeant: true },
  { name: "age", text: "age when sent", title: "from the frame to the write: all of it, the interval that was asked for included" },
];
const SHARES = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p995: 0.995, p999: 0.999, p9995: 0.9995, p9999: 0.9999 };
const TICKS = { p50: "p50", p90: "p90", p99: "p99", p999: "p99.9", p9999: "p99.99" };
const LEAST_WIDTH = 300, HEIGHT = 280, LEFT = 66, RIGHT = 14, TOP = 12, BOTTOM = 44;

/** Each nine as wide as the one before. */
const nines = share => -Math.log10(1 - share);
const x = share => LEFT + (nines(share) - nines(0.5)) / (nines(0.9999) - nines(0.5)) * (width - LEFT - RIGHT);

const drawing = draw("svg", { height: HEIGHT, role: "img", "aria-label": "latency by percentile of each stage; the table below has the values" });
const back = draw("g"), front = draw("g"), cursor = draw("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM, visibility: "hidden" });
drawing.append(back, front, cursor);
$("curves").querySelector(".plot").append(drawing);
let scale, width = LEAST_WIDTH, shown = new Map();

/** `stages` by name, as the channel has them. */
export function showCurves(stages) {
  shown = stages;
  const curves = STAGES.map((stage, i) => ({ ...stage, line: `s${i + 1}`, values: stages.get(stage.name) ?? {} }));
  const all = curves.flatMap(({ values }) => Object.keys(SHARES).map(name => Number(values[name]))).filter(Number.isFinite);
  drawBack(all);
  front.replaceChildren();
  for (const { line, isMeant, values } of curves) {
    const points = Object.entries(SHARES).filter(([name]) => values[name] !== undefined).map(([name, share]) => [x(share), scale(Number(values[name]))]);
    if (!points.length) continue;
    front.append(draw("path", { class: `line ${line}${isMeant ? " meant" : ""}`, d: `M${points.map(point => point.map(each => each.toFixed(1)).join(" ")).join("L")}` }));
    for (const [cx, cy] of points) front.append(draw("circle", { class: line, r: 3, cx, cy }));
  }
  keyed($("curves").querySelector("tbody"), curves, curve => curve.name, curve => make("tr", { title: curve.title },
    make("th", { scope: "row" }, make("span", { className: `swatch ${curve.line}${curve.isMeant ? " meant" : ""}` }), curve.text),
    ...[...Object.keys(TICKS), "count"].map(() => make("td", { className: "n" }))), (row, { values }) => {
    Object.keys(TICKS).forEach((name, i) => write(row.children[i + 1], values[name] === undefined ? "–" : ms(Number(values[name]))));
    write(row.lastChild, figure(Number(values.count ?? 0)));
  });
}

/** Axes and grid for these latencies: decades, at least three of them. */
function drawBack(latencies) {
  // one unit is one pixel, so that texts have their size on a phone, too
  width = Math.max(LEAST_WIDTH, drawing.clientWidth);
  const lowest = Math.floor(Math.log10(Math.max(0.001, Math.min(...latencies, 0.1)))), highest = Math.max(lowest + 3, Math.ceil(Math.log10(Math.max(...latencies, 1))));
  const bottom = HEIGHT - BOTTOM, size = (bottom - TOP) / (highest - lowest);
  scale = value => bottom - (Math.log10(Math.max(value, 10 ** lowest)) - lowest) * size;
  back.replaceChildren();
  for (let decade = lowest; decade <= highest; decade++) {
    const y = scale(10 ** decade);
    back.append(draw("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
      draw("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, decade >= 3 ? `${10 ** (decade - 3)} s` : decade >= 0 ? `${10 ** decade} ms` : `${10 ** (decade + 3)} µs`));
  }
  for (const [name, text] of Object.entries(TICKS)) {
    const at = x(SHARES[name]);
    back.append(draw("line", { class: "grid", x1: at, x2: at, y1: TOP, y2: bottom }),
      draw("text", { x: at, y: bottom + 17, "text-anchor": name === "p50" ? "start" : name === "p9999" ? "end" : "middle" }, text));
  }
  back.append(draw("text", { class: "axis", x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "percentile of the updates"),
    draw("text", { class: "axis", transform: `translate(13 ${(TOP + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, "latency"));
  if (!latencies.length) back.append(draw("text", { class: "none", x: (LEFT + width) / 2, y: HEIGHT / 2 - 10, "text-anchor": "middle" }, "No update was sent in the last minute."));
}

new ResizeObserver(() => { if (drawing.clientWidth !== width) showCurves(shown); }).observe(drawing);

drawing.addEventListener("pointermove", event => {
  const at = event.clientX - drawing.getBoundingClientRect().left;
  const [name] = Object.keys(TICKS).sort((a, b) => Math.abs(x(SHARES[a]) - at) - Math.abs(x(SHARES[b]) - at));
  cursor.setAttribute("x1", x(SHARES[name]));
  cursor.setAttribute("x2", x(SHARES[name]));
  cursor.setAttribute("visibility", "visible");
  mark(Object.keys(TICKS).indexOf(name) + 1);
});
drawing.addEventListener("pointerleave", () => {
  cursor.setAttribute("visibility", "hidden");
  mark(0);
});

/** The column of the table that the pointer is at. */
function mark(column) {
  for (const row of $("curves").querySelectorAll("tr")) {
    [...row.children].forEach((cell, i) => cell.classList.toggle("marked", column > 0 && i === column));
  }
}
