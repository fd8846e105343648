// Looks at the operator's pages of a relay and of one behind it.   node ops-relays.mjs URL CHROMIUM URL_OF_THE_EDGE NAME_OF_THE_EDGE
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, eventually, shoot, step } from "./page.mjs";

const [url, executablePath, edgeUrl, edge] = process.argv.slice(2);
const PATIENCE_MS = 30000;
const NARROW = { width: 390, height: 844 }, WIDE = { width: 1440, height: 1000 };
const origins = [url, edgeUrl].map(each => new URL(each).origin);

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

/** Waits until the text of an element matches. */
const says = (page, selector, pattern) => eventually(page, PATIENCE_MS,
  ([where, source]) => new RegExp(source).test(document.querySelector(where)?.textContent ?? ""), [selector, pattern.source]);

/** In both themes, and on a phone. */
async function lookAtIt(page, name) {
  for (const theme of ["light", "dark"]) {
    await page.evaluate(chosen => { document.documentElement.dataset.theme = chosen; }, theme);
    await page.setViewportSize(WIDE);
    await shoot(page, `${name}-${theme}`);
    await page.setViewportSize(NARROW);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROW.width, "nothing is wider than a phone");
    const { x, width } = await page.locator("#relays").boundingBox();
    assert.ok(x >= 0 && x + width <= NARROW.width);
    assert.ok(await page.evaluate(() => [...document.querySelectorAll("#relays, #link, #hops")].every(each => each.scrollWidth <= each.clientWidth + 1 || each.id === "hops")));
    await shoot(page, `${name}-phone-${theme}`, { fullPage: true });
  }
  await page.setViewportSize(WIDE);
}

await browse(url, executablePath, async page => {
  await page.setViewportSize(WIDE);

  await step("a relay says that it is an ingest, and how its edge is served", async () => {
    await says(page, "#subline", /Ingest: other relays are behind it\./);
    await says(page, "#relays tbody tr", new RegExp(`^${edge}connected`));
    await says(page, "#hops", /^venue → .* → 1 edge$/);
    await eventually(page, PATIENCE_MS, () => /^[1-9]/.test(document.querySelectorAll("#relays tbody td")[6].textContent));
    assert.equal(await page.isVisible("#link"), false);
    await lookAtIt(page, "ops-ingest");
  });

  await step("an edge says what is in front of it, and how its link fares", async () => {
    await page.goto(edgeUrl);
    await says(page, "#headline", /^All prices are live$/);
    await says(page, "#subline", /Edge behind .*, hop 1, epoch [1-9]\d+\./);
    await says(page, "#link", /linklive/);
    await says(page, "#link", /lag[\d.]+ m?s/);
    await says(page, "#hops", new RegExp(`^venue → .+ → ${edge}$`));
    await eventually(page, PATIENCE_MS, () => [3, 4, 5, 6].every(i => /^\d/.test(document.querySelector("#feeds tbody tr").children[i].textContent)));
    assert.equal(await page.isVisible("#relays .scroll"), false, "there is no relay behind it");
    await lookAtIt(page, "ops-edge");
  });

  await step("without the relay in front it says that the link is lost, and what to do", async () => {
    await please("end-ingest");
    await says(page, "#headline", /^No prices are live$/);
    await says(page, "#findings li", /critical\s*link the relay in front of this one is lost/);
    await says(page, "#findings li .remedy", /readyz/);
    await says(page, "#link", /link(backing off|connecting)/);
    await lookAtIt(page, "ops-edge-lost");
  });
}, { others: origins.flatMap(origin => [origin, origin.replace(/^http/, "ws")]) });
