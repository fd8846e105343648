// The calculator at /sizing. It is one file when it is served, asks the relay nothing, and works when it is saved.
// What was typed stands in the address, behind #, so that a link to an answer can be sent.

import { $, bytes, keyed, make, write } from "../ops/elements.js";
import { wireTheme } from "../ops/theme.js";
import { CHOICES, FIELDS, LIMITS, inFull, plan, read } from "./model.js";

const figures = JSON.parse($("figures").textContent), examples = JSON.parse($("examples").textContent);
const PLACES = { ofSubscribers: ["subscribers", "symbols", "updates", "interval", "format", "compression", "tls", "topics"],
  ofMachine: ["cores", "memory", "network", "ceiling", "sessions", "lost"] };
const WORDS = { format: { label: "format", json: "JSON", rows: "rows", binary: "binary" },
  compression: { label: "compression", none: "none", own: "of each message", shared: "once for 100" }, tls: { label: "TLS", no: "no", yes: "yes" } };
const TILES = ["egress", "a month", "cores busy", "memory", "relays in all", "to each"];
const FIRST = { ...examples.profiles[1], ...examples.machine, subscribers: examples.subscribers[1] };

// ---- what is asked for

function field(name) {
  const { label, unit } = FIELDS[name] ?? WORDS[name];
  const input = CHOICES[name]
    ? make("select", { id: name }, ...CHOICES[name].map(value => make("option", { value, textContent: WORDS[name][value] })))
    : make("input", { id: name, inputMode: "decimal", spellcheck: false, maxLength: 40 });
  input.setAttribute("aria-describedby", `${name}Fault`);
  return [make("label", { htmlFor: name, textContent: label }), input, make("small", { textContent: unit ?? "" }),
    make("div", { id: `${name}Fault`, className: "fault" })];
}

function fill(values) {
  for (const name of [...PLACES.ofSubscribers, ...PLACES.ofMachine]) {
    const value = values[name];
    if (value === undefined || CHOICES[name] && !CHOICES[name].includes(String(value))) continue;
    $(name).value = typeof value === "number" ? inFull(value) : value;
  }
}

/** What is typed, as numbers; undefined if some of it cannot be used, which is said beside it. */
function asked() {
  const values = {};
  let isGood = true;
  for (const name of [...PLACES.ofSubscribers, ...PLACES.ofMachine]) {
    let fault = "";
    try {
      values[name] = CHOICES[name] ? $(name).value : read(name, $(name).value);
    } catch (error) {
      fault = error.message;
      isGood = false;
    }
    write($(`${name}Fault`), fault);
    $(name).setAttribute("aria-invalid", String(fault !== ""));
  }
  return isGood ? values : undefined;
}

// ---- the answer

const count = (number, word) => `${inFull(number)} ${word}${number === 1 ? "" : "s"}`;

/** Three digits, or all in front of the point. */
const three = number => number >= 100 ? inFull(Math.round(number)) : inFull(Number(number.toPrecision(3)));

const rate = bytesPerSecond => bytesPerSecond >= 125_000 ? `${three(bytesPerSecond * 8 / 1e6)} Mbit/s` : `${three(bytesPerSecond * 8 / 1000)} kbit/s`;

const small = number => number < 0.001 ? "less than 0.001" : three(number);

function fail(messages) {
  document.body.dataset.fault = "";
  write($("headline"), "No answer");
  write($("subline"), "");
  $("beyond").replaceChildren();
  $("faults").replaceChildren(...messages.map(textContent => make("li", { textContent })));
}

function compute() {
  const values = asked();
  if (!values) {
    fail([...document.querySelectorAll(".fault")].map(each => each.textContent).filter(Boolean));
    return;
  }
  $("profile").value = examples.profiles.find(profile => PLACES.ofSubscribers.every(name => name === "subscribers" || profile[name] === values[name]))?.name ?? "";
  try {
    show(plan(figures, values), values);
  } catch (error) {
    fail([error.message]);
  }
  history.replaceState(null, "", `#${new URLSearchParams(values)}`);
}

