// Looks at the calculator as people do, served and saved.   node sizing-page.mjs URL CHROMIUM FOLDER
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { browse, shoot, step } from "./page.mjs";

const [url, executablePath, folder] = process.argv.slice(2);
const NARROW = { width: 390, height: 844 }, WIDE = { width: 1280, height: 900 };
const table = readFileSync(new URL("../../../docs/sizing.md", import.meta.url), "utf8");
const examples = JSON.parse(readFileSync(new URL("../../main/resources/penstock/pages/sizing/examples.json", import.meta.url)));
const saved = `file://${folder}/sizing.html`;

/** What is typed into fields, one after the other, as with a keyboard. */
async function type(page, values) {
  for (const [name, value] of Object.entries(values)) {
    if (await page.evaluate(id => document.getElementById(id).tagName, name) === "SELECT") await page.selectOption(`#${name}`, value);
    else await page.fill(`#${name}`, String(value));
  }
}

const said = async (page, selector) => (await page.textContent(selector)).replace(/\s+/g, " ").trim();

/** The examples of the page for people, with the answers that it has. */
async function compare(page) {
  for (const subscribers of examples.subscribers) {
    for (const { name, what } of examples.profiles) {
      const row = table.split("\n").find(line => line.startsWith(`| ${subscribers.toLocaleString("en")} | ${name} |`));
      const [, , , egress, terabytes, cores, memory, edges, decides, between, relays] = row.split("|").map(cell => cell.trim());
      await page.selectOption("#profile", { label: what });
      await type(page, { subscribers });
      assert.equal(await said(page, "#headline"), `${edges} edges for ${subscribers.toLocaleString("en")} subscribers`);
      assert.equal(await said(page, "#limits tr[data-first] th"), decides);
      const tiles = await page.locator("#totals b").allTextContents();
      for (const [i, expected] of [egress, terabytes, cores, memory, relays].entries()) {
        assert.ok(Math.abs(parseFloat(tiles[i].replaceAll(",", "")) - Number(expected.replaceAll(",", ""))) <= 0.011 * Number(expected.replaceAll(",", "")), `${name}: ${tiles[i]} and not ${expected}`);
      }
      assert.equal(await page.locator("#chain li").count(), between === "–" ? 2 : 2 + between.split(" and ").length);
    }
  }
}

