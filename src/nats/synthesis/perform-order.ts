import { toWire } from "../../core/errors.ts";
import type { SynthesizeOptions } from "../../engines/contract/engine.ts";
import { voicesOf } from "../../engines/contract/engine-voice.ts";
import type { SpeakingEngine } from "../../engines/contract/sentence-job.ts";
import type { EngineReport, Order, OrderItem } from "../../pool/protocol.ts";

/** Has an engine of a host do what it is ordered. */
export function performOrder<O extends Order>(
  engine: SpeakingEngine,
  order: O,
  options: SynthesizeOptions,
): AsyncIterable<OrderItem<O>> {
  return itemsOf(engine, order, options) as AsyncIterable<OrderItem<O>>;
}

function itemsOf(engine: SpeakingEngine, order: Order, options: SynthesizeOptions): AsyncIterable<OrderItem> {
  if (order.kind === "speak") return engine.speak(order.job, options);
  if (order.kind === "synthesize") {
    const { text, voice, ipa } = order;
    return engine.synthesize(text, voice, { ...options, ...(ipa ? { ipa } : {}) });
  }
  return silently(() => (order.kind === "probe" ? engine.probe?.(options) : engine.load?.(order.voice)));
}

/** What is only done, as an order like the others. */
// biome-ignore lint/correctness/useYield: there is nothing to yield.
async function* silently(work: () => Promise<void> | undefined): AsyncGenerator<never, void, undefined> {
  await work();
}

/** What an engine of a host says of itself, as plain data, and why it cannot speak where it cannot. */
export async function describeEngine(engine: SpeakingEngine): Promise<EngineReport> {
  const report: EngineReport = {
    name: engine.name,
    capabilities: engine.capabilities,
    languages: engine.supportedLanguages(),
    voices: voicesOf(engine),
    probes: engine.probe !== undefined,
    loads: engine.load !== undefined,
  };
  try {
    await engine.warmup();
    return report;
  } catch (error) {
    return { ...report, problem: toWire(error) };
  }
}