function show(result, values) {
  delete document.body.dataset.fault;
  $("faults").replaceChildren();
  const { edges, needed, decides, served, links, storm } = result;
  write($("headline"), `${count(edges, edges === 1 ? "machine" : "edge")} for ${count(values.subscribers, "subscriber")}`);
  write($("subline"), `${decides === "sessions" ? "The bound of sessions" : decides === "CPU" ? "CPU" : `The ${decides}`} decides: a machine serves ${inFull(served)}. `
    + (edges === needed ? `None of the ${needed} may be lost.` : `${inFull(needed)} ${needed === 1 ? "is" : "are"} needed, ${inFull(edges - needed)} may be lost.`));
  const totals = [[three(result.egressGbit), "Gbit/s"], [three(result.terabytes), "TB"], [three(result.cores), ""], [three(result.memoryGiB), "GiB"], [inFull(links.relays), ""], rate(result.bytes).split(" ")];
  keyed($("totals"), TILES, name => name, name => make("div", { className: "tile" }, make("small", { textContent: name }), make("b")),
    (tile, name) => tile.lastChild.replaceChildren(totals[TILES.indexOf(name)][0], make("small", { textContent: totals[TILES.indexOf(name)][1] })));
  showLimits(result);
  showLinks(result);
  write($("storm").querySelector("p"), edges === 1 ? "There is no other that its subscribers could go to. With a share that may be lost, there are two."
    : `${count(result.sessions, "session")} come back to the others, ${inFull(storm.sessions)} to each. The cores above the ceiling connect them in ${storm.seconds < 1 ? "less than a second" : `${three(storm.seconds)} s`}.`);
  const beyond = [];
  if (result.sessions > LIMITS.measuredSessions) beyond.push(`${inFull(result.sessions)} sessions on a relay: the most that was measured is ${inFull(LIMITS.measuredSessions)}.`);
  if (values.sessions > 20_000 && result.sessions > 20_000) beyond.push("server.max-sessions is 20,000 unless it is set.");
  if (values.compression !== "none" && !result.isCompressed) beyond.push(`Messages under ${LIMITS.compressedFrom} bytes are not compressed, and these are that short.`);
  $("beyond").replaceChildren(...beyond.map(textContent => make("li", { textContent })));
}

function showLimits({ bytes: each, cpu, memory, perMachine, machines, decides }) {
  const takes = { network: rate(each), CPU: `${three(cpu)} µs a second`, memory: bytes(memory), sessions: "1" };
  keyed($("limits").querySelector("tbody"), Object.keys(perMachine), name => name,
    name => make("tr", {}, make("th", { scope: "row", textContent: name }), ...[1, 2, 3].map(() => make("td", { className: "n" }))),
    (row, name) => {
      row.toggleAttribute("data-first", name === decides);
      [takes[name], inFull(perMachine[name]), inFull(machines[name])].forEach((text, i) => write(row.children[i + 1], text));
    });
}

function showLinks({ edges, links, upstream }) {
  const rows = edges === 1 ? ["1 relay, connected to the venue"] : ["2 ingests, one stands by", ...links.rows.map(row => `${count(row, "relay")} between`), count(edges, "edge")];
  $("chain").querySelector(".rows").replaceChildren(...rows.map(textContent => make("li", { textContent })));
  const come = `${inFull(Math.round(upstream))} updates a second come from the venue. `;
  write($("chain").querySelector("p"), edges === 1 ? `${come}No link is needed.` : `${come}A link takes ${small(links.linkGbit)} Gbit/s; the ingest has ${count(links.ingest, "link")} with ${small(links.ingestGbit)} Gbit/s, and they take ${small(links.ingestCores)} cores.`
    + (links.rows.length ? ` One relay serves ${links.each} links, so ${links.rows.length === 1 ? "a row" : "two rows"} of relays stand${links.rows.length === 1 ? "s" : ""} between.` : ` One relay could serve ${links.each}.`));
}

// ---- the page

for (const [place, names] of Object.entries(PLACES)) $(place).append(...names.flatMap(field));
$("profile").append(...examples.profiles.map(({ name, what }) => make("option", { value: name, textContent: what })), make("option", { value: "", textContent: "your own" }));
$("profile").onchange = () => {
  const chosen = examples.profiles.find(({ name }) => name === $("profile").value);
  if (chosen) fill(chosen);
  compute();
};
$("asked").oninput = ({ target }) => { if (target !== $("profile")) compute(); };
$("asked").onsubmit = event => event.preventDefault();
$("trust").querySelector("tbody").append(...figures.map(({ what, value, unit, by }) =>
  make("tr", {}, make("td", { textContent: what }), make("td", { className: "n", textContent: `${value} ${unit}` }), make("td", { textContent: by.replace(/\[([^\]]*)]\([^)]*\)/g, "$1").replaceAll("`", "") }))));
$("ops").hidden = location.protocol === "file:";
wireTheme($("theme"));
fill(FIRST);
fill(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
compute();
