// From subscribers to machines: arithmetic alone, without the page. Its steps are those of "How it is computed" in docs/sizing.md.

export const LIMITS = { links: 32, hops: 4, measuredSessions: 10_000, compressedFrom: 256, packet: 1448, record: 16_384, ioThreads: 256 };

const DAYS = 30, SECONDS_OF_DAY = 86_400, KIB = 1024, MIB = KIB * KIB, GIB = MIB * KIB;

/** What is asked for, and what is accepted. */
export const FIELDS = {
  subscribers: { label: "subscribers", min: 1, max: 1e9, isWhole: true },
  symbols: { label: "symbols of each", min: 1, max: 100_000, isWhole: true },
  updates: { label: "updates of them per second", min: 0.001, max: 1e6 },
  interval: { label: "interval", min: 0, max: 60_000, unit: "ms" },
  topics: { label: "topics in all", min: 1, max: 10_000_000, isWhole: true },
  cores: { label: "cores", min: 1, max: 1024, isWhole: true },
  memory: { label: "memory", min: 0.25, max: 65_536, unit: "GiB" },
  network: { label: "network", min: 0.01, max: 10_000, unit: "Gbit/s" },
  ceiling: { label: "highest utilisation", min: 1, max: 95, unit: "%" },
  sessions: { label: "sessions at most", min: 1, max: 1_000_000, isWhole: true },
  lost: { label: "edges that may be lost", min: 0, max: 90, unit: "%" },
};

export const CHOICES = { format: ["json", "rows", "binary"], compression: ["none", "own", "shared"], tls: ["no", "yes"] };

/** What was typed as a number; spaces and commas may stand between thousands. Throws an error for people. */
export function read(name, text) {
  const { label, min, max, isWhole, unit } = FIELDS[name];
  const range = `from ${inFull(min)} to ${inFull(max)}${unit ? ` ${unit}` : ""}`;
  const typed = String(text).trim();
  if (typed === "") throw new Error(`${label}: a number ${range} is missing`);
  const plain = /^[-+]?\d{1,3}([ ,_\u00a0\u202f]\d{3})+(\.\d+)?$/.test(typed) ? typed.replace(/[ ,_\u00a0\u202f]/g, "") : typed;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(plain)) throw new Error(`${label}: “${typed.slice(0, 20)}” is no number`);
  const value = Number(plain);
  if (!(value >= min && value <= max)) throw new Error(`${label}: ${typed.slice(0, 20)} is not ${range}`);
  if (isWhole && !Number.isInteger(value)) throw new Error(`${label}: ${typed.slice(0, 20)} is no whole number`);
  return value;
}

export const inFull = number => number.toLocaleString("en", { maximumFractionDigits: 3 });

/** By name. */
export const valuesOf = figures => Object.fromEntries(figures.map(({ name, value }) => [name, value]));

/** Messages, bytes, CPU and memory of one subscriber, and what comes from the venue. */
export function each(f, asked) {
  const { symbols, updates, interval, format, topics, cores } = asked;
  const messages = interval === 0 ? updates : Math.min(updates, 1000 / interval);
  const perMessage = Math.min(symbols, updates / messages);
  const plain = f[`${format}Message`] + perMessage * f[`${format}Update`];
  const isCompressed = asked.compression !== "none" && plain >= LIMITS.compressedFrom;
  const how = asked.compression === "own" ? "deflate" : "shared";
  const hasTls = asked.tls === "yes";
  const cpu = f.message + perMessage * f.update + (hasTls ? f.tls : 0) + (isCompressed ? f[how] + perMessage * f[`${how}Update`] : 0);
  const bytes = online(f, plain * (isCompressed ? f[`${format}Deflate`] : 1), hasTls);
  const upstream = topics * updates / symbols;
  const ioThreads = Math.max(1, Math.min(LIMITS.ioThreads, cores - 1));
  return {
    messages, perMessage, isCompressed, upstream, ioThreads,
    bytes: messages * bytes,
    cpu: messages * cpu,
    memory: (f.session + f.subscription + (hasTls ? f.tlsSession : 0)) * KIB + symbols * f.listed,
    feedCores: upstream * (f.tick + ioThreads * f.store) / 1e6,
    feedMemory: f.relay * MIB + topics * f.topic * KIB * (1 + ioThreads),
  };
}

