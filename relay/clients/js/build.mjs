// Builds what a relay serves from the sources here.   node build.mjs
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const PAGES = new URL("../../src/main/resources/penstock/pages/", import.meta.url);
const MODULES = ["penstock.js", "penstock-rows.js", "penstock-share.js", "penstock-sse.js"];

/** Each module that a relay serves: where it is, and its text, short; names that begin with _ are its own. */
export function build() {
  return MODULES.map(name => {
    const { outputFiles } = buildSync({
      entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
      bundle: true, external: MODULES.map(each => "./" + each), write: false, minify: true, mangleProps: /^_/, format: "esm", target: "es2022",
      banner: { js: "/* @penstock/client, Apache-2.0; built from relay/clients/js */" },
    });
    return { name, file: new URL(name, PAGES), text: outputFiles[0].text };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build().forEach(({ file, text }) => writeFileSync(file, text));
