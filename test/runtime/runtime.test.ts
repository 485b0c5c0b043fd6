import { sourceRuntime } from "./source-runtime.ts";
import { testRuntime } from "./suite.ts";

for (const name of ["bun", "deno", "node"] as const) {
  testRuntime(`${name}, from source`, (campaign) => sourceRuntime(name, campaign));
}
