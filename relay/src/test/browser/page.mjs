// What the scripts share that look at a page as a user does.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

/**
 * Opens a page in a browser with a fresh profile and looks at it. What the page complains of is a fault, unless it is `expected`, and so is a
 * request that goes neither to its own host nor to one of `others`; what it logs is in `logged`. Ends with 0 when all is well, else with 1 and what was wrong on standard error.
 */
export async function browse(url, executablePath, look, { others = [], expected = /^$/ } = {}) {
  const complaints = [];
  const logged = [];
  const browsers = [];
  const open = async () => {
    const browser = await chromium.launch({
      executablePath,
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"],
    });
    browsers.push(browser);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    // each of its tabs
    context.on("page", page => {
      page.on("pageerror", error => complaints.push(String(error)));
      page.on("console", message => (message.type() === "error" ? complaints : logged).push(message.text()));
      page.on("dialog", dialog => { complaints.push("dialog: " + dialog.message()); dialog.dismiss(); });
      page.on("request", request => { if (![url, ...others].some(host => request.url().startsWith(host))) complaints.push("asked for " + request.url()); });
    });
    return context.newPage();
  };
  try {
    const page = await open();
    await page.goto(url);
    await look(page, logged, open, complaints);
    assert.deepEqual(complaints.filter(text => !expected.test(text)), []);
  } catch (error) {
    console.error(error.message);
    console.error("the page complained of: " + JSON.stringify(complaints));
    process.exitCode = 1;
  } finally {
    await Promise.all(browsers.map(browser => browser.close()));
    process.stdin.destroy();
  }
}

export async function step(name, action) {
  const began = performance.now();
  try {
    await action();
    console.log(`${name} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    error.message = `not so: ${name}: ${error.message}`;
    throw error;
  }
}

/** Waits until a condition holds in the page. */
export async function eventually(page, withinMs, condition, argument) {
  await page.waitForFunction(condition, argument, { timeout: withinMs, polling: 50 });
}

/** Waits until a condition holds here. */
export async function until(withinMs, condition) {
  const end = performance.now() + withinMs;
  while (!await condition()) {
    assert.ok(performance.now() < end, `not within ${withinMs} ms`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Stops all that runs of the pages of this one's browser, and of their workers; returns what lets it go on. */
export async function freeze(page) {
  const { processInfo } = await (await page.context().browser().newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const signal = name => processInfo.filter(({ type }) => type === "renderer").forEach(({ id }) => process.kill(id, name));
  signal("SIGSTOP");
  return () => signal("SIGCONT");
}

/** With PENSTOCK_SHOTS=FOLDER in the environment: a picture of the page, for people. */
export async function shoot(page, name, options) {
  if (process.env.PENSTOCK_SHOTS) {
    await page.screenshot({ path: `${process.env.PENSTOCK_SHOTS}/${name}.png`, ...options });
  }
}

/** The rows that can be seen, in their order, with the texts of their cells by column. */
export function visibleRows(page) {
  return page.evaluate(() => {
    const head = [...document.querySelectorAll("#prices .head > *")].map(cell => cell.textContent);
    return [...document.querySelectorAll("#prices .row")].filter(row => !row.hidden).sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
      .map(row => ({ state: row.dataset.state, ...Object.fromEntries([...row.children].map((cell, i) => [head[i], cell.textContent])) }));
  });
}

/** The badge says so, and every row that can be seen is in that state. */
export async function eventuallyAll(page, state, withinMs) {
  await eventually(page, withinMs, wanted => {
    const rows = [...document.querySelectorAll("#prices .row")].filter(row => !row.hidden);
    return document.getElementById("feed").textContent === wanted && rows.length > 5 && rows.every(row => row.dataset.state === wanted);
  }, state);
}

/** A number in the head of the page. */
export async function counted(page, id) {
  return Number((await page.textContent(`#${id}`)).replaceAll(",", ""));
}
