// The operator's page at /ops. It subscribes to the relay's own figures, the channel $metrics, with the client that every page uses, and asks the
// admin API for what is no figure: sessions, findings, changes. This wires the parts; each part owns its elements.

import { connect } from "../penstock.js";
import { ask, getToken, setToken } from "./api.js";
import { readChanges, showChanges } from "./changes.js";
import { showCurves } from "./curves.js";
import { readDrain, showDrain, wireDrain } from "./drain.js";
import { $, ms, write } from "./elements.js";
import { showFeeds } from "./feeds.js";
import { showFindings, showVerdict } from "./findings.js";
import { readRelays, showRelays } from "./relays.js";
import { readSessions, showSessions } from "./sessions.js";
import { wireTheme } from "./theme.js";
import { showTraffic } from "./traffic.js";

const CHANNEL = "$metrics";
const INTERVAL_MS = 500, HIDDEN_INTERVAL_MS = 5000;
const ASK_EVERY_MS = 2000;

const isLocked = document.body.dataset.auth !== "none";
let px, metrics, relay = {}, feeds = [], findings = [], lostMs, changesVersion, timer, isAsking = false;

// ---- session

function begin() {
  px?.close();
  px = connect(undefined, { getToken: isLocked ? getToken : undefined, hidden: HIDDEN_INTERVAL_MS });
  metrics = px.quotes({ channel: CHANNEL, symbols: ["*"], interval: INTERVAL_MS });
  metrics.on("frame", onFrame);
  const current = px;
  metrics.ready.catch(fault => { if (current.state !== "closed") warn(fault.message); });
  px.on("state", ({ state, code, reason }) => {
    if (code === 4401) askForToken(`The relay does not know this token (${reason}).`);
    else onConnection(state === "open");
  });
  clearInterval(timer);
  timer = setInterval(askAll, ASK_EVERY_MS);
  askAll();
}

function onConnection(isOpen) {
  if (isOpen) lostMs = undefined;
  else lostMs ??= feeds.length ? Date.now() : undefined;
  document.body.toggleAttribute("data-offline", lostMs !== undefined);
  if (isOpen) askAll();
  showAll();
}

/** The values of one kind of symbol, by the rest of the name. */
const group = prefix => new Map(metrics.symbols.filter(symbol => symbol.startsWith(prefix)).map(symbol => [symbol.slice(prefix.length), metrics.get(symbol).v]));

/** Once per animation frame at most: what changed since the last one. */
function onFrame(changed) {
  if (changed.includes("relay")) {
    relay = metrics.get("relay").v;
    write($("version"), relay.version);
    write($("uptime"), ms(Number(relay.uptime) * 1000));
    write($("sessionCount"), Number(relay.sessions).toLocaleString("en"));
    showTraffic(relay);
  }
  if (changed.some(symbol => symbol.startsWith("stage."))) showCurves(group("stage."));
  if (changed.includes("changes")) onChanges(metrics.get("changes").v.version);
  feeds = [...group("feed.")].map(([name, feed]) => ({ name, ...feed }));
  showAll();
}

function showAll() {
  showFeeds(feeds);
  showVerdict({ feeds, findings, isDraining: relay.draining === true, lostMs, relay });
}

// ---- admin API

/** What is no figure. While the page is hidden nobody sees it, and nothing is asked. */
async function askAll() {
  if (isAsking || document.hidden || px.state !== "open") return;
  isAsking = true;
  try {
    const [sessions, drain, found, relays] = await Promise.all([readSessions(), readDrain(), ask("findings"), readRelays(relay)]);
    showRelays(relays);
    showSessions(sessions, { onKicked: askAll, onError: fault => warn(fault.message) });
    showDrain(drain);
    ({ findings } = found);
    showFindings(findings);
    showAll();
    showChanges();
    warn("");
  } catch (fault) {
    if (fault.status === 401) askForToken("The relay does not know this token.");
    else if (fault.status) warn(fault.message);
  } finally {
    isAsking = false;
  }
}

async function onChanges(version) {
  if (version === changesVersion) return;
  changesVersion = version;
  try {
    await readChanges();
    showChanges();
  } catch (fault) {
    changesVersion = undefined;
    if (fault.status) warn(fault.message);
  }
}

// ---- token, warning

function askForToken(why) {
  px?.close();
  clearInterval(timer);
  warn(why);
  $("door").hidden = false;
  $("key").focus();
}

function warn(text) {
  write($("warning"), text);
}

$("door").onsubmit = event => {
  event.preventDefault();
  setToken($("key").value.trim());
  $("key").value = "";
  $("door").hidden = true;
  warn("");
  begin();
};
$("sort").onchange = askAll;
document.addEventListener("visibilitychange", askAll);
wireDrain({ onChange: showDrain, onError: fault => warn(fault.message) });
wireTheme($("theme"));
showCurves(new Map());
if (isLocked) askForToken("The figures of this relay need admin.token.");
else begin();
