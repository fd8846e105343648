// Builds what a relay serves at /penstock.js from penstock.js.   node build.mjs
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

export const SERVED = new URL("../../src/main/resources/penstock/pages/penstock.js", import.meta.url);

/** The text of the module, short: names that begin with _ are its own. */
export function build() {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("penstock.js", import.meta.url))],
    bundle: true, write: false, minify: true, mangleProps: /^_/, format: "esm", target: "es2022",
    banner: { js: "/* @penstock/client, Apache-2.0; built from relay/clients/js */" },
  });
  return outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SERVED, build());
