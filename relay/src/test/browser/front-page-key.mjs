// Looks at the front page of a relay with keys as a user does.   node front-page-key.mjs URL CHROMIUM KEY
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { browse, eventually, eventuallyAll, shoot, step, visibleRows } from "./page.mjs";

const [url, executablePath, key] = process.argv.slice(2);

const PATIENCE_MS = 5000;

await browse(url, executablePath, async page => {
  await step("the page asks for a key and shows no price", async () => {
    assert.equal(await page.isVisible("#key"), true);
    assert.match(await page.textContent("#warning"), /known clients only: enter your key/);
    assert.equal((await visibleRows(page)).length, 0);
    await shoot(page, "key");
  });

  await step("a wrong key is refused, and the page asks again", async () => {
    await page.fill("#key", key + "x");
    await page.click("#door button");
    await eventually(page, PATIENCE_MS, () => document.getElementById("warning").textContent.includes("token_invalid")
      && !document.getElementById("door").hidden);
    assert.equal(await page.inputValue("#key"), "");
    await shoot(page, "wrong-key");
  });

  await step("with the key it shows the symbols of the client's products and no others", async () => {
    await page.fill("#key", key);
    await page.keyboard.press("Enter");
    await eventuallyAll(page, "live", PATIENCE_MS);
    const symbols = (await visibleRows(page)).map(row => row.symbol);
    assert.ok(symbols.every(symbol => symbol.startsWith("EUR")), symbols.join());
    assert.equal(await page.isVisible("#door"), false);
    assert.equal(await page.textContent("#warning"), "");
    await shoot(page, "let-in");
  });

  await step("another tab is not let in by the key of the first, and has a session of its own with its own key", async () => {
    const second = await page.context().newPage();
    await second.goto(url);
    assert.equal(await second.isVisible("#key"), true);
    assert.equal((await visibleRows(second)).length, 0);
    assert.equal(await sessions(), 1);
    await second.fill("#key", key);
    await second.keyboard.press("Enter");
    await eventuallyAll(second, "live", PATIENCE_MS);
    assert.equal(await sessions(), 2);
    await second.close();
    const end = performance.now() + PATIENCE_MS;
    while (await sessions() > 1) assert.ok(performance.now() < end, "the session ends with its tab");
    await eventuallyAll(page, "live", PATIENCE_MS);
  });

  await step("the key is nowhere in the page, its storage or its address", async () => {
    assert.equal((await page.content()).includes(key), false);
    assert.equal(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie])), '[{},{},""]');
    assert.equal(page.url(), url);
  });
});

/** Open sessions, as the relay counts them. */
async function sessions() {
  const metrics = await (await fetch(url + "metrics", { headers: { Authorization: "Bearer " + key } })).text();
  return [...metrics.matchAll(/^penstock_sessions(?:{[^}]*})? ([\d.]+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}
