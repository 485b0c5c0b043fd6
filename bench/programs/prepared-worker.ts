/** A speech worker that hands out sound made ahead of time, as fast as it is taken. */
import { expose } from "comlink";
import { serveOrders } from "../../src/pool/delivery.ts";
import type { Order, OrderItem, SpeechWorker } from "../../src/pool/protocol.ts";
import { hostEndpoint } from "../../src/pool/spawn.ts";
import { fresh, type Prepared, prepare, SENTENCES_READY } from "../support/prepared.ts";
import { SENTENCE_MS } from "../support/tone.ts";

const made = new Map<string, Promise<Prepared[]>>();
let next = 0;

async function* perform(order: Order): AsyncGenerator<OrderItem, void, undefined> {
  if (order.kind !== "speak") return;
  const { text, encodings } = order.job;
  const [encoding = "dm20"] = encodings;
  const sentenceMs = SENTENCES_READY[text] ?? SENTENCE_MS;
  const key = `${encoding} ${sentenceMs}`;
  const sentences = made.get(key) ?? prepare(encoding, { sentenceMs });
  made.set(key, sentences);
  const all = await sentences;
  for (const { event } of all[next++ % all.length] ?? []) yield fresh(event);
}

const worker: SpeechWorker = {
  ping: () => undefined,
  connect: (port) => serveOrders(port, { perform, abandon: () => undefined }),
  prepare: async () => ({
    name: "tone",
    capabilities: { streaming: true, wordTimes: false },
    languages: ["*"],
    probes: false,
  }),
};

expose(worker, hostEndpoint());
