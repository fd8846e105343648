// Talks to a relay with the npm client ws, in every way that it may be set to compress.   node ws-clients.mjs URL
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const [url] = process.argv.slice(2);
const settings = [
  false,
  true,
  { clientNoContextTakeover: false },
  { clientNoContextTakeover: true },
  { serverNoContextTakeover: false },
  { serverNoContextTakeover: true },
  { clientMaxWindowBits: false },
  { clientMaxWindowBits: 9 },
  { clientMaxWindowBits: 15 },
  { serverMaxWindowBits: 10 },
  { clientNoContextTakeover: false, clientMaxWindowBits: false, serverNoContextTakeover: false },
  { clientNoContextTakeover: true, clientMaxWindowBits: 10, serverNoContextTakeover: true, serverMaxWindowBits: 9 },
];

for (const setting of settings) {
  // threshold 0: requests are compressed however short they are
  const perMessageDeflate = typeof setting === "object" ? { ...setting, threshold: 0 } : setting;
  const client = new WebSocket(url, { perMessageDeflate });
  const messages = [];
  client.on("message", data => messages.push(JSON.parse(data)));
  await once(client, "open");
  assert.equal(client.extensions.includes("permessage-deflate"), setting !== false);
  const symbols = Array.from({ length: 200 }, (_, i) => `UNKNOWN${i}`).concat("*");
  for (let id = 1; id <= 20; id++) {
    client.send(JSON.stringify({ op: "subscribe", id, sub: `s${id}`, symbols, interval: 50 }));
    await until(() => messages.some(message => message.type === "ack" && message.id === id), setting, messages);
  }
  await until(() => messages.some(message => message.type === "snapshot" && message.data?.length > 0), setting, messages);
  await until(() => messages.filter(message => message.type === "update").length > 20, setting, messages);
  client.close(1000);
  const [code] = await once(client, "close");
  assert.equal(code, 1000, JSON.stringify(setting));
  console.log(JSON.stringify(setting), "answered", client.extensions || "nothing");
}
process.exit(0);

async function until(condition, setting, messages) {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `${JSON.stringify(setting)}: ${JSON.stringify(messages).slice(0, 1000)}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
