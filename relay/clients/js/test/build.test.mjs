import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../build.mjs";

it("what the relay serves is the build of the source: npm run build", () => {
  for (const { file, text } of build()) assert.equal(readFileSync(file, "utf8"), text);
});

it("the types are those of a page that uses all of the client", () => {
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext",
    "--lib", "es2022,dom", fileURLToPath(new URL("page.ts", import.meta.url))], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
