// Looks at the operator's page as an operator does.   node ops-page.mjs URL CHROMIUM TOKEN
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, eventually, shoot, step, until } from "./page.mjs";

const [url, executablePath, token] = process.argv.slice(2);
const { origin } = new URL(url);
const PATIENCE_MS = 20000;
const NARROW = { width: 390, height: 844 }, WIDE = { width: 1440, height: 1000 };

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};
const ask = async path => (await fetch(`${origin}/${path}`, { headers: { Authorization: `Bearer ${token}` } })).json();

/** Waits until the text of an element matches. */
const says = (page, selector, pattern) => eventually(page, PATIENCE_MS,
  ([where, source]) => new RegExp(source).test(document.querySelector(where)?.textContent ?? ""), [selector, pattern.source]);

await browse(url, executablePath, async page => {
  await page.setViewportSize(WIDE);

  await step("it asks for the token, and shows no figure before", async () => {
    await says(page, "#warning", /need admin\.token/);
    assert.equal(await page.textContent("#sessionCount"), "–");
    await page.fill("#key", token + "x");
    await page.keyboard.press("Enter");
    await says(page, "#warning", /does not know this token/);
    assert.equal(await page.inputValue("#key"), "");
    await page.fill("#key", token);
    await page.keyboard.press("Enter");
  });

  await step("all prices are live, and the figures move", async () => {
    await says(page, "#headline", /^All prices are live$/);
    await says(page, "#feeds tbody", /demo\s*live/);
    await says(page, "[data-tile=received] b", /^[1-9][\d.]*K?/);
    await says(page, "[data-tile=sessions] b", /^1$/);
    await eventually(page, PATIENCE_MS, () => document.querySelectorAll("#curves path.line").length === 6);
    await says(page, "#curves tbody", /age when sent[\d.]+ m?s/);
    await says(page, "#changes ol", /relaystarted, version/);
    await says(page, "#worst .empty", /Nobody/);
    assert.equal(await page.textContent("#warning"), "");
    await shoot(page, "ops-live");
  });

  let worst;
  await step("a session that reads nothing comes first, with its cause", async () => {
    await please("stall");
    await says(page, "#worst tbody tr", /socket/);
    worst = await page.getAttribute("#worst tbody tr", "data-session");
    assert.equal((await ask("admin/v1/sessions")).sessions[0].session, worst);
    await says(page, "#worst tbody tr", /\d s/);
    await shoot(page, "ops-stalled");
  });

  await step("it is closed when that is confirmed, and not before", async () => {
    await page.focus("#worst .kick");
    await page.keyboard.press("Enter");
    await says(page, "#confirmTitle", /^Close session/);
    await page.keyboard.press("Escape");
    assert.equal((await ask("admin/v1/sessions")).open, 2);
    await page.click("#worst .kick");
    await page.click("#confirmYes");
    await eventually(page, PATIENCE_MS, session => !document.querySelector(`[data-session="${session}"]`), worst);
    assert.equal((await ask("admin/v1/ended")).sessions[0].end, "KD");
    await says(page, "#changes ol", new RegExp(`operatorsessions closed: session=${worst}`));
  });

  await step("a feed that is cut is not live, since when and why", async () => {
    await please("kill-upstream");
    await says(page, "#headline", /^No prices are live$/);
    await says(page, "#subline", /^demo: upstream disconnected\. Not live since \d\d:\d\d:\d\d \(/);
    await says(page, "#feeds tbody", /stale: upstream disconnected/);
    await says(page, "#changes ol", /feeddemostale: upstream_disconnected/);
    await says(page, "#changes ol", /connectiondemo.*attempts to connect that failed/);
    assert.match(await page.title(), /^No prices are live/);
    await shoot(page, "ops-cut");
    await please("restart-upstream");
    await says(page, "#headline", /live/);
    await eventually(page, PATIENCE_MS, () => document.getElementById("verdict").dataset.state !== "lost");
  });

  await step("it drains, and undoes the drain", async () => {
    await says(page, "#drainText", /^Yes: 1 session would leave/);
    await page.selectOption("#after", "60s");
    await page.click("#drainBegin");
    await says(page, "#confirmText", /readyz is 503 at once/);
    await page.click("#confirmYes");
    await says(page, "#drainText", /^Draining: 1 of 1 sessions are left/);
    assert.equal((await fetch(`${origin}/readyz`)).status, 503);
    await says(page, "#findings", /relay drains/);
    await shoot(page, "ops-drain");
    await page.click("#drainUndo");
    await says(page, "#drainText", /^Yes: 1 session/);
    await until(PATIENCE_MS, async () => (await fetch(`${origin}/readyz`)).status === 200);
    await says(page, "#changes ol", /the operator ends the drain/);
  });

  await step("a kind of change is chosen with the keyboard", async () => {
    await page.focus("#kind");
    await page.keyboard.type("feed");
    await eventually(page, PATIENCE_MS, () => [...document.querySelectorAll("#changes .chip")].every(chip => chip.dataset.kind === "feed"));
    assert.ok(await page.locator("#changes li").count() >= 2);
  });

  await step("the theme follows its button, and motion is nowhere", async () => {
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.focus("#theme");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.notEqual(await back(), light);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await shoot(page, "ops-dark");
  });

  await step("it fits a phone", async () => {
    await page.setViewportSize(NARROW);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROW.width);
    await eventually(page, PATIENCE_MS, () => document.querySelector("#curves svg").getBoundingClientRect().width < 390);
    for (const id of ["verdict", "traffic", "feeds", "worst", "curves", "changes", "drain"]) {
      const { x, width } = await page.locator(`#${id}`).boundingBox();
      assert.ok(x >= 0 && x + width <= NARROW.width, id);
    }
    await shoot(page, "ops-phone");
  });

  await step("the token is nowhere in the page, its storage or its address", async () => {
    assert.equal((await page.content()).includes(token), false);
    assert.equal(await page.evaluate(shown => JSON.stringify([localStorage, sessionStorage, document.cookie]).includes(shown), token), false);
    assert.equal(page.url(), url);
  });
}, { others: [origin, origin.replace(/^http/, "ws")] });
