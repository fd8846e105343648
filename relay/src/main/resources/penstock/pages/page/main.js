// The page at /: live prices of a relay, by its own client. This wires the parts; each part owns its elements.

import { Detail } from "./detail.js";
import { PriceGrid } from "./grid.js";
import { Market } from "./market.js";
import { isListed, isMatched, searches, termsOf } from "./search.js";
import { Session } from "./session.js";
import { Settings } from "./settings.js";
import { recolor } from "./trend.js";
import { count, timeOfDay } from "./format.js";

const CAUTION = "These are the last known prices; do not trade on them.";
const INTERVALS_MS = [0, 50, 100, 250, 500, 1000, 5000], DEFAULT_INTERVAL_MS = 250;
const THEMES = ["auto", "light", "dark"];
const MAX_EVENTS = 50;
const PANELS = ["prices", "chart", "book", "tape"];

const $ = id => document.getElementById(id);
const query = new URLSearchParams(location.search);
const settings = new Settings();
const isLocked = document.body.dataset.auth !== "none";

let session, epoch, feedName = query.get("feed") ?? "", channel = query.get("channel"), interval = Number(query.get("interval") ?? DEFAULT_INTERVAL_MS);
// a key lives as long as the page, and is stored nowhere
let key = "";
const dropped = new Set(), asked = new Set();
let quotes = null, patterns = ["*"], named = null, names = [], activeList = null, feedState = "", lost = 0, isOutOfOrder = false;
let last = { ms: performance.now(), shown: 0, conflated: 0 };

const market = new Market(() => { isOutOfOrder = true; }, () => grid.layOut());
let matches = () => true;
const grid = new PriceGrid($("prices"), market, {
  onSelect: row => detail.show(row),
  onOpen: () => showPanel("book"),
  onStar: star,
  isStarred: symbol => starList().symbols.includes(symbol),
  // a name of a watch list that this feed has nothing of is a row of that list, and of no other
  accepts: row => matches(row.symbol) && (activeList || asked.has(row.symbol) || row.readMs !== undefined || row.state !== "waiting"),
});
const detail = new Detail($("detail"));

// ---- session

function begin() {
  session?.close();
  session = new Session(isLocked ? () => key : undefined);
  const { px } = session, current = session;
  px.on("state", state => { if (current === session) onState(state); });
  px.on("broken", broken => {
    lost++;
    logEvent(`the ledger of ${broken.channel ?? "quote"} ${broken.symbol} does not add up: ${broken.q} follows ${broken.previous}, with ${broken.c} conflated`);
  });
  px.on("error", ({ code, message }) => logEvent(code ? `${code}: ${message}` : message));
  px.on("warning", logEvent);
}

function onState({ state, feeds, feed, code, reason, retryIn }) {
  const because = reason ? ` (${code ? `${code} ` : ""}${reason.replaceAll("_", " ")})` : "";
  if (state === "open") {
    if (feed === undefined) onWelcome();
    const now = feeds[feedName];
    showState(now, `Feed ${now} since ${timeOfDay(Date.now())}${feed === feedName ? because.replace(/ \((.*)\)/, ": $1") : ""}. ${CAUTION}`);
  } else if (code === 4401) {
    askForKey(`The relay does not let this client in (${reason}): enter your key. `);
  } else if (state === "connecting") {
    if (feedState !== "offline") showState("connecting", "");
  } else {
    showState("offline", `Not connected to the relay${because}: ${state === "closed" ? "reload the page to reconnect" : "reconnecting"}. ${CAUTION}`);
    if (retryIn !== undefined) logEvent(`not connected${because}`);
  }
}

function onWelcome() {
  const { px: { welcome }, feeds } = session, [minInterval, maxInterval] = [welcome.limits.minInterval, welcome.limits.maxInterval].map(Number);
  if (welcome.epoch !== epoch) market.restart();
  epoch = welcome.epoch;
  if (!feeds.some(each => each.name === feedName)) feedName = feeds[0].name;
  $("source").replaceChildren(...feeds.map(({ name }) => new Option(name, name, false, name === feedName)));
  $("sources").hidden = feeds.length < 2;
  interval = Math.min(Math.max(interval || 0, minInterval), maxInterval);
  const choices = INTERVALS_MS.filter(ms => ms > minInterval && ms < maxInterval);
  $("interval").replaceChildren(...[...new Set([minInterval, ...choices, interval])].sort((a, b) => a - b)
    .map(ms => new Option(ms === 0 ? "none" : ms < 1000 ? `${ms} ms` : `${ms / 1000} s`, ms, false, ms === interval)));
  logEvent(`session ${welcome.session} on feed ${feedName}, epoch ${welcome.epoch}`);
  if (!quotes) openFeed();
}

