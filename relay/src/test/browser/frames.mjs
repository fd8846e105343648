// What the scripts share that count the frames of the page at / with many symbols.
import { chromium } from "playwright-core";
import { ownRelay } from "./relay.mjs";

const TICK_MS = 10;

/** Starts a relay, by a command, on a feed of so many symbols, and a browser. */
export async function manySymbols(command, executablePath, symbols, updatesPerSecond, look) {
  await ownRelay(command, `name = "${symbols} symbols"`, async (url, stdin) => {
    const feeding = feed(stdin, symbols, updatesPerSecond);
    const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });
    try {
      await look(browser, url);
    } finally {
      clearInterval(feeding);
      await browser.close();
    }
  });
}

/** A page with nothing but a number that it changes in each frame: what this machine has left for any page. */
export async function emptyPage(browser) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.setContent("<p>0</p>");
  await page.evaluate(() => {
    const number = document.querySelector("p").firstChild;
    const change = () => { number.data = Number(number.data) + 1; requestAnimationFrame(change); };
    change();
  });
  return page;
}

/** The page at /, with all symbols. */
export async function fullPage(browser, url, symbols) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.waitForFunction(count => document.getElementById("found").textContent.replaceAll(",", "") === String(count), symbols, { timeout: 60_000 });
  return page;
}

/** What the page does for some seconds; the main thread's share is its own processor time, whatever else the machine does. */
export async function measure(page, seconds) {
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

/** Quotes on a random walk, each symbol as often as any other. */
function feed(stdin, symbols, updatesPerSecond) {
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
