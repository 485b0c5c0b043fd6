/**
 * The process in which engines of native code speak. It serves what `speech.ts` does, over its standard input
 * and output, and ends with its input.
 * @module
 */
import process, { stdin, stdout } from "node:process";
import { expose } from "comlink";
import { serveOrders } from "../src/pool/delivery.ts";
import { pipePorts } from "../src/pool/pipe-ports.ts";
import type { SpeechWorker } from "../src/pool/protocol.ts";
import { WorkerEngines } from "../src/pool/worker-engines.ts";

const engines = new WorkerEngines({ isolated: true });
const ports = pipePorts((bytes) => void stdout.write(bytes));

const worker: SpeechWorker = {
  ping: () => undefined,
  connect: () => undefined,
  prepare: (ref, withinMs) => engines.prepare(ref, withinMs),
};

// Standard output carries messages and nothing else.
for (const method of ["log", "info", "debug"] as const) console[method] = console.error;

// A terminal, or what runs services, tells all processes to stop. This one stops with its host, which has lines to end.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

serveOrders(ports.orders, engines);
expose(worker, ports.endpoint);
stdin.on("data", (bytes: Uint8Array) => ports.push(bytes));
stdin.on("end", () => process.exit());
