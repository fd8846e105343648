// The situations find each fault that is put into the client.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const FOLDER = new URL("../", import.meta.url);
const SOURCES = readdirSync(FOLDER).filter(name => name.endsWith(".js"));
const SITUATIONS = fileURLToPath(new URL("situations.test.mjs", import.meta.url));
const ROWS = fileURLToPath(new URL("rows.test.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "penstock-mutants-"));
after(() => rmSync(folder, { recursive: true }));

const MUTANTS = {
  "the position is not advanced": ["this._p = p;", "this._p ||= p;"],
  "a null of the venue is ignored": ["{ ...this._value, ...value }", "{ ...this._value, ...Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null)) }"],
  "a removed field stays": ["entry.removed?.forEach", "[].forEach"],
  "the back-off has no jitter": ["this._platform.random() * this._backoffMs", "this._backoffMs"],
  "retryAfter is not waited for": ["Math.round(earliestMs + ", "Math.round("],
  "stale is not shown": ['isFresh && !this._st && !this._isLost && !this._isKept ? "live" : "stale"', '"live"'],
  "what is kept is live at once": ["topic._isKept = true;", ""],
  "a sleep proves silence": ["if (hasSlept) this._probe(now);\n      else if", "if"],
  "the ledger is off by one": ["q - this._q - 1 - c", "q - this._q - c"],
  "a broken ledger is not noticed": ["!(unknown <= 0 || this._isAll && topic._isBack && missed)", "false"],
  "a gap counts what another relay sent": ["Math.max(0, q - reached)", "count"],
  "what a gap counted may not come at all": ["this._isOpen = this._gapP === p;", ""],
  "what a gap counted may always come": ["more < 0 && !this._isOpen", "false"],
  "a loss that no gap announced is broken": ["this._isBack = true;", ""],
  "any jump is a loss": ["topic._isBack = false;", ""],
  "the epoch of the first session is resumed": ["this._epoch = this._client.welcome.epoch;", "this._epoch ??= this._client.welcome.epoch;"],
  "values from before a restart stay": ["this._touchAll();\n      this._topics.clear();", ""],
  "what is repeated after a resume counts twice": ["q > topic._held", "true"],
  "one fast symbol makes all others fast": ["isStream ? this._grids : grids]", "isStream ? this._grids : this._grids]"],
  "a symbol that moves is empty on the way": ["(_isOpen ? this._moving : this._topics).set(symbol, topic)", "{}"],
  "a symbol that moved stays as it was": ["this._moving.delete(entry.s);", ""],
  "a refused grid takes others along": ["refused.size > 1", "false"],
  "prices of a book compare as text": ["digits && `${sign}${digits}e${power}`", "text"],
  "digits are lost": ["part => part[0] === '\"' ? part : `\"${part}\"`", "part => part[0] === '\"' ? part : `\"${+part}\"`"],
};

const MUTANTS_OF_ROWS = {
  "the sum of a message is not checked": ["left === 0 ? { ts, p, data } : null", "{ ts, p, data }"],
  "a topic that is announced again counts on": ["topics.set(+id, { s, q: +q })", "topics.get(+id) ?? topics.set(+id, { s, q: +q })"],
  "a removed field of a row stays": ["removed = columns.filter((_, i) => mask & 1 << i)", "removed = []"],
  "the age of a row is its time": ["t = ts - next()", "t = next()"],
  "the columns of a row are those of the first": ["columns = message.columns ?? columns", "columns = columns.length ? columns : message.columns"],
};

/** Whether all situations are as they should be after `change` of the sources. */
async function isWell(change, tests = SITUATIONS) {
  for (const name of SOURCES) writeFileSync(join(folder, name), change(readFileSync(new URL(name, FOLDER), "utf8")));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  env.PENSTOCK_CLIENT = pathToFileURL(join(folder, "penstock.js")).href;
  env.PENSTOCK_FIRST = "true";
  try {
    await promisify(execFile)(process.execPath, [tests], { env, maxBuffer: 1 << 26 });
    return true;
  } catch (error) {
    assert.match(error.stdout, /^# (fails: .|fail [1-9])/m, "a situation failed, or a test that ran to its end");
    return false;
  }
}

it("without a fault all is well", async () => assert.ok(await isWell(source => source)));

for (const [mutants, tests] of [[MUTANTS, SITUATIONS], [MUTANTS_OF_ROWS, ROWS]]) {
  for (const [name, [before, mutated]] of Object.entries(mutants)) {
    it(name, async () => {
      let found = 0;
      assert.equal(await isWell(source => {
        found += source.split(before).length - 1;
        return source.replace(before, () => mutated);
      }, tests), false);
      assert.equal(found, 1, "the sources have it once");
    });
  }
}
