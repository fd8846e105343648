// Measures the front page with many symbols in Chromium.   node front-page-rate.mjs RELAY CHROMIUM [SYMBOLS UPDATES_PER_SECOND ROUNDS SECONDS]
// RELAY is a command that runs a relay; scripts/page finds all. Prints a table; judges nothing, because the figures are those of a machine.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [command, executablePath, ...numbers] = process.argv.slice(2);
const [symbols = 1000, updatesPerSecond = 4000, rounds = 3, seconds = 10] = numbers.map(Number);
const INTERVALS_MS = [250, 0];
const TICK_MS = 10;
const WARM_UP_MS = 3000;

const folder = mkdtempSync(join(tmpdir(), "penstock-page-"));
const config = join(folder, "relay.conf");
writeFileSync(config, `feed { name = "${symbols} symbols", url = "stdin:" }\nserver.port = 0\nadmin.enabled = false\ntelemetry.dir = "${join(folder, "telemetry")}"\n`);
const relay = spawn(command, ["run", "-c", config], { stdio: ["pipe", "pipe", "inherit"] });
relay.stdin.on("error", () => {}); // it has ended
let feeding, browser;
try {
  const url = await address(relay.stdout);
  feeding = feed(relay.stdin);
  browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // what this machine has left for any page: the empty one changes one number in each frame
  await page.setContent("<p>0</p>");
  await page.evaluate(() => {
    const number = document.querySelector("p").firstChild;
    const change = () => { number.data = Number(number.data) + 1; requestAnimationFrame(change); };
    change();
  });
  const empty = await measure(page);
  await page.goto(url);
  await page.waitForFunction(count => document.getElementById("found").textContent.replaceAll(",", "") === String(count), symbols, { timeout: 60_000 });
  console.log(`${symbols} symbols, ${updatesPerSecond} updates/s, Chromium ${browser.version()} without GPU, 1440 x 900, ${cpus().length} cores of ${cpus()[0].model.trim()}`);
  console.log("interval  round  frames/s  longest frame  main thread  script  shown/s");
  print("empty page", "", empty);
  for (const interval of INTERVALS_MS) {
    await page.selectOption("#interval", String(interval));
    await page.waitForTimeout(WARM_UP_MS);
    for (let round = 1; round <= rounds; round++) {
      print(`${interval} ms`, String(round), { ...await measure(page), shown: await page.textContent("#sent") });
    }
  }
} finally {
  clearInterval(feeding);
  await browser?.close();
  relay.kill();
  await new Promise(resolve => relay.exitCode === null && relay.signalCode === null ? relay.once("exit", resolve) : resolve());
  rmSync(folder, { recursive: true });
}

/** Where the relay listens; its log goes on to be read. */
function address(log) {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: log });
    lines.on("line", line => {
      const [, port] = /ws:\/\/localhost:(\d+)\/v1\/ws/.exec(line) ?? [];
      if (port) resolve(`http://localhost:${port}/`);
    });
    lines.on("close", () => reject(new Error("the relay ended before it listened")));
  });
}

/** Quotes on a random walk, each symbol as often as any other. */
function feed(stdin) {
  const prices = Array.from({ length: symbols }, (_, i) => 100_000 + 37 * i), begun = performance.now();
  const line = i => `{"symbol":"S${String(i).padStart(4, "0")}","bid":${(prices[i] / 1000).toFixed(3)},"ask":${(prices[i] / 1000 + 0.02).toFixed(3)}}\n`;
  stdin.write(prices.map((_, i) => line(i)).join(""));
  let sent = 0;
  return setInterval(() => {
    const due = Math.floor((performance.now() - begun) * updatesPerSecond / 1000), lines = [];
    for (; sent < due; sent++) {
      const i = sent * 7919 % symbols; // a prime: symbols come in no order that the grid has
      prices[i] += Math.random() < 0.5 ? -1 : 1;
      lines.push(line(i));
    }
    stdin.write(lines.join(""));
  }, TICK_MS);
}

/** What the page does for some seconds; the main thread's share is its own processor time, whatever else the machine does. */
async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => Object.fromEntries((await session.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  const before = await read(), begun = performance.now();
  const { frames, longestMs } = await page.evaluate(ms => new Promise(resolve => {
    const begin = performance.now();
    let count = 0, last = begin, longest = 0;
    const look = now => {
      count++;
      longest = Math.max(longest, now - last);
      last = now;
      if (now - begin < ms) requestAnimationFrame(look);
      else resolve({ frames: count / (now - begin) * 1000, longestMs: longest });
    };
    requestAnimationFrame(look);
  }), seconds * 1000);
  const after = await read(), share = name => 100_000 * (after[name] - before[name]) / (performance.now() - begun);
  await session.detach();
  return { frames, longestMs, main: share("TaskDuration"), script: share("ScriptDuration") };
}

function print(what, round, { frames, longestMs, main, script, shown = "" }) {
  console.log([what.padEnd(10), round.padStart(4), frames.toFixed(1).padStart(9), `${longestMs.toFixed(0)} ms`.padStart(14),
    `${main.toFixed(0)} %`.padStart(12), `${script.toFixed(0)} %`.padStart(7), shown.padStart(8)].join(" "));
}
