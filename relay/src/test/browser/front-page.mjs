// Looks at the front page as a user does.   node front-page.mjs URL CHROMIUM FROZEN_MS
// Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people.
// Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { browse, counted, eventually, eventuallyAll, freeze, shoot, step, until, visibleRows } from "./page.mjs";

const [url, executablePath, frozenMs] = process.argv.slice(2);
const PATIENCE_MS = 15000;
const STALE_MS = 1000;
const SYMBOLS = 50, ROW_PX = 26;
const TALL = { width: 1440, height: 1800 }, WIDE = { width: 1440, height: 900 }, NARROW = { width: 390, height: 844 };

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const please = async word => {
  console.log("do " + word);
  assert.equal((await answers.next()).value, "done", word);
};

await browse(url, executablePath, async (page, logged, open) => {
  await page.setViewportSize(TALL);

  await step("the grid shows the symbols with bid and ask", async () => {
    await eventually(page, PATIENCE_MS, count => [...document.querySelectorAll(".row")].filter(row => !row.hidden).length === count, SYMBOLS);
    const rows = await visibleRows(page);
    for (const row of rows) {
      assert.match(row.symbol, /^[A-Z]{6,7}$/);
      assert.match(row.bid, /^\d+\.\d{2,}$/, row.symbol);
      assert.match(row.ask, /^\d+\.\d{2,}$/, row.symbol);
      assert.ok(Number(row.bid) < Number(row.ask), row.symbol);
      assert.match(row.spread, /^0\.\d*[1-9]\d*$|^[1-9]/, row.symbol);
      assert.equal(row.spread.length - row.spread.indexOf("."), row.bid.length - row.bid.indexOf("."), "digits of the venue");
    }
    const symbols = rows.map(row => row.symbol);
    assert.deepEqual(symbols, [...symbols].sort(), "sorted by symbol");
  });

  await step("all is live", () => eventuallyAll(page, "live", PATIENCE_MS));

  await step("two tabs have one session", async () => {
    const second = await page.context().newPage();
    await second.goto(url);
    await eventuallyAll(second, "live", PATIENCE_MS);
    const metrics = await (await fetch(url + "metrics")).text();
    assert.equal([...metrics.matchAll(/^penstock_sessions(?:{[^}]*})? ([\d.]+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0), 1);
    await second.close();
  });

  const frozen = await open();
  let thaw, frozenAtMs, before;
  await step("a tab of another browser is frozen", async () => {
    await frozen.setViewportSize(TALL);
    await frozen.goto(url);
    await eventuallyAll(frozen, "live", PATIENCE_MS);
    before = (await visibleRows(frozen)).find(row => row.symbol === "EURUSD");
    thaw = await freeze(frozen);
    frozenAtMs = performance.now();
  });

  await step("values change and the conflated count grows", async () => {
    const before = await visibleRows(page), conflated = await counted(page, "conflated");
    await eventually(page, PATIENCE_MS, first => {
      const texts = [...document.querySelectorAll(".row")].map(row => row.children[2].textContent);
      return texts.filter((text, i) => text !== first[i]).length >= first.length / 2;
    }, before.map(row => row.bid));
    await eventually(page, PATIENCE_MS, first => Number(document.getElementById("conflated").textContent.replaceAll(",", "")) > first, conflated);
    await ledger(page);
  });

  await step("another interval shows in the rate of updates, and loses nothing", async () => {
    const rate = (low, high) => eventually(page, PATIENCE_MS, ([least, most]) => {
      const perSecond = Number(document.getElementById("sent").textContent.replaceAll(",", ""));
      return perSecond > least && perSecond < most;
    }, [low, high]);
    await page.selectOption("#interval", "0");
    await rate(400, Infinity);
    await page.selectOption("#interval", "1000");
    await rate(0, 80);
    await page.selectOption("#interval", "100");
    await rate(150, Infinity);
    await ledger(page);
  });

  await step("the search and a click on a heading do what they say", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("eur* doge");
    const found = (await visibleRows(page)).map(row => row.symbol);
    assert.ok(found.length > 5 && found.every(symbol => /^EUR|DOGE/.test(symbol)), found.join());
    await page.keyboard.press("Escape");
    await page.click(".head button:text-is('bid')");
    await page.click(".head button:text-is('bid')");
    await eventually(page, PATIENCE_MS, () => [...document.querySelectorAll(".row")].find(row => row.ariaRowIndex === "2")?.dataset.symbol === "BTCUSD");
    await page.click(".head button:text-is('symbol')");
    assert.equal((await visibleRows(page)).length, SYMBOLS);
  });

  await step("of many rows those exist that can be seen", async () => {
    await page.setViewportSize({ width: 1440, height: 500 });
    await eventually(page, PATIENCE_MS, most => [...document.querySelectorAll(".row")].filter(row => !row.hidden).length < most, SYMBOLS / 2 + 5);
    await page.keyboard.press("End");
    await eventually(page, PATIENCE_MS, last => [...document.querySelectorAll(".row")].some(row => !row.hidden && row.ariaRowIndex === last && row.ariaSelected === "true"
      && row.getBoundingClientRect().bottom <= document.querySelector(".view").getBoundingClientRect().bottom + 1), String(SYMBOLS + 1));
    assert.equal(await page.evaluate(() => document.querySelector(".room").clientHeight), SYMBOLS * ROW_PX);
    await page.keyboard.press("Home");
    await page.setViewportSize(TALL);
    await eventually(page, PATIENCE_MS, all => [...document.querySelectorAll("#prices .row")].filter(row => !row.hidden).length === all, SYMBOLS);
  });

  await step("a screen reader is told which row is chosen, and no row that is scrolled away", async () => {
    await page.click(".row[data-symbol=EURUSD]");
    await eventually(page, PATIENCE_MS, () => document.querySelector("#prices [aria-selected=true]")?.dataset.symbol === "EURUSD");
    await page.keyboard.press("ArrowDown");
    await eventually(page, PATIENCE_MS, () => !["EURUSD", undefined].includes(document.querySelector("#prices [aria-selected=true]")?.dataset.symbol));
    const chosen = await page.getAttribute("#prices [aria-selected=true]", "data-symbol");
    const session = await page.context().newCDPSession(page), { nodes } = await session.send("Accessibility.getFullAXTree");
    const focused = nodes.find(({ role, properties = [] }) => role.value === "grid" && properties.some(({ name, value }) => name === "focused" && value.value));
    const [row] = focused.properties.find(({ name }) => name === "activedescendant").value.relatedNodes;
    const told = nodes.find(({ backendDOMNodeId }) => backendDOMNodeId === row.backendDOMNodeId);
    assert.equal(told.role.value, "row");
    assert.ok(told.properties.some(({ name, value }) => name === "selected" && value.value));
    assert.equal(await page.getAttribute(`#${row.idref}`, "data-symbol"), chosen);
    await session.detach();
    await page.setViewportSize({ width: 1440, height: 500 });
    // before the page has its new height there is nothing to scroll
    await eventually(page, PATIENCE_MS, () => {
      document.querySelector(".view").scrollTop = 1e6;
      return !document.querySelector("#prices .grid").hasAttribute("aria-activedescendant");
    });
    await page.keyboard.press("Home");
    await eventually(page, PATIENCE_MS, () => document.getElementById(document.querySelector("#prices .grid").getAttribute("aria-activedescendant"))?.ariaRowIndex === "2");
    await page.setViewportSize(TALL);
  });

  await step("a watch list is kept", async () => {
    await please("note-subscriptions");
    await page.click(".row[data-symbol=GBPUSD] .star");
    await page.waitForTimeout(500);
    // "*" has it already
    await please("find-the-same-subscriptions");
    await page.click("#lists button:text-matches('^Watch list')");
    assert.deepEqual((await visibleRows(page)).map(row => row.symbol), ["GBPUSD"]);
    await page.fill("#search", "USDJ*");
    await page.fill("#newList", "yen");
    await page.press("#newList", "Enter");
    await page.reload();
    await eventuallyAll(page, "live", PATIENCE_MS);
    assert.equal(await page.getAttribute(".row[data-symbol=GBPUSD] .star", "aria-pressed"), "true");
    assert.deepEqual(await page.locator("#lists button").allTextContents(), ["All", "Watch list 1", "yen 1"]);
    await page.click("#lists button:text-matches('^yen')");
    assert.deepEqual((await visibleRows(page)).map(row => row.symbol), ["USDJPY"]);
    await page.click("#lists button:text-is('×')");
    assert.equal((await visibleRows(page)).length, SYMBOLS);
  });

  await step("the symbol that is chosen has a chart, a book and trades", async () => {
    await page.click(".row[data-symbol=EURUSD]");
    await eventually(page, PATIENCE_MS, () => document.querySelectorAll("#book .level.bid").length >= 5 && document.querySelector("#book").dataset.state === "live"
      && document.querySelectorAll("#tape li").length > 10);
    assert.equal(await page.textContent("#quote [data-of=symbol]"), "EURUSD");
    const { asks, bids } = await book(page);
    assert.ok(Number(bids[0][0]) < Number(asks[0][0]), JSON.stringify([bids[0], asks[0]]));
    const inks = await page.evaluate(() => {
      const canvas = document.querySelector("#chart canvas"), { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(inks > 5, `${inks} colours in the chart`);
    await ledger(page);
  });

  await step("dark, light, wide and narrow", async () => {
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      for (const [name, size] of [["wide", WIDE], ["narrow", NARROW]]) {
        await page.setViewportSize(size);
        await page.waitForTimeout(300);
        await shoot(page, `${theme}-${name}`);
        const [background, needed, had] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, document.documentElement.scrollWidth, innerWidth]);
        assert.equal(Number(background.match(/\d+/)[0]) < 128, theme === "dark", background);
        assert.ok(needed <= had, `${needed} px wide on ${had} px`);
      }
    }
    await page.keyboard.press("3");
    assert.equal(await page.isVisible("#book"), true);
    assert.equal(await page.isVisible("#prices"), false);
    await page.waitForTimeout(300);
    await shoot(page, "dark-narrow-book");
    await ledger(page);
    await page.keyboard.press("1");
    await page.click("#theme");
    assert.equal(await page.getAttribute("html", "data-theme"), "light");
    await page.setViewportSize(TALL);
  });

  await step("who wants less motion sees no flash", async () => {
    const flashes = () => page.evaluate(() => new Promise(resolve => {
      let seen = 0, frames = 0;
      const look = () => {
        seen += document.querySelectorAll(".flash").length;
        if (++frames < 30) requestAnimationFrame(look);
        else resolve(seen);
      };
      look();
    }));
    assert.ok(await flashes() > 0);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.waitForTimeout(300);
    assert.equal(await flashes(), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
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

  await step("without its upstream everything is stale within a second, and what is shown is the relay's snapshot of each class", async () => {
    await please("complete-ticker");
    await please("kill-upstream");
    await eventuallyAll(page, "stale", STALE_MS);
    assert.match(await page.textContent("#warning"), /^Feed stale since .*do not trade/);
    await eventually(page, PATIENCE_MS, () => document.querySelector("#book").dataset.state === "stale");
    const quotes = (await snapshot("channel=quote")).map(({ s, v }) => [s, v.bid, v.ask, "stale"].join());
    assert.equal(quotes.length, SYMBOLS);
    const rows = async () => (await visibleRows(page)).map(row => [row.symbol, row.bid, row.ask, row.state].join()).sort();
    // the state is told at once, the last values come at the end of the interval
    quotes.sort();
    await until(PATIENCE_MS, async () => isDeepStrictEqual(await rows(), quotes)).catch(() => {});
    assert.deepEqual(await rows(), quotes, "last-value");
    const [{ v: levels }] = await snapshot("channel=book&symbols=EURUSD");
    const shown = async () => { const { bids, asks } = await book(page); return { bids, asks }; };
    await until(PATIENCE_MS, async () => isDeepStrictEqual(await shown(), { bids: levels.bids, asks: levels.asks })).catch(() => {});
    assert.deepEqual(await shown(), { bids: levels.bids, asks: levels.asks }, "order-book");
    const [{ v: trade }] = await snapshot("channel=trade&symbols=EURUSD");
    assert.deepEqual(await page.evaluate(() => ["price", "size"].map(part => document.querySelector(`#tape li .${part}`).textContent)), [trade.price, trade.size], "event");
    await shoot(page, "stale");
    const [{ s, v }] = await snapshot("channel=ticker");
    await page.selectOption("#channel", "ticker");
    // the channel has nothing of the symbol on the watch list
    await eventually(page, PATIENCE_MS, () => {
      const rows = [...document.querySelectorAll(".row:not([hidden])")];
      return rows.length === 1 && rows[0].dataset.symbol === "EURUSD" && rows[0].dataset.state === "stale";
    });
    const [row] = await visibleRows(page);
    await page.click("#lists button:text-matches('^Watch list')");
    assert.deepEqual((await visibleRows(page)).map(each => [each.symbol, each.age]), [["GBPUSD", "NO DATA"]]);
    await page.click("#lists button:text-is('All')");
    assert.deepEqual([row.symbol, row.last, row.volume], [s, v.last, v.volume], "merge");
    assert.deepEqual([v.last, v.volume], ["1.1050", "2000"], "a change was merged into a whole value");
    await page.selectOption("#channel", "quote");
  });

  await step("with its upstream back everything is live", async () => {
    await please("restart-upstream");
    await eventuallyAll(page, "live", PATIENCE_MS);
    assert.equal(await page.textContent("#warning"), "");
    await ledger(page);
  });

  await step("the tab that was frozen comes back right", async () => {
    await new Promise(resolve => setTimeout(resolve, frozenAtMs + Number(frozenMs) - performance.now()));
    await please("kill-upstream");
    thaw();
    await eventually(frozen, PATIENCE_MS, () => document.getElementById("feed").textContent === "stale");
    const quotes = (await snapshot("channel=quote&symbols=EUR*,GBP*")).map(({ s, v }) => [s, v.bid, v.ask].join()).sort();
    await eventually(frozen, PATIENCE_MS, expected => [...document.querySelectorAll(".row")].filter(row => /^(EUR|GBP)/.test(row.dataset.symbol))
      .map(row => [row.dataset.symbol, row.children[2].textContent, row.children[3].textContent].join()).sort().join() === expected, quotes.join());
    assert.notDeepEqual((await visibleRows(frozen)).find(row => row.symbol === "EURUSD").bid, before.bid);
    await please("restart-upstream");
    await eventually(frozen, PATIENCE_MS, () => document.querySelector(".row[data-symbol=EURUSD]").dataset.state === "live");
    await ledger(frozen);
    await frozen.context().browser().close();
    await eventuallyAll(page, "live", PATIENCE_MS);
  });

  await step("a relay that is started again is found again", async () => {
    await please("restart-relay");
    await eventually(page, PATIENCE_MS, () => document.getElementById("feed").textContent !== "live");
    await eventuallyAll(page, "live", PATIENCE_MS);
    await eventually(page, PATIENCE_MS, () => document.querySelector("#book").dataset.state === "live");
    await ledger(page);
  });

  await step("markup in a symbol, a field or a value is text", async () => {
    await page.setViewportSize({ width: 2400, height: 1800 });
    await please("send-markup");
    await eventually(page, PATIENCE_MS, () => [...document.querySelectorAll(".row")].some(row => row.dataset.symbol?.includes("<script>")));
    const row = (await visibleRows(page)).find(one => one.symbol.includes("<script>"));
    assert.equal(row.symbol, "<script>alert(1)</script>");
    assert.equal(row.bid, "<img src=x onerror=alert(2)>");
    assert.equal(row["<b>note</b>"], "\"><script>alert(3)</script>");
    await page.evaluate(() => [...document.querySelectorAll(".row")].find(one => one.dataset.symbol.includes("<script>")).click());
    assert.equal(await page.textContent("#quote [data-of=symbol]"), "<script>alert(1)</script>");
    assert.equal(await page.locator("main script, main img, .head b").count(), 0);
    await shoot(page, "markup");
  });

  await step("the library of the chart is the one that its version names", async () => {
    for (const [served, installed] of [["page/uplot.js", "uPlot.esm.js"], ["page/uplot.css", "uPlot.min.css"]]) {
      const file = readFileSync(new URL(`node_modules/uplot/dist/${installed}`, import.meta.url), "utf8");
      assert.equal(await (await fetch(url + served)).text(), file, served);
    }
  });
}, { expected: /ERR_CONNECTION|WebSocket connection to .* failed|ERR_EMPTY_RESPONSE/ }); // the relay is started again

/** Nothing is lost. */
async function ledger(page) {
  assert.equal(await counted(page, "breaks"), 0, await page.textContent("#events"));
}

/** What the relay has, with all digits. */
async function snapshot(question) {
  const text = await (await fetch(`${url}v1/snapshot?${question}`)).text();
  return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, part => part[0] === '"' ? part : `"${part}"`)).data;
}

/** The levels that are shown, the best one first. */
function book(page) {
  return page.evaluate(() => {
    const read = side => [...document.querySelectorAll(`#book .level.${side}`)].map(level => ["price", "size"].map(part => level.querySelector(`.${part}`).textContent)).filter(([price]) => price);
    return { bids: read("bid"), asks: read("ask").reverse() };
  });
}
