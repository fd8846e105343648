// Looks at the front page as a user does.   node front-page.mjs URL CHROMIUM
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { browse, eventually, shoot, step, until } from "./page.mjs";

const [url, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 5000;
const PROMPT_MS = 2000; // what the page promises: within two seconds

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

await browse(url, executablePath, async (page, logged) => {
  await step("the table shows the symbols with bid and ask", async () => {
    await eventually(page, PATIENCE_MS, () => document.querySelectorAll("#rows tr").length >= 50);
    const table = await read(page);
    assert.deepEqual(table.head.slice(0, 3), ["symbol", "bid", "ask"]);
    for (const row of table.rows) {
      assert.match(row.symbol, /^[A-Z]{6,7}$/);
      assert.match(row.bid, /^\d+\.\d{2,}$/, row.symbol);
      assert.match(row.ask, /^\d+\.\d{2,}$/, row.symbol);
      assert.ok(Number(row.bid) < Number(row.ask), row.symbol);
    }
    const symbols = table.rows.map(row => row.symbol);
    assert.deepEqual(symbols, [...symbols].sort(), "sorted by symbol");
  });

  await step("the badge says live", () => badge(page, "live", PROMPT_MS));

  await step("values change and the conflated count grows", async () => {
    const before = await read(page);
    await eventually(page, PROMPT_MS, first => {
      const texts = [...document.querySelectorAll("#rows tr")].map(row => row.cells[1].textContent);
      return texts.filter((text, i) => text !== first[i]).length >= 25;
    }, before.rows.map(row => row.bid));
    await eventually(page, PROMPT_MS, first => Number(document.getElementById("conflated").textContent.replaceAll(",", "")) > first,
      before.conflated);
    assert.equal((await read(page)).lost, 0);
  });

  await step("another interval needs no reload and loses nothing", async () => {
    await page.selectOption("#interval", "0");
    await eventually(page, PATIENCE_MS, () => Number(document.getElementById("sent").textContent.replaceAll(",", "")) > 300);
    await page.selectOption("#interval", "250");
    await eventually(page, PATIENCE_MS, () => Number(document.getElementById("sent").textContent.replaceAll(",", "")) < 300);
    assert.equal((await read(page)).lost, 0);
  });

  await step("the filter and a click on a heading do what they say", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("eur* doge");
    const filtered = (await read(page)).rows.map(row => row.symbol);
    assert.ok(filtered.length > 5 && filtered.every(symbol => /^EUR|DOGE/.test(symbol)), filtered.join());
    await page.fill("#filter", "");
    await page.click("#head button:text-is('bid')");
    await page.click("#head button:text-is('bid')");
    const top = (await read(page)).rows[0];
    assert.equal(top.symbol, "BTCUSD");
    await page.click("#head button:text-is('symbol')");
    assert.equal((await read(page)).rows.length, 50);
  });

  await step("the console example shows welcome, ack, snapshot and update", async () => {
    const console = await page.context().newCDPSession(page);
    const lines = await page.textContent("#lines");
    assert.equal(lines, `w = new WebSocket("${url.replace("http", "ws")}v1/ws"); w.onmessage = m => console.log(m.data)\n`
      + `w.onopen = () => w.send('{"op":"subscribe","symbols":["EURUSD","GBP*"]}')`);
    const answer = await console.send("Runtime.evaluate", { expression: lines, replMode: true });
    assert.equal(answer.exceptionDetails, undefined);
    await until(PATIENCE_MS, () => logged.filter(text => text.startsWith('{"type":"update"')).length > 1);
    const types = logged.map(text => JSON.parse(text).type);
    assert.deepEqual(types.slice(0, 4), ["welcome", "ack", "snapshot", "update"]);
    const symbols = JSON.parse(logged[2]).data.map(entry => entry.s).sort();
    assert.deepEqual(symbols, ["EURUSD", "GBPAUD", "GBPCAD", "GBPCHF", "GBPJPY", "GBPUSD"]);
    await page.evaluate("w.close()");
  });

  await step("without its upstream everything is stale", async () => {
    await please("kill-upstream");
    await badge(page, "stale", PROMPT_MS);
    await states(page, "stale", PROMPT_MS);
    assert.match(await page.textContent("#warning"), /^Feed stale since .*do not trade/);
    await shoot(page, "stale");
  });

  await step("with its upstream back everything is live", async () => {
    await please("restart-upstream");
    await badge(page, "live", PATIENCE_MS);
    await states(page, "live", PROMPT_MS);
    assert.equal(await page.textContent("#warning"), "");
    assert.equal((await read(page)).lost, 0);
  });

  await step("markup in a symbol, a field or a value is text", async () => {
    await please("send-markup");
    await eventually(page, PROMPT_MS, () => [...document.querySelectorAll("#rows tr")].some(row => row.cells[0].textContent.includes("<script>")));
    const row = (await read(page)).rows.find(one => one.symbol.includes("<script>"));
    assert.equal(row.symbol, "<script>alert(1)</script>");
    assert.equal(row.bid, "<img src=x onerror=alert(2)>");
    assert.equal(row["<b>note</b>"], "\"><script>alert(3)</script>");
    assert.deepEqual(await page.evaluate(() => ["#rows", "#head", "#events"].map(part =>
      document.querySelectorAll(`${part} script, ${part} img, ${part} b`).length)), [0, 0, 0]);
    await shoot(page, "markup");
  });
});

/** What stands on the page. */
function read(page) {
  return page.evaluate(() => {
    const count = id => Number(document.getElementById(id).textContent.replaceAll(",", ""));
    const head = [...document.querySelectorAll("#head th")].map(th => th.textContent);
    const rows = [...document.querySelectorAll("#rows tr")].map(tr => Object.fromEntries([...tr.cells].map((td, i) => [head[i], td.textContent])));
    return { head, rows, conflated: count("conflated"), lost: count("breaks") };
  });
}

function badge(page, state, withinMs) {
  return eventually(page, withinMs, wanted => document.getElementById("feed").textContent === wanted, state);
}

function states(page, state, withinMs) {
  return eventually(page, withinMs, wanted => [...document.querySelectorAll("#rows tr")].every(row => row.cells[row.cells.length - 1].textContent === wanted
    && row.classList.contains("stale") === (wanted === "stale")), state);
}
