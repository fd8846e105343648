// The same situations with updates as rows, through the worker of shared tabs.
process.env.PENSTOCK_ROWS = "true";
process.env.PENSTOCK_SHARED = "true";
await import("./situations.test.mjs");
