// Measures the front page with many symbols in Chromium.   node front-page-rate.mjs RELAY CHROMIUM [SYMBOLS UPDATES_PER_SECOND ROUNDS SECONDS]
// RELAY is a command that runs a relay; scripts/page finds all. Prints a table; judges nothing, because the figures are those of a machine.
import { cpus } from "node:os";
import { emptyPage, fullPage, manySymbols, measure } from "./frames.mjs";

const [command, executablePath, ...numbers] = process.argv.slice(2);
const [symbols = 1000, updatesPerSecond = 4000, rounds = 3, seconds = 10] = numbers.map(Number);
const INTERVALS_MS = [250, 0];
const WARM_UP_MS = 3000;

await manySymbols(command, executablePath, symbols, updatesPerSecond, async (browser, url) => {
  const blank = await emptyPage(browser), empty = await measure(blank, seconds);
  await blank.close();
  const page = await fullPage(browser, url, symbols);
  console.log(`${symbols} symbols, ${updatesPerSecond} updates/s, Chromium ${browser.version()} without GPU, 1440 x 900, ${cpus().length} cores of ${cpus()[0].model.trim()}`);
  console.log("interval  round  frames/s  longest frame  main thread  script  shown/s");
  print("empty page", "", empty);
  for (const interval of INTERVALS_MS) {
    await page.selectOption("#interval", String(interval));
    await page.waitForTimeout(WARM_UP_MS);
    for (let round = 1; round <= rounds; round++) {
      print(`${interval} ms`, String(round), { ...await measure(page, seconds), shown: await page.textContent("#sent") });
    }
  }
});

function print(what, round, { frames, longestMs, main, script, shown = "" }) {
  console.log([what.padEnd(10), round.padStart(4), frames.toFixed(1).padStart(9), `${longestMs.toFixed(0)} ms`.padStart(14),
    `${main.toFixed(0)} %`.padStart(12), `${script.toFixed(0)} %`.padStart(7), shown.padStart(8)].join(" "));
}
