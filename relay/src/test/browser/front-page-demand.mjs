// Looks at the front page of a relay on demand as a user does: symbols are there when somebody names them.   node front-page-demand.mjs URL CHROMIUM
// The venue refuses symbols that begin with X. Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { browse, eventually, shoot, step, visibleRows } from "./page.mjs";

const [url, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 15000;

await browse(url, executablePath, async page => {
  const shows = (symbol, state) => eventually(page, PATIENCE_MS, ([name, wanted]) =>
    [...document.querySelectorAll(".row:not([hidden])")].some(row => row.dataset.symbol === name && row.dataset.state === wanted), [symbol, state]);
  const name = async symbol => {
    await page.fill("#search", symbol);
    await page.press("#search", "Enter");
    await page.fill("#search", "");
  };

  await step("without a name there is no row, and a search says what to do", async () => {
    await eventually(page, PATIENCE_MS, () => document.getElementById("interval").options.length > 0);
    assert.equal((await visibleRows(page)).length, 0);
    await page.fill("#search", "EURUSD");
    assert.match(await page.textContent("#none"), /Enter asks the relay for EURUSD/);
  });

  await step("a symbol that is named is asked for, and live", async () => {
    await name("EURUSD");
    await shows("EURUSD", "live");
    await name("GBPUSD");
    await shows("GBPUSD", "live");
  });

  await step("one that the venue refuses is closed, and says why", async () => {
    await name("XNONE");
    await shows("XNONE", "closed");
    const closed = (await visibleRows(page)).filter(row => row.state === "closed");
    assert.deepEqual(closed.map(row => [row.symbol, row.age]), [["XNONE", "CLOSED"]]);
    await page.click(".row[data-symbol=XNONE]");
    await eventually(page, PATIENCE_MS, () => document.querySelector("#quote [data-of=state]").textContent === "closed"
      && document.querySelector("#quote [data-of=reason]").textContent !== "");
    await shoot(page, "closed");
  });

  await step("names are kept, and asked for again", async () => {
    await page.reload();
    await shows("EURUSD", "live");
    await shows("XNONE", "closed");
  });

  await step("one that leaves the watch list leaves the page", async () => {
    await page.click(".row[data-symbol=XNONE] .star");
    await eventually(page, PATIENCE_MS, () => ![...document.querySelectorAll(".row:not([hidden])")].some(row => row.dataset.symbol === "XNONE"));
    await shows("GBPUSD", "live");
  });
});
