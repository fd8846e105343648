// Looks at the examples of the client, as pages of a host that the relay lists.   node examples.mjs RELAY CHROMIUM PORT
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { serve } from "../../../clients/js/examples/serve.mjs";
import { browse, eventually, shoot, step } from "./page.mjs";

const [relay, executablePath, port] = process.argv.slice(2);
const PATIENCE_MS = 20000;
const host = serve(fileURLToPath(new URL("../../../clients/js/examples/", import.meta.url)), Number(port));
await once(host, "listening");
const page = (name, origin = "127.0.0.1") => `http://${origin}:${port}/${name}/?relay=${encodeURIComponent(relay)}`;
const only = { others: [`http://127.0.0.1:${port}/`, relay, "data:", "blob:"] };

await browse(page("lightweight-charts"), executablePath, async tab => {
  const bid = () => tab.locator("#bid").textContent();
  await step("the chart has prices that change", async () => {
    await eventually(tab, PATIENCE_MS, () => /^\d+\.\d{5}$/.test(document.getElementById("bid").textContent));
    const [before, picture] = [await bid(), await pixels(tab)];
    await eventually(tab, PATIENCE_MS, text => document.getElementById("bid").textContent !== text, before);
    // two seconds are two points, which is a line
    await tab.waitForTimeout(2500);
    assert.notEqual(await pixels(tab), picture, "the lines move");
  });
  await shoot(tab, "example-lightweight-charts");
}, only);

await browse(page("ag-grid"), executablePath, async tab => {
  await step("the grid has every symbol, and prices that change", async () => {
    await changing(tab, ".ag-row[row-index=\"0\"] [col-id=bid]", /^\d+\.\d+$/);
    assert.match(await tab.locator(".ag-row[row-index=\"0\"] [col-id=state]").textContent(), /live/);
    assert.ok(await tab.locator(".ag-row").count() > 10);
    assert.equal(await tab.locator(".ag-row.stale").count(), 0);
  });
  await shoot(tab, "example-ag-grid");
}, only);

await browse(page("perspective"), executablePath, async tab => {
  await step("the table has prices that change", async () => {
    await changing(tab, "perspective-viewer td >> nth=1", /\d\.\d/);
    assert.ok(await tab.locator("perspective-viewer td").count() > 50);
  });
  await shoot(tab, "example-perspective");
}, only);

// the same page under another name is of another origin, which the relay does not list
await browse(page("ag-grid", "localhost"), executablePath, async (tab, logged, open, complaints) => {
  await step("a page of a host that the relay does not list cannot load the client", async () => {
    for (const end = performance.now() + PATIENCE_MS; !complaints.some(text => text.includes("CORS policy"));) {
      assert.ok(performance.now() < end, JSON.stringify(complaints));
      await tab.waitForTimeout(50);
    }
    assert.equal(await tab.locator(".ag-row").count(), 0);
  });
}, { others: [`http://localhost:${port}/`, relay, "data:"], expected: /CORS policy|Failed to load resource|dynamically imported module/ });
host.close();

/** Waits until an element has a text of that form, and then another one. */
async function changing(tab, selector, form) {
  const cell = tab.locator(selector).first();
  await cell.waitFor({ timeout: PATIENCE_MS });
  const read = async () => (await cell.textContent({ timeout: PATIENCE_MS })).trim();
  const end = performance.now() + PATIENCE_MS;
  let before = "";
  while (true) {
    const text = await read();
    if (form.test(text) && before && text !== before) return;
    if (form.test(text)) before ||= text;
    assert.ok(performance.now() < end, `${selector} is '${text}'`);
    await tab.waitForTimeout(50);
  }
}

function pixels(tab) {
  return tab.evaluate(() => [...document.querySelectorAll("canvas")].map(canvas => canvas.toDataURL()).join());
}
