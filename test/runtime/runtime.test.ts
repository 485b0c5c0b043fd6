import { setDefaultTimeout } from "bun:test";
import { fromPackage } from "./installed.ts";
import { fromSource } from "./sources.ts";
import { testRuntime } from "./suite.ts";

// Whole processes start and end in a test, on machines that may be busy.
setDefaultTimeout(60_000);

/** What is the same on another runtime, as Node.js's server is on Deno, is tried there by hand, with `LONG=1`. */
const isLong = process.env.LONG !== undefined;

for (const name of ["bun", "deno", "node"] as const) {
  testRuntime(`${name}, from source`, (campaign) => fromSource(name, campaign), {
    full: name !== "deno" || isLong,
    restarts: true,
    casts: name === "bun" || isLong,
  });
  testRuntime(`${name}, installed`, (campaign) => fromPackage(name, campaign), { full: false });
}