/** Shows a feed, and the first channel that fits the grid, or the one that was asked for. */
function openFeed() {
  const { channels } = session.feeds.find(each => each.name === feedName);
  const rows = channels.filter(each => each.class !== "order-book"), usual = channels.filter(each => each.class === "last-value" || each.class === "merge");
  const fitting = usual.length ? usual : rows.length ? rows : channels;
  if (!channels.some(each => each.name === channel)) {
    channel = (fitting.find(each => each.default) ?? fitting.find(each => each.name === "quote") ?? fitting[0]).name;
  }
  $("channel").replaceChildren(...channels.map(({ name }) => new Option(name, name, false, name === channel)));
  $("channels").hidden = channels.length < 2;
  const feed = session.feeds.length > 1 ? feedName : undefined;
  market.clear();
  detail.use(session.px, feed, channels);
  grid.select(null);
  patterns = (query.get("symbols") ?? "*").split(",").map(symbol => symbol.trim()).filter(symbol => symbol);
  if (!patterns.length) patterns = ["*"];
  quotes = subscribe(feed, patterns);
  names = [];
  named = null;
  nameSymbols();
}

function closeFeed() {
  quotes?.close();
  named?.close();
  quotes = named = null;
}

function subscribe(feed, symbols, each = interval) {
  const opened = session.px.quotes({ feed, channel, symbols, interval: each });
  opened.on("frame", changed => onFrame(changed));
  opened.ready.catch(fault => { if (opened === quotes || opened === named) logEvent(`${fault.code}: ${fault.message}`); });
  return opened;
}

/**
 * The watch lists name symbols that the page's patterns may not have. An on-demand feed has a symbol while somebody names it: there the page names them
 * all, and if a pattern brings their values anyway, at the longest interval.
 */
function nameSymbols() {
  if (!quotes) return;
  const wanted = settings.names(), feed = session.feeds.length > 1 ? feedName : undefined;
  if (String(wanted) === String(names)) return;
  names.filter(symbol => !wanted.includes(symbol) && quotes.get(symbol)?.v === undefined).forEach(symbol => {
    dropped.add(symbol);
    market.remove(symbol);
  });
  names = wanted;
  names.forEach(symbol => dropped.delete(symbol));
  names.forEach(symbol => market.add(symbol));
  const { onDemand } = session.feeds.find(each => each.name === feedName), missed = onDemand ? names : names.filter(symbol => !isMatched(symbol, patterns));
  if (!missed.length) {
    named?.close();
    named = null;
  } else if (named) {
    named.set({ symbols: missed });
  } else {
    named = subscribe(feed, missed, namedInterval());
  }
}

const namedInterval = () => patterns.includes("*") ? Number(session.px.welcome.limits.maxInterval) : interval;

/** What is known of a symbol. A pattern still hears that a name is refused after it was taken off the lists: that is no row. */
function viewOf(symbol) {
  const view = quotes?.get(symbol);
  return view?.v === undefined && dropped.has(symbol) ? undefined : view ?? named?.get(symbol);
}

/** Once per animation frame: what changed since the last one. */
function onFrame(changed) {
  const nowMs = Date.now();
  for (const symbol of changed) market.read(symbol, viewOf(symbol), nowMs);
  if (isOutOfOrder) arrange();
  grid.paint();
  detail.paint(nowMs);
}

function arrange() {
  isOutOfOrder = false;
  grid.arrange();
  const { size } = market.rows, found = grid.shown.length, text = $("search").value.trim();
  $("none").textContent = found ? "" : isUnknownName(text) ? `No symbol matches. Enter asks the relay for ${text}.`
    : size ? "No symbol matches." : "No data yet.";
  $("found").textContent = found === size ? count(size) : `${count(found)} of ${count(size)}`;
  if (!grid.selected && found) grid.select(grid.shown[0], false);
}

