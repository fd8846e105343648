// Looks at the project of the tutorial.   node tutorial-project.mjs URL CHROMIUM RELAY
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import { browse, eventually, shoot, step } from "./page.mjs";

const [url, executablePath, relay] = process.argv.slice(2);
const PATIENCE_MS = 20000;

await browse(url, executablePath, async page => {
  await step("two rows have live prices that change", async () => {
    await eventually(page, PATIENCE_MS, () => document.querySelectorAll("tr.live").length === 2);
    const before = await page.locator("table").innerText();
    await eventually(page, PATIENCE_MS, text => document.querySelector("table").innerText !== text, before);
    await shoot(page, "tutorial-project");
  });
}, { others: [relay] });
