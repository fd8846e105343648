// Looks at the operator's page of a relay with one fault: it is the first thing that the page names, with its cause and what to do.
//   node ops-faults.mjs URL CHROMIUM NAME SEVERITY SUBJECT TEXT CAUSE REMEDY
// The last four are what the texts begin with. Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { browse, eventually, shoot, step } from "./page.mjs";

const [url, executablePath, name, severity, subject, text, cause, remedy] = process.argv.slice(2);
const { origin } = new URL(url);
const PATIENCE_MS = 30000;
const NARROW = { width: 390, height: 844 }, WIDE = { width: 1440, height: 1000 };
const PANELS = ["verdict", "traffic", "feeds", "worst", "curves", "changes", "drain"];

/** What leaves its panel, or is wider than the window. */
const overflowing = page => page.evaluate(() => {
  const wide = [document.documentElement, ...document.querySelectorAll(".panel, #findings li, #findings p, .tile, #drainForm")].filter(each => each.scrollWidth > each.clientWidth + 1);
  const cut = [...document.querySelectorAll(".tile b, .title h3, #headline")].filter(each => each.getBoundingClientRect().right > each.closest(".panel").getBoundingClientRect().right);
  return [...wide, ...cut].map(each => each.id || each.className || each.tagName);
});

await browse(url, executablePath, async page => {
  await page.setViewportSize(WIDE);

  await step("the fault comes first, with its cause and what to do", () => eventually(page, PATIENCE_MS, ([how, who, what, why, then]) => {
    const first = document.querySelector("#findings li");
    const part = selector => first?.querySelector(selector)?.textContent ?? "";
    return part(".severity") === how && part(".subject").startsWith(who.trim()) && part(".what").startsWith(what) && part(".cause dd").startsWith(why) && part(".remedy dd").startsWith(then);
  }, [severity, subject, text, cause, remedy]));

  await step("the headline says whether prices are live", async () => {
    const isLost = name === "EVICTED";
    await eventually(page, PATIENCE_MS, lost => !document.getElementById("headline").textContent.startsWith("Waiting")
      && (document.getElementById("verdict").dataset.state === "lost") === lost, isLost);
    assert.match(await page.textContent("#headline"), isLost ? /^No prices are live$/ : /^Prices are live, /);
    assert.match(await page.title(), isLost ? /^No prices are live/ : /^Prices are live, /);
  });

  if (name === "SLOW_SESSION") {
    await step("it is the first of those who are behind", async () => {
      const session = (await page.textContent("#findings li .subject")).replace(/^session /, "");
      await eventually(page, PATIENCE_MS, first => document.querySelector("#worst tbody tr")?.dataset.session === first, session);
      assert.match(await page.textContent("#worst tbody tr .why"), /^socketits socket takes no more/);
      assert.equal(await page.locator("#worst tbody tr").count(), 1, "nobody else is behind");
    });
  }

  for (const theme of ["light", "dark"]) {
    await step(`it can be read on a desk and on a phone, ${theme}`, async () => {
      while (await page.getAttribute("html", "data-theme") !== theme) await page.click("#theme");
      for (const [size, viewport] of [["desk", WIDE], ["phone", NARROW]]) {
        await page.setViewportSize(viewport);
        // drawn again, as wide as its panel
        await eventually(page, PATIENCE_MS, () => {
          const drawing = document.querySelector("#curves svg"), { right } = drawing.getBoundingClientRect();
          const ends = [...drawing.querySelectorAll(".grid")].map(line => line.getBoundingClientRect().right);
          return Math.abs(right - Math.max(...ends)) < 20;
        });
        assert.deepEqual(await overflowing(page), []);
        for (const id of PANELS) {
          const { x, width } = await page.locator(`#${id}`).boundingBox();
          assert.ok(x >= 0 && x + width <= viewport.width, `${id} ${size}`);
        }
        await page.evaluate(() => window.scrollTo(0, 0));
        await shoot(page, `ops-fault-${name.toLowerCase()}-${size}-${theme}`, { fullPage: true });
      }
    });
  }
}, { others: [origin, origin.replace(/^http/, "ws")] });
