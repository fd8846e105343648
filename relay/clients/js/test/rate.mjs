// What an update costs a page: from the message to the merged value, as JSON and as rows.   node test/rate.mjs [ROUNDS]
// Prints a table of nanoseconds per update, the median of interleaved rounds; judges nothing, because the figures are those of a machine.
//   PENSTOCK_CLIENT=URL: another build of the client
import { settled, World } from "./world.mjs";

const { connect } = await import(process.env.PENSTOCK_CLIENT ?? "../penstock.js");
const rounds = Number(process.argv[2] ?? 15);
const SYMBOLS = 20, MESSAGES = 64, ROUND_MS = 100;
const WELCOME = JSON.stringify({ type: "welcome", epoch: 7, heartbeat: 5000, limits: { minInterval: 0, maxInterval: 60000 },
  feed: { name: "binance", state: "live", channels: [{ name: "quote", class: "last-value", default: true }] } });
const COLUMNS = ["bid", "bidSize", "ask", "askSize"];
const NAMES = Array.from({ length: SYMBOLS }, (_, i) => `COIN${i}/USDT`);
const START_US = 1_795_231_181_329_000;

/** The fields of an update: best bid and ask as Binance has them, or one size that changed. */
const values = (i, isDelta) => isDelta ? { bidSize: `0.${21_572 + i * 37 % 9_000}` }
  : { bid: `63${100 + i % 900}.99`, bidSize: `0.${21_572 + i * 37 % 9_000}`, ask: `63${101 + i % 900}.01`, askSize: `1.${10_110 + i * 11 % 9_000}` };

/** One session; `feed(count)` gives it messages, and says how many updates they had. */
async function session(hasRows, perMessage, isDelta) {
  const world = new World(), px = connect("ws://relay/v1/ws", { platform: world.platform });
  const grid = px.quotes({ symbols: NAMES, delta: isDelta });
  px.on("broken", broken => { throw new Error("the ledger does not add up: " + JSON.stringify(broken)); });
  px.on("error", error => { throw error; });
  await settled();
  world.accept();
  world.receive(WELCOME);
  const { id, sub } = JSON.parse(world.socket.sent.pop());
  const entry = (q, i, isWhole) => `{"s":"${NAMES[i]}","q":${q},"t":${START_US - 1700},"v":{${Object.entries(values(q, !isWhole)).map(([name, value]) => `"${name}":${value}`)}}}`;
  world.receive(`{"type":"ack","id":${id},"op":"subscribe","sub":"${sub}","replaces":"all","resumed":false}`);
  world.receive(`{"type":"snapshot","sub":"${sub}","ts":${START_US},"epoch":7,"replaces":"all","p":1,"last":true,"data":[${NAMES.map((_, i) => entry(1, i, true))}]}`);
  world.receive(`{"type":"rows","sub":"${sub}","columns":${JSON.stringify(COLUMNS)},"topics":${JSON.stringify(NAMES.map((name, i) => [i, name, 1]))}}`);
  const qs = NAMES.map(() => 1);
  let p = 1, next = 0;
  const message = () => {
    const entries = [];
    let sum = 0;
    for (let i = 0; i < perMessage; i++) {
      const topic = next++ % SYMBOLS, q = ++qs[topic];
      sum += q;
      const text = Object.values(values(q, isDelta));
      entries.push(hasRows ? `[${topic},1,1700,${isDelta ? 2 : 15},${text}]` : entry(q, topic, !isDelta));
    }
    p += perMessage;
    return hasRows ? `["${sub}",${START_US},${p},${sum},${entries}]` : `{"type":"update","sub":"${sub}","ts":${START_US},"p":${p},"data":[${entries}]}`;
  };
  return { close: () => px.close(), shown: () => grid.get(NAMES[0]).v, round() {
    let updates = 0, spentMs = 0;
    while (spentMs < ROUND_MS) {
      const messages = Array.from({ length: MESSAGES }, message), begun = performance.now();
      for (const each of messages) world.receive(each);
      spentMs += performance.now() - begun;
      updates += MESSAGES * perMessage;
    }
    return 1e6 * spentMs / updates;
  } };
}

const median = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

console.log("update                    JSON      rows   rows / JSON      (ns per update)");
for (const isDelta of [false, true]) {
  for (const perMessage of [1, SYMBOLS]) {
    const both = [await session(false, perMessage, isDelta), await session(true, perMessage, isDelta)];
    const ns = both.map(() => []);
    for (let i = -3; i < rounds; i++) {
      both.forEach(({ round }, which) => {
        const took = round();
        if (i >= 0) ns[which].push(took);
      });
    }
    const [json, rows] = ns.map(median);
    console.log(`${isDelta ? "one field" : "four fields"}, ${perMessage} a message`.padEnd(24) + [json.toFixed(0), rows.toFixed(0), (rows / json).toFixed(2)].map(text => text.padStart(8)).join("  "));
    both.forEach(({ close }) => close());
  }
}
