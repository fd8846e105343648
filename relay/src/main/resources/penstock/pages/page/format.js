// How the page writes numbers, times and ages. A number of the feed is text, and keeps the digits of the venue.

const MAX_CHARS = 40;
const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

export const count = number => counts.format(number);

export const isNumber = value => typeof value === "string" && /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value);

/** A value of the feed as short text. */
export function text(value) {
  const whole = value === undefined ? "" : plain(value);
  return whole.length > MAX_CHARS ? whole.slice(0, MAX_CHARS - 1) + "…" : whole;
}

function plain(value) {
  if (Array.isArray(value)) return `[${value.map(plain).join(",")}]`;
  if (value !== null && typeof value === "object") return `{${Object.entries(value).map(([name, part]) => `${name}:${plain(part)}`).join(",")}}`;
  return String(value);
}

/** How many characters of a price stay as they were. */
export function kept(before, now) {
  if (before.length !== now.length) return 0;
  let same = 0;
  while (same < now.length && before[same] === now[same]) same++;
  return same;
}

/** `ask` less `bid`, exact; undefined if one of them is no plain number. */
export function spread(bid, ask) {
  if (![bid, ask].every(price => isNumber(price) && !/[eE]/.test(price))) return undefined;
  const digits = Math.max(...[bid, ask].map(price => price.length - (price.indexOf(".") + 1 || price.length)));
  const [low, high] = [bid, ask].map(price => {
    const [whole, part = ""] = price.split(".");
    return BigInt(whole + part.padEnd(digits, "0"));
  });
  const difference = high - low, size = String(difference < 0 ? -difference : difference).padStart(digits + 1, "0");
  return (difference < 0 ? "-" : "") + (digits ? `${size.slice(0, -digits)}.${size.slice(-digits)}` : size);
}

export function age(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** The time of day of microseconds since 1970. */
export const time = us => us === undefined ? "" : clock.format(us / 1000);

export const timeOfDay = ms => new Date(ms).toLocaleTimeString("en-GB");
