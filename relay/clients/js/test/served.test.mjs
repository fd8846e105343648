// The same situations for what a relay serves: its names are shorter.
import { SERVED } from "../build.mjs";

process.env.PENSTOCK_CLIENT = SERVED.href;
await import("./situations.test.mjs");
