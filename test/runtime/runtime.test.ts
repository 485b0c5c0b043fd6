import { setDefaultTimeout } from "bun:test";
import { fromPackage } from "./installed.ts";
import { fromSource } from "./sources.ts";
import { testRuntime } from "./suite.ts";

// Whole processes start and end in a test, on machines that may be busy.
setDefaultTimeout(60_000);

for (const name of ["bun", "deno", "node"] as const) {
  testRuntime(`${name}, from source`, (campaign) => fromSource(name, campaign), { full: true });
  testRuntime(`${name}, installed`, (campaign) => fromPackage(name, campaign), { full: false });
}
