// The same situations with updates as rows.
process.env.PENSTOCK_ROWS = "true";
await import("./situations.test.mjs");
