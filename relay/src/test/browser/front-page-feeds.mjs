// Looks at the front page of a relay with two feeds as a user does.   node front-page-feeds.mjs URL CHROMIUM
// Standard output: "do WORD" asks the starter for something of the second feed and waits for one line on standard input.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, counted, eventuallyAll, shoot, step } from "./page.mjs";

const [url, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 5000;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

await browse(url, executablePath, async page => {
  const shows = state => eventuallyAll(page, state, PATIENCE_MS);

  await step("the first feed is shown, and the others can be chosen", async () => {
    await shows("live");
    assert.deepEqual(await page.locator("#source option").allTextContents(), ["one", "two"]);
    assert.equal(await page.title(), "one · Penstock");
  });

  await step("the second feed is shown when it is chosen", async () => {
    await page.selectOption("#source", "two");
    await shows("live");
    assert.equal(await page.title(), "two · Penstock");
    assert.equal(await counted(page, "breaks"), 0);
    await shoot(page, "second-feed");
  });

  await step("the loss of a feed is shown on that feed and on no other", async () => {
    await please("kill-upstream");
    await shows("stale");
    await page.selectOption("#source", "one");
    await shows("live");
    assert.equal(await page.textContent("#warning"), "");
    await page.selectOption("#source", "two");
    await shows("stale");
    await please("restart-upstream");
    await shows("live");
  });
});
