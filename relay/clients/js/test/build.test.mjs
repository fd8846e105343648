import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { build } from "../build.mjs";

function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

it("what the relay serves is the build of the source: npm run build", () => {
  for (const { file, text } of build()) assert.equal(readFileSync(file, "utf8"), text);
});

/** What a page that has this script pays for it, as a bundler makes it. */
function bundled(script) {
  const folder = mkdtempSync(join(tmpdir(), "penstock-bundle-"));
  try {
    const here = fileURLToPath(new URL("../", import.meta.url));
    const { outputFiles } = buildSync({
      stdin: { contents: script, resolveDir: here }, bundle: true, splitting: true, outdir: folder, write: false, minify: true, format: "esm",
      alias: { "@penstock/client": join(here, "penstock.js"), "@penstock/client/react": join(here, "react.js") }, external: ["react"],
    });
    return outputFiles.find(file => file.path.endsWith("stdin.js")).text;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("a bundle has what a page uses, and no more", () => {
  assert.equal(bundled('import { connect } from "@penstock/client";').trim(), "", "nothing is used");
  const page = bundled('import { connect } from "@penstock/client"; connect("ws://relay").quotes({ symbols: ["A"] });');
  assert.ok(page.length > 5_000);
  for (const other of ["useQuote", "FakeRelay", "SharedWorker", "text/event-stream"]) assert.ok(!page.includes(other), other);
  assert.ok(gzipSync(page).length < 9 * 1024, "with names that are not shortened");
});

it("a project finds all of the package where it imports it", () => {
  const folder = mkdtempSync(join(tmpdir(), "penstock-package-"));
  try {
    const here = fileURLToPath(new URL("../", import.meta.url)), installed = join(folder, "node_modules", "@penstock", "client");
    mkdirSync(installed, { recursive: true });
    const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], here));
    run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"], folder);
    const own = files.map(file => file.path);
    for (const name of ["penstock.js", "penstock.d.ts", "react.js", "react.d.ts", "fake.js", "fake.d.ts", "README.md"]) assert.ok(own.includes(name), own.join());
    assert.ok(!own.some(name => name.startsWith("test/")), own.join());
    writeFileSync(join(folder, "page.mjs"), `
      import { connect } from "@penstock/client";
      import { FakeRelay } from "@penstock/client/fake";
      const relay = new FakeRelay(), px = connect("ws://fake", { platform: relay.platform });
      const grid = px.quotes({ symbols: ["EUR/USD"] });
      relay.publish("quote", "EUR/USD", '{"bid":1.10}');
      await relay.pass(0);
      console.log(grid.get("EUR/USD").bid, grid.get("EUR/USD").state);
      px.close();`);
    assert.equal(run(process.execPath, ["page.mjs"], folder), "1.10 live\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("the types are those of a page that uses all of the client", () => {
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext",
    "--lib", "es2022,dom", fileURLToPath(new URL("page.ts", import.meta.url))], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
