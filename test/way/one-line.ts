/** Has one line said at a table on Bun, to a listener on either wire, and prints which files were entered meanwhile. */
import { expose } from "comlink";
import type { SpawnedWorker } from "../../src/pool/spawn.ts";

const { serve } = await import("../../src/server/bun.ts");
const { serveOrders } = await import("../../src/pool/delivery.ts");
const { WorkerEngines } = await import("../../src/pool/worker-engines.ts");

const { entered } = globalThis as unknown as { entered: string[] };

const server = await serve({
  port: 0,
  host: "127.0.0.1",
  players: ["thorin", "elara"],
  engines: ["espeak"],
  pool: { size: 1, createWorker: workerOnThisThread },
});
const { tokens } = server.party;
const dm = await tokens.issueDm();
await listen("thorin", "bardcast.v2");
await listen("elara");
// What is loaded once is loaded by the line before.
await say("The first line.");
entered.length = 0;
await say("The dragon costs **5** gold, and roars!");
console.log(JSON.stringify(entered));
process.exit(0);

/** What `workers/speech.ts` is, where its way can be followed. */
function workerOnThisThread(): SpawnedWorker {
  const { port1, port2 } = new MessageChannel();
  const engines = new WorkerEngines();
  const connect = (port: MessagePort): void => serveOrders(port, engines);
  const prepare: typeof engines.prepare = (ref, withinMs) => engines.prepare(ref, withinMs);
  expose({ ping: () => undefined, connect, prepare }, port2);
  return { endpoint: port1, onEnd: () => undefined, terminate: async () => port1.close() };
}

async function listen(player: string, protocol?: string): Promise<void> {
  const url = `${server.url.replace("http", "ws")}/ws?token=${await tokens.issue(player)}`;
  const socket = new WebSocket(url, protocol);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  if (protocol) socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
  // What a listener gets first.
  await new Promise((resolve) => socket.addEventListener("message", resolve));
}

async function say(text: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/speak`, {
    method: "POST",
    headers: { Authorization: `Bearer ${dm}`, "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  const { delivered } = (await answer.json()) as { delivered: boolean };
  if (!delivered) throw new Error("the line was not delivered");
}
