/** A process that speaks for others: its arguments are the servers and its engines as JSON. */
import { BusConnection } from "../../../src/nats/connection.ts";
import { openSynthesisNode } from "../../../src/nats/synthesis/synthesis-node.ts";

const [servers = "", engines = "[]"] = process.argv.slice(2);
const connection = await BusConnection.open({ servers }, "synth");
const node = await openSynthesisNode(connection, { engines: JSON.parse(engines), size: 1 });
process.once("SIGTERM", async () => {
  await node.close({ graceMs: 5_000 });
  await connection.close();
  process.exit(0);
});
console.log("up");
