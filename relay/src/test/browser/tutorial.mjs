// Looks at the page of the tutorial, opened as a file.   node tutorial.mjs URL CHROMIUM RELAY
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, eventually, shoot, step } from "./page.mjs";

const [url, executablePath, relay] = process.argv.slice(2);
const PATIENCE_MS = 30000;
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

/** The page says so of relay and feed, and all of its rows are in that state. */
const shows = (page, words, state) => eventually(page, PATIENCE_MS, ([expected, each]) => {
  const rows = [...document.querySelectorAll("tr")];
  return document.querySelector("p").textContent === expected && rows.length === 2 && rows.every(row => row.className === each && row.cells[3].textContent === each);
}, [words, state]);

await browse(url, executablePath, async page => {
  await step("both symbols have live prices that change", async () => {
    await shows(page, "relay: open, feed: live", "live");
    const prices = () => page.locator("table").innerText();
    const before = await prices();
    assert.match(before, /GOLD\s+2431\.\d{3}\s+2431\.\d{3}\s+live/);
    assert.match(before, /SILVER\s+29\.\d{3}\s+29\.\d{3}\s+live/);
    await eventually(page, PATIENCE_MS, text => document.querySelector("table").innerText !== text, before);
    await shoot(page, "tutorial");
  });
  await step("without the feed they are stale", async () => {
    await please("stop-feed");
    await shows(page, "relay: open, feed: stale", "stale");
    assert.equal(await page.locator("tr").first().evaluate(row => getComputedStyle(row).textDecorationLine), "line-through");
  });
  await step("with it they are live again", async () => {
    await please("start-feed");
    await shows(page, "relay: open, feed: live", "live");
  });
  await step("without the relay they are stale, and it is waited for", async () => {
    await please("stop-relay");
    await eventually(page, PATIENCE_MS, () => /^relay: (waiting|connecting)/.test(document.querySelector("p").textContent)
      && [...document.querySelectorAll("tr")].every(row => row.className === "stale"));
  });
  await step("with it they are live again", async () => {
    await please("start-relay");
    await shows(page, "relay: open, feed: live", "live");
  });
}, { others: [relay, "blob:"], expected: /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/ }); // the relay is stopped
