// The line in a row: how the price moved.

const WIDTH_PX = 80, HEIGHT_PX = 18;
let colors;

/** The theme changed. */
export function recolor() {
  const style = getComputedStyle(document.documentElement);
  colors = Object.fromEntries(["up", "down", "soft"].map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export function drawTrend(canvas, history, seconds, isLive) {
  if (!colors) recolor();
  const ratio = devicePixelRatio;
  if (canvas.width !== Math.round(WIDTH_PX * ratio)) {
    canvas.width = Math.round(WIDTH_PX * ratio);
    canvas.height = Math.round(HEIGHT_PX * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
  let lowest = Infinity, highest = -Infinity, first = NaN, last = NaN;
  history.forEach(seconds, (second, low, high) => {
    const mid = (low + high) / 2;
    if (mid !== mid) return;
    if (first !== first) first = mid;
    last = mid;
    lowest = Math.min(lowest, mid);
    highest = Math.max(highest, mid);
  });
  if (first !== first) return;
  const scale = highest > lowest ? (HEIGHT_PX - 4) / (highest - lowest) : 0, step = WIDTH_PX / (seconds - 1);
  context.strokeStyle = !isLive ? colors.soft : last >= first ? colors.up : colors.down;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  let x = WIDTH_PX - (Math.min(seconds, history.length) - 1) * step, isDrawing = false;
  history.forEach(seconds, (second, low, high) => {
    const mid = (low + high) / 2, y = scale ? HEIGHT_PX - 2 - (mid - lowest) * scale : HEIGHT_PX / 2;
    if (mid !== mid) isDrawing = false;
    else if (isDrawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDrawing = mid === mid;
    x += step;
  });
  context.stroke();
}
