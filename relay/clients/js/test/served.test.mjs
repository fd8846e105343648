// The same situations for what a relay serves: its names are shorter.
import { build } from "../build.mjs";

process.env.PENSTOCK_CLIENT = build()[0].file.href;
await import("./situations.test.mjs");
