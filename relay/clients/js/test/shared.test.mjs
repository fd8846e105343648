// The same situations for a tab that shares its session.
process.env.PENSTOCK_SHARED = "true";
await import("./situations.test.mjs");
