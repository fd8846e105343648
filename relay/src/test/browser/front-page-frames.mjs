// Judges the frames of the page at / with 1,000 symbols.   node front-page-frames.mjs RELAY CHROMIUM
// RELAY is a command that runs a relay. An empty page stands beside it in the same browser and the same seconds: where that one loses frames, the machine is
// busy, and the frames of a second say nothing of the page. Then what a frame costs all processes of the browser has to fit 58 times into a second of one
// core. Noise only takes frames away, so the best round counts; the time of the main thread is the processor's, and counts in each.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { emptyPage, fullPage, manySymbols, measure } from "./frames.mjs";

const [command, executablePath] = process.argv.slice(2);
const SYMBOLS = 1000, UPDATES_PER_SECOND = 4000, INTERVALS_MS = [250, 0];
/** Of a screen with 60; an empty page has all of them. */
const FRAMES = 58, ALL_FRAMES = 59.5, MAIN_PERCENT = 50;
const WARM_UP_MS = 1500, SECONDS = 2, ROUNDS = 4;

await manySymbols(command, executablePath, SYMBOLS, UPDATES_PER_SECOND, async (browser, url) => {
  const empty = await emptyPage(browser), page = await fullPage(browser, url, SYMBOLS), processes = await browser.newBrowserCDPSession();
  const cpuSeconds = async () => (await processes.send("SystemInfo.getProcessInfo")).processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  for (const interval of INTERVALS_MS) {
    await page.selectOption("#interval", String(interval));
    await page.waitForTimeout(WARM_UP_MS);
    let best = 0, cheapestMs = Infinity, isIdle = true;
    for (let round = 0; round < ROUNDS && best < FRAMES; round++) {
      const before = await cpuSeconds();
      const [{ frames, main }, { frames: most }] = await Promise.all([measure(page, SECONDS), measure(empty, SECONDS)]);
      const costMs = 1000 * (await cpuSeconds() - before) / SECONDS / frames, shown = Number((await page.textContent("#sent")).replaceAll(",", ""));
      console.log(`${interval} ms: ${frames.toFixed(1)} frames/s, an empty page ${most.toFixed(1)}; main thread ${main.toFixed(0)} %, a frame ${costMs.toFixed(1)} ms of processor time, ${shown} updates/s`);
      assert.ok(main <= MAIN_PERCENT, `the main thread works ${main.toFixed(0)} % of the time`);
      assert.ok(shown > SYMBOLS / 2, `${shown} updates/s are shown`);
      cheapestMs = Math.min(cheapestMs, costMs);
      best = Math.max(best, frames);
      isIdle &&= most >= ALL_FRAMES;
    }
    assert.ok(best >= FRAMES || !isIdle, `${best.toFixed(1)} frames/s where an empty page has 60`);
    assert.ok(best >= FRAMES || cheapestMs <= 1000 / FRAMES, `a frame takes ${cheapestMs.toFixed(1)} ms of processor time`);
  }
});
