/** What starting takes without Bardcast: a server that listens, and the same engines, warm. */
import { EMBEDDED_ENGINES } from "../../src/cli/engines.ts";
import { loadEngine } from "../../src/engines/catalogue.ts";
import { bareServer } from "../support/bare-server.ts";

await bareServer();
for (const name of EMBEDDED_ENGINES) await (await loadEngine(name)).warmup();
console.log("ready");