/** Bytes of a message with the headers of its records and packets. */
function online(f, message, hasTls) {
  const sent = message + (hasTls ? Math.ceil(message / LIMITS.record) * f.record : 0);
  return sent + Math.ceil(sent / LIMITS.packet) * f.packet;
}

/** All there is to say of these wishes. Throws an error for people if no number of such machines is enough. */
export function plan(figures, asked) {
  const f = valuesOf(figures);
  const one = each(f, asked);
  const { subscribers, cores, memory, network } = asked;
  const share = asked.ceiling / 100;
  const room = { CPU: cores * share - one.feedCores, memory: memory * GIB * share - one.feedMemory, network: network * 1e9 / 8 * share };
  if (room.CPU <= 0) throw new Error(`${inFull(Math.round(one.upstream))} updates per second from the venue take ${one.feedCores.toFixed(2)} cores, and ${asked.ceiling} % of a machine is ${inFull(cores * share)}: more cores, or fewer topics`);
  if (room.memory <= 0) throw new Error(`the topics take ${inFull(Math.round(one.feedMemory / MIB))} MiB, and ${asked.ceiling} % of a machine is ${inFull(Math.round(memory * GIB * share / MIB))} MiB: more memory, or fewer topics`);
  const perMachine = {
    network: Math.floor(room.network / one.bytes),
    CPU: Math.floor(room.CPU * 1e6 / one.cpu),
    memory: Math.floor(room.memory / one.memory),
    sessions: asked.sessions,
  };
  const decides = Object.keys(perMachine).reduce((least, name) => perMachine[name] < perMachine[least] ? name : least);
  if (perMachine[decides] < 1) throw new Error(`one subscriber takes more ${decides} than ${asked.ceiling} % of a machine has`);
  const needed = Math.ceil(subscribers / perMachine[decides]);
  const edges = Math.ceil(needed / (1 - asked.lost / 100));
  const sessions = Math.ceil(subscribers / edges);
  return {
    ...one, perMachine, decides, served: perMachine[decides], needed, edges, sessions,
    machines: Object.fromEntries(Object.entries(perMachine).map(([name, count]) => [name, Math.ceil(subscribers / count)])),
    egressGbit: subscribers * one.bytes * 8 / 1e9,
    terabytes: subscribers * one.bytes * DAYS * SECONDS_OF_DAY / 1e12,
    cores: subscribers * one.cpu / 1e6 + edges * one.feedCores,
    memoryGiB: (subscribers * one.memory + edges * one.feedMemory) / GIB,
    storm: storm(f, asked, edges, sessions),
    links: edges === 1 ? { relays: 1, hops: 1, rows: [] } : links(f, one, room, edges),
  };
}

/** What comes to each of the others when one edge is lost, and for how long that takes the cores that are kept free. */
function storm(f, { tls, cores, ceiling }, edges, sessions) {
  if (edges === 1) return { sessions: 0, seconds: 0 };
  const come = Math.ceil(sessions / (edges - 1));
  const free = cores * (1 - ceiling / 100);
  return { sessions: come, seconds: come * (f.connect + (tls === "yes" ? f.handshake : 0)) / 1000 / free };
}

/** How the edges hang on the ingest: relays between them if one cannot serve all. */
function links(f, { upstream }, room, edges) {
  const bytes = (upstream * f.linkUpdate + Math.min(upstream, 1000) * (f.binaryMessage + f.position)) * (1 + f.packet / LIMITS.packet);
  const each = Math.min(LIMITS.links, Math.floor(room.network / bytes), Math.floor(room.CPU * 1e6 / (upstream * f.link)));
  if (each < 1) throw new Error("one link to an edge takes more than a machine has: a larger machine, or fewer topics on each ingest");
  const rows = [];
  let served = edges;
  while (served > each) {
    served = Math.ceil(served / each) + 1;
    rows.unshift(served);
    if (each < 2 || rows.length + 2 > LIMITS.hops) throw new Error(`${inFull(edges)} edges with ${each} links to each relay are more than ${LIMITS.hops} relays behind each other can serve: larger machines, or several ingests for parts of the subscribers`);
  }
  return {
    rows, each, hops: 2 + rows.length, relays: edges + rows.reduce((sum, row) => sum + row, 0) + 2,
    ingest: served, linkGbit: bytes * 8 / 1e9, ingestGbit: served * bytes * 8 / 1e9,
    ingestCores: served * upstream * f.link / 1e6,
  };
}
