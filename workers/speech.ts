/**
 * The worker in which engines speak. It serves `SpeechWorker` by comlink and orders over a port.
 * @module
 */
import { expose } from "comlink";
import { serveOrders } from "../src/pool/delivery.ts";
import type { SpeechWorker } from "../src/pool/protocol.ts";
import { hostEndpoint } from "../src/pool/spawn.ts";
import { WorkerEngines } from "../src/pool/worker-engines.ts";

const engines = new WorkerEngines();

const worker: SpeechWorker = {
  ping: () => undefined,
  connect: (port) => serveOrders(port, engines),
  prepare: (ref, withinMs) => engines.prepare(ref, withinMs),
};

// Nothing may be awaited before: Bun and Deno lose messages that come earlier.
expose(worker, hostEndpoint());
