import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { build, SERVED } from "../build.mjs";

it("what the relay serves is the build of the source: npm run build", () => {
  assert.equal(readFileSync(SERVED, "utf8"), build());
});

it("the types are those of a page that uses all of the client", () => {
  const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext",
    "--lib", "es2022,dom", fileURLToPath(new URL("page.ts", import.meta.url))], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
