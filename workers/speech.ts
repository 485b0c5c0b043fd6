/**
 * The worker in which engines speak. It serves `SpeechWorker` by comlink and orders over a port.
 * @module
 */
import { expose } from "comlink";
import { EngineRoom } from "../src/pool/engine-room.ts";
import type { SpeechWorker } from "../src/pool/protocol.ts";
import { serveOrders } from "../src/pool/serve-orders.ts";
import { hostEndpoint } from "../src/pool/spawn.ts";

const room = new EngineRoom();

const worker: SpeechWorker = {
  ping: () => undefined,
  connect: (port) => serveOrders(port, room),
  prepare: (ref, withinMs) => room.prepare(ref, withinMs),
};

// Nothing may be awaited before: Bun and Deno lose messages that come earlier.
expose(worker, hostEndpoint());
