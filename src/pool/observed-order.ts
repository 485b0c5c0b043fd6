import { BardcastError } from "../core/errors.ts";
import type { Observe } from "../core/observation.ts";
import { stopwatch } from "../engines/routing/stopwatch.ts";
import type { Order, OrderItem } from "./protocol.ts";

/** Takes the items of an order, and tells whoever observes how long the engine took for a sentence. */
export function orderWatch(order: Order, observe: Observe): (item: OrderItem) => void {
  if (order.kind !== "speak") return () => undefined;
  const note = stopwatch(order.engine, order.job, observe);
  return (item) => {
    if ("type" in item) note(item);
  };
}

/** Borrows, and tells observers how long that took, or that too many are waiting. @throws as `borrow` */
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
