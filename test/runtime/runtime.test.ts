import { setDefaultTimeout } from "bun:test";
import { fromPackage } from "./installed.ts";
import { fromSource } from "./sources.ts";
import { testRuntime } from "./suite.ts";

// Whole processes start and end in a test, on machines that may be busy.
setDefaultTimeout(60_000);

/** On Deno the server is that of Node.js: what it withstands there is tried by hand, with `LONG=1`. */
const isFull = (name: string): boolean => name !== "deno" || process.env.LONG !== undefined;

for (const name of ["bun", "deno", "node"] as const) {
  testRuntime(`${name}, from source`, (campaign) => fromSource(name, campaign), {
    full: isFull(name),
    restarts: true,
  });
  testRuntime(`${name}, installed`, (campaign) => fromPackage(name, campaign), { full: false });
}