/** Shows the feed's state; the client marks its rows. */
function showState(state, warning) {
  if (feedState !== state) {
    feedState = $("feed").textContent = $("feed").dataset.state = document.body.dataset.state = state;
    logEvent(`feed ${state}`);
    document.title = `${state === "live" ? "" : `${state} · `}${feedName} · Penstock`;
  }
  $("warning").textContent = state === "live" ? "" : warning;
}

/** Waits for a key. Rows of an earlier session stay, stale. */
function askForKey(why) {
  showState("offline", why + (market.rows.size ? CAUTION : ""));
  $("door").hidden = false;
  $("key").focus();
}

// ---- lists and search

const starList = () => activeList ?? settings.lists[0];

function star(row) {
  settings.toggle(starList(), row.symbol);
  row.isDirty = true;
  drawLists();
  nameSymbols();
  filter();
}

/** A name that nothing is known of, which an on-demand feed may have. */
const isUnknownName = text => /^[^\s,*]+$/.test(text) && !market.rows.has(text);

function filter() {
  const found = searches($("search").value), listed = activeList ? isListed(activeList.symbols) : () => true;
  matches = symbol => listed(symbol) && found(symbol);
  arrange();
  grid.paint(true);
}

function drawLists() {
  const chip = (list, label, title) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.title = title;
    button.ariaPressed = list === activeList;
    button.onclick = () => {
      activeList = list;
      drawLists();
      filter();
    };
    return button;
  };
  const chips = [chip(null, "All", "all symbols"), ...settings.lists.map(list => chip(list, `${list.name} ${list.symbols.length}`, list.symbols.join(", ") || "empty: the star of a row adds it"))];
  if (activeList && activeList !== settings.lists[0]) {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.title = remove.ariaLabel = `remove the list ${activeList.name}`;
    remove.onclick = () => {
      settings.removeList(activeList);
      activeList = null;
      drawLists();
      nameSymbols();
      filter();
    };
    chips.push(remove);
  }
  $("lists").replaceChildren(...chips);
}

$("search").oninput = filter;
$("search").onkeydown = event => {
  const text = $("search").value.trim();
  if (event.key === "Escape") {
    $("search").value = "";
    filter();
    grid.focus();
  } else if (event.key === "Enter" && isUnknownName(text) && !grid.shown.length) {
    // only what is named is asked for
    asked.add(text);
    settings.toggle(starList(), text);
    drawLists();
    nameSymbols();
    filter();
  } else if (event.key === "Enter" || event.key === "ArrowDown") {
    event.preventDefault();
    grid.focus();
    grid.move(0);
  }
};
$("newList").onkeydown = event => {
  const name = $("newList").value.trim();
  if (event.key !== "Enter" || !name) return;
  event.preventDefault();
  if (settings.addList(name, termsOf($("search").value))) activeList = settings.lists.find(list => list.name === name) ?? null;
  else logEvent("there are as many watch lists as the page keeps");
  $("newList").value = $("search").value = "";
  drawLists();
  nameSymbols();
  filter();
};

// ---- controls

function logEvent(text) {
  const item = document.createElement("li"), time = document.createElement("time");
  time.textContent = `${timeOfDay(Date.now())} `;
  item.append(time, text);
  $("events").prepend(item);
  if ($("events").childElementCount > MAX_EVENTS) $("events").lastChild.remove();
}

function changeInterval(ms) {
  interval = ms;
  $("interval").value = String(ms);
  quotes?.set({ interval });
  named?.set({ interval: namedInterval() });
}

/** The next shorter interval, or the next longer one. */
function stepInterval(by) {
  const options = [...$("interval").options].map(option => Number(option.value)), next = options[options.indexOf(interval) + by];
  if (next !== undefined) changeInterval(next);
}

function setTheme(theme) {
  settings.theme = theme;
  applyTheme();
  settings.save();
}

function applyTheme() {
  document.documentElement.dataset.theme = settings.theme;
  $("theme").title = $("theme").ariaLabel = `theme: ${settings.theme} (t)`;
  recolor();
  detail.chart.recolor();
  grid.paintTrends();
}

