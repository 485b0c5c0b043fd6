/** A speech worker that hands out sound made ahead of time, as fast as it is taken. */
import { expose } from "comlink";
import type { Encoding } from "../../src/engines/sentence-job.ts";
import type { Order, OrderItem, SpeechWorker } from "../../src/pool/protocol.ts";
import { serveOrders } from "../../src/pool/serve-orders.ts";
import { hostEndpoint } from "../../src/pool/spawn.ts";
import { fresh, type Prepared, prepare } from "../support/prepared.ts";

const made = new Map<Encoding, Promise<Prepared[]>>();
let next = 0;

async function* perform(order: Order): AsyncGenerator<OrderItem, void, undefined> {
  if (order.kind !== "speak") return;
  const [encoding = "dm20"] = order.job.encodings;
  const sentences = made.get(encoding) ?? prepare(encoding);
  made.set(encoding, sentences);
  const all = await sentences;
  for (const { event } of all[next++ % all.length] ?? []) yield fresh(event);
}

const worker: SpeechWorker = {
  ping: () => undefined,
  connect: (port) => serveOrders(port, perform),
  prepare: async () => ({
    name: "tone",
    capabilities: { streaming: true, wordTimes: false },
    languages: ["*"],
    probes: false,
  }),
  probe: async () => undefined,
};

expose(worker, hostEndpoint());
