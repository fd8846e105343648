// The calculator's arithmetic beside another one.   node sizing-model.mjs EXPECTED.json
// And what it says to what nobody can mean. Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { FIELDS, plan, read } from "../../main/resources/penstock/pages/sizing/model.js";

const figures = JSON.parse(readFileSync(new URL("../../main/resources/penstock/pages/sizing/figures.json", import.meta.url)));
const cases = JSON.parse(readFileSync(process.argv[2]));
const counts = { answered: 0, refused: 0 };

/** The answer with the names of the other arithmetic. */
function flat({ links, storm, ...result }) {
  return { ...result, ...links, stormSessions: storm.sessions, stormSeconds: storm.seconds, rows: `[${links.rows.join(", ")}]` };
}

for (const { asked, answer, refused } of cases) {
  const about = JSON.stringify(asked);
  if (refused) {
    assert.throws(() => plan(figures, asked), Error, `${about} is refused: ${refused}`);
    counts.refused++;
    continue;
  }
  const result = flat(plan(figures, asked));
  for (const [name, expected] of Object.entries(answer)) {
    const got = result[name];
    if (typeof expected === "number") assert.ok(Math.abs(got - expected) <= 1e-9 * Math.abs(expected), `${name} is ${got} and not ${expected}: ${about}`);
    else assert.equal(got, expected, `${name}: ${about}`);
  }
  counts.answered++;
}
console.log(counts);
assert.ok(counts.answered > cases.length / 4 && counts.refused > 0, "most are answered, some refused");

// a cost of links decides how many one relay serves
const screens = cases[3].asked;
const costly = figures.map(each => each.name === "link" ? { ...each, value: 100 } : each);
const free = plan(figures, { ...screens, subscribers: 1e6 }), dear = plan(costly, { ...screens, subscribers: 1e6 });
assert.ok(Math.abs(free.links.ingestCores - free.links.ingest * free.upstream * figures.find(each => each.name === "link").value / 1e6) < 1e-9);
assert.ok(dear.links.each < free.links.each && dear.links.hops > free.links.hops);
assert.ok(Math.abs(dear.links.ingestCores - dear.links.ingest * dear.upstream * 100 / 1e6) < 1e-9);

// every field refuses what is no number, and what no machine has
for (const [name, { label, min, max, isWhole }] of Object.entries(FIELDS)) {
  for (const [text, message] of [["", /is missing$/], ["  ", /is missing$/], ["many", /“many” is no number$/], ["1,2,3", /is no number$/],
    ["1e", /is no number$/], ["NaN", /is no number$/], ["0x10", /is no number$/], ["-1", / is not from /], ["1e999", / is not from /], [String(max * 10), / is not from /],
    ...(min > 0 ? [["0", / is not from /]] : []), ...(isWhole ? [[String(min + 0.5), /is no whole number$/]] : [])]) {
    assert.throws(() => read(name, text), ({ message: said }) => said.startsWith(label + ": ") && message.test(said), `${name} of '${text}'`);
  }
  assert.equal(read(name, String(min)), min);
  assert.equal(read(name, String(max)), max);
}
for (const text of ["1000000", "1,000,000", "1 000 000", " 1_000_000 ", "1e6", "+1000000", "1000000."]) assert.equal(read("subscribers", text), 1e6);

// machines that cannot do it, with the remedy
const told = (change, message) => assert.throws(() => plan(figures, { ...screens, ...change }), message);
told({ topics: 10_000_000, updates: 1000 }, /updates per second from the venue take .* cores.*: more cores, or fewer topics$/);
told({ memory: 0.25, ceiling: 10 }, /MiB: more memory, or fewer topics$/);
told({ network: 0.01, ceiling: 1, topics: 50, interval: 0 }, /Error: one subscriber takes more network than 1 % of a machine has$/);
told({ network: 0.01, topics: 50000, subscribers: 1e6 }, /Error: one link to an edge takes more than a machine has/);
told({ subscribers: 1e9, sessions: 1 }, /are more than 4 relays behind each other can serve/);
