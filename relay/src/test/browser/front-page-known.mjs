// Looks whether the front page shows known data right: latency, trend lines, flashes, depth.   node front-page-known.mjs RELAY CHROMIUM
// RELAY is a command that runs a relay, which this script is the venue of. Ends with 0 when all is well, else with 1 and what was wrong on standard error.
import assert from "node:assert/strict";
import { browse, eventually, shoot, step } from "./page.mjs";
import { ownRelay } from "./relay.mjs";

const [command, executablePath] = process.argv.slice(2);
const PATIENCE_MS = 15_000;
const LATE_MS = 60_000, ROUND_TRIP_MS = 400;

await ownRelay(command, "venue = demo", (url, venue) => browse("about:blank", executablePath, async page => {
  const send = (symbol, part, lateMs = 0) => venue.write(JSON.stringify({ symbol, time: (Date.now() - lateMs) * 1000, ...part }) + "\n");
  const quote = (symbol, bid, ask, lateMs) => send(symbol, { quote: { bid, ask } }, lateMs);
  const text = (selector, expected) => eventually(page, PATIENCE_MS, ([where, wanted]) => document.querySelector(where).textContent === wanted, [selector, expected]);
  quote("EURUSD", 1.1034, 1.1036);
  quote("LATE", 5, 6);
  await page.route("**/healthz", async route => {
    await new Promise(resolve => setTimeout(resolve, ROUND_TRIP_MS));
    await route.continue();
  });
  await page.goto(url);
  await page.click(".row[data-symbol=EURUSD]");

  await step("the way from the venue is the age of an update when it is shown, and that from the relay half of a round trip", async () => {
    // many of one kind: the median is theirs
    for (let i = 0; i < 20; i++) {
      quote("LATE", 5 + i, 6 + i, LATE_MS);
      await page.waitForTimeout(50);
    }
    const shown = async id => Number((await page.textContent(`#${id}`)).replace(/[^\d.]/g, ""));
    await eventually(page, PATIENCE_MS, late => Number(document.getElementById("venueMs").textContent.replace(/\D/g, "")) >= late, LATE_MS);
    assert.ok(await shown("venueMs") < LATE_MS + PATIENCE_MS);
    await eventually(page, PATIENCE_MS, () => / ms$/.test(document.getElementById("relayMs").textContent));
    const relayMs = await shown("relayMs");
    assert.ok(relayMs >= ROUND_TRIP_MS / 2 && relayMs < ROUND_TRIP_MS / 2 + PATIENCE_MS, `${relayMs} ms`);
  });

  await step("a price that rises flashes up, one that falls down, at the digits that changed", async () => {
    await page.evaluate(() => {
      window.seen = [];
      const [, , bid, ask] = document.querySelector(".row[data-symbol=EURUSD]").children;
      for (const [name, cell] of [["bid", bid], ["ask", ask]]) {
        new MutationObserver(() => window.seen.push(`${name} ${[...cell.classList].filter(each => /^(up|down|flash)$/.test(each)).join(" ")} ${cell.lastChild.textContent}`))
          .observe(cell, { attributes: true, attributeFilter: ["class"] });
      }
    });
    const flashed = (...wanted) => eventually(page, PATIENCE_MS, all => all.every(each => window.seen.includes(each)), wanted);
    quote("EURUSD", 1.1038, 1.1035);
    await flashed("bid up flash 8", "ask down flash 5");
    // and it ends
    await flashed("bid up 8", "ask down 5");
    quote("EURUSD", 1.1029, 1.1035);
    await flashed("bid down flash 29");
    assert.ok(!await page.evaluate(() => window.seen.some(each => /^ask.*flash/.test(each) && each !== "ask down flash 5")), "what did not change does not flash");
  });

  await step("the bars of the book are as long as what is on offer up to their price", async () => {
    send("EURUSD", { book: { bids: [[100, 1.50], [99, 0.50], [98, 6]], asks: [[101, 3], [103, 1]] } });
    await text("#book .middle", "spread 1bids 67 %");
    const levels = side => page.evaluate(wanted => [...document.querySelectorAll(`#book .level.${wanted}`)].map(level => ["price", "size", "total"]
      .map(part => level.querySelector(`.${part}`).textContent).concat(level.style.backgroundSize.split(" ")[0])).filter(([price]) => price), side);
    assert.deepEqual(await levels("bid"), [["100", "1.5", "1.5", "18.8%"], ["99", "0.5", "2.0", "25%"], ["98", "6", "8", "100%"]]);
    assert.deepEqual(await levels("ask"), [["103", "1", "4", "50%"], ["101", "3", "3", "37.5%"]], "the best one is next to the middle");
    const [full, half] = await page.evaluate(() => ["98", "103"].map(price => {
      const level = [...document.querySelectorAll("#book .level")].find(each => each.querySelector(".price").textContent === price);
      return parseFloat(getComputedStyle(level).backgroundSize) / 100 * level.getBoundingClientRect().width;
    }));
    assert.ok(full > 50 && Math.abs(full - 2 * half) < 1, `${full} and ${half} px`);
    await shoot(page, "known-book");
  });

  await step("a trend line goes where the prices went, in the colour of its direction, and not where there was none", async () => {
    const drawn = (prices, isLive = true) => page.evaluate(async ([samples, live]) => {
      const { History } = await import("./page/history.js"), { drawTrend } = await import("./page/trend.js");
      const history = new History(), canvas = document.createElement("canvas");
      samples.forEach((price, second) => history.add(second, price ?? NaN, price ?? NaN));
      drawTrend(canvas, history, samples.length, live);
      const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      // of each column the middle of its ink, from the bottom in parts of the height; null without ink
      const line = Array.from({ length: width }, (_, x) => {
        let ink = 0, sum = 0;
        for (let y = 0; y < height; y++) {
          const alpha = data[4 * (y * width + x) + 3];
          ink += alpha;
          sum += alpha * y;
        }
        return ink ? 1 - (sum / ink + 0.5) / height : null;
      });
      const strongest = Math.max(...data.filter((_, i) => i % 4 === 3)), at = data.findIndex((alpha, i) => i % 4 === 3 && alpha === strongest) - 3;
      return { line, color: [...data.slice(at, at + 3)] };
    }, [prices, isLive]);
    const colors = await page.evaluate(() => Object.fromEntries(["up", "down", "soft"].map(name => {
      const element = document.body.appendChild(document.createElement("i"));
      element.style.color = `var(--${name})`;
      const rgb = getComputedStyle(element).color.match(/\d+/g).slice(0, 3).map(Number);
      element.remove();
      return [name, rgb];
    })));
    const near = (a, b) => a.every((part, i) => Math.abs(part - b[i]) < 12);
    const at = ({ line }, part) => line[Math.round(part * (line.length - 1))];
    const rising = await drawn([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.ok(at(rising, 0.1) < at(rising, 0.5) && at(rising, 0.5) < at(rising, 0.9) && Math.abs(at(rising, 0.5) - 0.5) < 0.1, JSON.stringify(rising.line));
    assert.ok(near(rising.color, colors.up), `${rising.color} is not ${colors.up}`);
    const falling = await drawn([9, 9, 9, 9, 1, 1, 1, 1, 1]);
    assert.ok(at(falling, 0.1) > 0.8 && at(falling, 0.9) < 0.2 && near(falling.color, colors.down), JSON.stringify(falling));
    assert.ok(near((await drawn([1, 2, 3], false)).color, colors.soft), "what is not live has no direction");
    const flat = await drawn([5, 5, 5]);
    assert.ok(Math.abs(at(flat, 0.5) - 0.5) < 0.1, JSON.stringify(flat.line));
    const torn = await drawn([1, 2, 3, null, null, null, 7, 8, 9]);
    assert.ok(at(torn, 0.15) !== null && at(torn, 0.5) === null && at(torn, 0.9) !== null, JSON.stringify(torn.line));
  });

  await step("the row has its line", () => eventually(page, PATIENCE_MS, () => {
    const canvas = document.querySelector(".row[data-symbol=EURUSD] canvas");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(part => part);
  }));
}, { others: [url] }));
