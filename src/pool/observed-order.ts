import { BardcastError } from "../core/errors.ts";
import type { Observe } from "../core/observation.ts";
import type { Order, OrderItem } from "./protocol.ts";

/** The items of an order, and, once it was fulfilled, word of how long the engine took for a sentence. */
export async function* observedOrder<O extends Order>(
  order: O,
  items: AsyncIterable<OrderItem<O>>,
  observe: Observe,
): AsyncGenerator<OrderItem<O>, void, undefined> {
  const since = performance.now();
  for await (const item of items) {
    // For silence the engine was not asked.
    if (order.kind === "speak" && order.job.text !== "" && "type" in item && item.type === "end") {
      const tookMs = performance.now() - since;
      observe({ type: "engine.spoke", engine: order.engine, tookMs, audioMs: item.durationMs });
    }
    yield item;
  }
}

/** What is borrowed, and word of how long that took, or that too many wait already. @throws as `borrow` */
export async function observedWait<T>(borrow: () => Promise<T>, observe: Observe): Promise<T> {
  const since = performance.now();
  try {
    const borrowed = await borrow();
    observe({ type: "worker.waited", waitedMs: performance.now() - since });
    return borrowed;
  } catch (error) {
    if (error instanceof BardcastError && error.code === "busy")
      observe({ type: "limit.reached", limit: "speech_queue" });
    throw error;
  }
}