/** On a narrow screen one panel is shown. */
function showPanel(name) {
  document.body.dataset.panel = name;
  for (const button of $("tabs").children) button.ariaSelected = button.dataset.panel === name;
}

function again() {
  closeFeed();
  if (session?.px.state === "open") {
    openFeed();
    showState(session.px.feeds[feedName], `Feed ${session.px.feeds[feedName]}. ${CAUTION}`);
  }
}

$("door").onsubmit = event => {
  event.preventDefault();
  key = $("key").value.trim();
  $("key").value = "";
  $("door").hidden = true;
  closeFeed();
  begin();
};
$("source").onchange = () => {
  feedName = $("source").value;
  feedState = "";
  again();
};
$("channel").onchange = () => {
  channel = $("channel").value;
  again();
};
$("interval").onchange = () => changeInterval(Number($("interval").value));
$("theme").onclick = () => setTheme(THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length]);
$("help").onclick = () => $("more").showModal();
$("done").onclick = () => $("more").close();
$("tabs").onclick = event => { if (event.target.dataset.panel) showPanel(event.target.dataset.panel); };
$("spans").onclick = event => {
  if (!event.target.dataset.seconds) return;
  detail.chart.seconds = Number(event.target.dataset.seconds);
  for (const button of $("spans").children) button.ariaPressed = button === event.target;
};

const KEYS = {
  "/": () => { showPanel("prices"); $("search").focus(); $("search").select(); },
  "?": () => $("more").showModal(),
  ArrowDown: () => grid.move(1), j: () => grid.move(1),
  ArrowUp: () => grid.move(-1), k: () => grid.move(-1),
  PageDown: () => grid.move(grid.pageRows), PageUp: () => grid.move(-grid.pageRows),
  Home: () => grid.move(-Infinity), End: () => grid.move(Infinity),
  Enter: () => showPanel("book"),
  s: () => { if (grid.selected) star(grid.selected); },
  t: () => $("theme").click(),
  "[": () => stepInterval(-1), "]": () => stepInterval(1),
  ...Object.fromEntries(PANELS.map((name, i) => [String(i + 1), () => showPanel(name)])),
};
document.addEventListener("keydown", event => {
  const isTyping = event.target.matches("input, select, textarea, dialog *"), isPressing = event.key === "Enter" && event.target.matches("button, a");
  if (isTyping || isPressing || event.ctrlKey || event.metaKey || event.altKey || $("more").open || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);

// ---- clock

function eachTenth() {
  const nowMs = Date.now();
  market.sample(nowMs, symbol => names.includes(symbol));
  if (isOutOfOrder) arrange();
  detail.paint(nowMs);
}

function eachSecond() {
  const ms = performance.now(), perSecond = (now, before) => count((now - before) * 1000 / (ms - last.ms));
  $("rate").textContent = perSecond(market.shown + market.conflated, last.shown + last.conflated);
  $("sent").textContent = perSecond(market.shown, last.shown);
  last = { ms, shown: market.shown, conflated: market.conflated };
  $("conflated").textContent = count(market.conflated);
  $("breaks").textContent = count(lost);
  $("breaks").classList.toggle("bad", lost > 0);
  const latencyMs = market.latencyMs(), roundTripMs = session?.roundTripMs;
  $("venueMs").textContent = latencyMs === undefined ? "–" : `${count(latencyMs)} ms`;
  $("relayMs").textContent = roundTripMs === undefined ? "–" : `${(roundTripMs / 2).toFixed(1)} ms`;
  if (!grid.isSortedBySymbol) grid.arrange();
  grid.paint(true);
  grid.paintTrends();
}

$("lines").textContent = `w = new WebSocket("${location.origin.replace(/^http/, "ws")}/v1/ws"); w.onmessage = m => console.log(m.data)\n`
  + `w.onopen = () => ${isLocked ? "{ w.send('{\"op\":\"auth\",\"token\":\"KEY\"}'); " : ""}`
  + `w.send('{"op":"subscribe","symbols":["EURUSD","GBP*"]}')${isLocked ? " }" : ""}`;
$("header").hidden = !isLocked;
applyTheme();
showPanel("prices");
drawLists();
setInterval(eachTenth, 100);
setInterval(eachSecond, 1000);
if (isLocked) askForKey("This relay serves known clients only: enter your key. ");
else begin();
