/** A process that speaks for others: its arguments are the servers and its engines as JSON. */
import { synthesisNode } from "../../../src/nats/synthesis/synthesis-node.ts";
import { endWithParent } from "../end-with-parent.ts";

endWithParent();
const [servers = "", engines = "[]"] = process.argv.slice(2);
const node = await synthesisNode({ servers }, { engines: JSON.parse(engines), size: 1 });
process.once("SIGTERM", async () => {
  await node.close({ graceMs: 5_000 });
  process.exit(0);
});
console.log("up");