await browse(url, executablePath, async page => {
  await page.setViewportSize(WIDE);

  await step("it says what the page for people says", async () => {
    await compare(page);
    await page.selectOption("#profile", { index: 1 });
    await type(page, { subscribers: "1,000,000" });
    await shoot(page, "sizing", { fullPage: true });
  });

  await step("what nobody can mean has a message, and no number of machines", async () => {
    for (const [name, text, message] of [["subscribers", "0", "subscribers: 0 is not from 1 to 1,000,000,000"], ["subscribers", "-5", "subscribers: -5 is not from 1 to 1,000,000,000"],
      ["subscribers", "99999999999999999999999", "subscribers: 99999999999999999999 is not from 1 to 1,000,000,000"], ["subscribers", "many", "subscribers: “many” is no number"],
      ["cores", "", "cores: a number from 1 to 1,024 is missing"], ["lost", "100", "edges that may be lost: 100 is not from 0 to 90 %"],
      ["symbols", "<b>x</b>", "symbols of each: “<b>x</b>” is no number"]]) {
      const before = await page.inputValue(`#${name}`);
      await type(page, { [name]: text });
      assert.equal(await said(page, `#${name}Fault`), message);
      assert.equal(await said(page, "#faults"), message);
      assert.equal(await said(page, "#headline"), "No answer");
      assert.equal(await page.getAttribute(`#${name}`, "aria-invalid"), "true");
      assert.equal(await page.isVisible("#totals"), false);
      assert.equal(await page.locator("#beyond li").count(), 0);
      await type(page, { [name]: before });
      assert.equal(await said(page, "#faults"), "");
    }
    await type(page, { subscribers: "many", cores: "0" });
    assert.equal(await page.locator("#faults li").count(), 2);
    await shoot(page, "sizing-faults", { fullPage: true });
    await type(page, { subscribers: 1000000, cores: 8 });
  });

  await step("a machine that is too small is named with what to change", async () => {
    await type(page, { topics: "10000000" });
    assert.match(await said(page, "#faults"), /updates per second from the venue take .* cores, and 60 % of a machine is 4\.8: more cores, or fewer topics$/);
    assert.equal(await said(page, "#topicsFault"), "");
    await type(page, { topics: 5000 });
  });

  await step("one machine needs no link, and with a share that may be lost there are two", async () => {
    await type(page, { subscribers: 500, lost: 0 });
    assert.equal(await said(page, "#headline"), "1 machine for 500 subscribers");
    assert.match(await said(page, "#chain"), /connected to the venue.*No link is needed\.$/);
    await type(page, { lost: 10 });
    assert.equal(await said(page, "#headline"), "2 edges for 500 subscribers");
    assert.match(await said(page, "#storm p"), /^250 sessions come back to the others, 250 to each\./);
  });

  await step("it says what was not measured", async () => {
    await type(page, { subscribers: 1000000 });
    assert.match(await said(page, "#beyond"), /sessions on a relay: the most that was measured is 10,000\./);
    const link = JSON.parse(await page.textContent("#figures")).find(({ name }) => name === "link");
    assert.match(await said(page, "#chain p"), link.value === null ? /the CPU that they take was not measured\./ : /and they take .* cores\./);
    await page.click("summary");
    const figures = JSON.parse(await page.textContent("#figures")).filter(({ value }) => value !== null);
    assert.equal(await page.locator("#trust tbody tr").count(), figures.length);
    await shoot(page, "sizing-figures", { fullPage: true });
    await page.click("summary");
  });

  await step("its address has what was typed", async () => {
    await type(page, { subscribers: 1234567, format: "binary" });
    const [headline, address] = [await said(page, "#headline"), page.url()];
    await page.goto("about:blank");
    await page.goto(address);
    assert.equal(await said(page, "#headline"), headline);
    assert.equal(await page.inputValue("#format"), "binary");
    await page.goto("about:blank");
    await page.goto(`${url}#subscribers=%3Cimg%20src=x%3E&format=nothing&cores=1e400&unknown=1`);
    assert.equal(await page.locator("#faults li").count(), 2);
    assert.equal(await page.inputValue("#format"), "json");
    await page.goto("about:blank");
    await page.goto(url);
  });

  await step("the theme follows its button", async () => {
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.click("#theme");
    await page.click("#theme");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.notEqual(await back(), light);
    await shoot(page, "sizing-dark", { fullPage: true });
  });

  await step("it fits a phone", async () => {
    await page.setViewportSize(NARROW);
    const fits = async () => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), NARROW.width);
    await fits();
    await page.evaluate(() => scrollTo(0, 500));
    const { y } = await page.locator("#headline").boundingBox();
    assert.ok(y >= 0 && y < 100, "the answer stays in sight");
    await shoot(page, "sizing-phone-scrolled");
    await page.evaluate(() => scrollTo(0, 0));
    await shoot(page, "sizing-phone", { fullPage: true });
    await page.click("summary");
    await type(page, { subscribers: "1000000000", symbols: "99999999" });
    await fits();
    await shoot(page, "sizing-phone-faults", { fullPage: true });
    await page.setViewportSize(WIDE);
  });

  await step("saved, it computes without a relay", async () => {
    writeFileSync(new URL(saved), await (await fetch(url)).text());
    await page.goto(saved);
    await compare(page);
    assert.equal(await page.isVisible("#ops"), false);
    await type(page, { subscribers: 0 });
    assert.equal(await said(page, "#headline"), "No answer");
  });
}, { others: ["about:blank", saved] });
