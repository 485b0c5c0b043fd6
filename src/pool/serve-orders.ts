import { toWire } from "../core/errors.ts";
import { type FromWorker, type Order, type OrderItem, type ToWorker, WINDOW } from "./protocol.ts";
import type { OrderPort } from "./spawn.ts";

/** Fulfils an order; stops when `signal` aborts. */
export type Perform = (order: Order, signal: AbortSignal) => AsyncIterable<OrderItem>;

/** The worker's end of the port: takes one order after the other and answers each. */
export function serveOrders(port: OrderPort, perform: Perform): void {
  let serving: Serving | undefined;
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === "credit") serving?.credit(data.count);
    else if (data.type === "cancel") serving?.cancel();
    else {
      serving = new Serving(port);
      void serving.run(data.order, perform);
    }
  };
}

/** One order being fulfilled, never more than `WINDOW` items ahead of whoever takes them. */
class Serving {
  readonly #port: OrderPort;
  readonly #abort = new AbortController();
  #credits = WINDOW;
  #wake: (() => void) | undefined;

  constructor(port: OrderPort) {
    this.#port = port;
  }

  credit(count: number): void {
    this.#credits += count;
    this.#wake?.();
  }

  cancel(): void {
    this.#abort.abort();
    this.#wake?.();
  }

  async run(order: Order, perform: Perform): Promise<void> {
    try {
      await this.#send(perform(order, this.#abort.signal)[Symbol.asyncIterator]());
      this.#post({ type: "done" });
    } catch (error) {
      this.#post({ type: "failed", error: toWire(error) });
    }
  }

  async #send(items: AsyncIterator<OrderItem>): Promise<void> {
    try {
      while (await this.#wanted()) {
        const { done, value } = await items.next();
        if (done) return;
        this.#credits -= 1;
        this.#post({ type: "item", item: value }, buffersOf(value));
      }
    } finally {
      await items.return?.();
    }
  }

  /** Waits until one more item may be sent; false once nobody wants any. */
  async #wanted(): Promise<boolean> {
    while (this.#credits === 0 && !this.#abort.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return !this.#abort.signal.aborted;
  }

  #post(message: FromWorker, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

/** What an item gives away instead of copying it. */
function buffersOf(item: OrderItem): Transferable[] {
  if (!("type" in item)) return [item.samples.buffer];
  return item.type === "frame" ? [...item.frame.bytes.values()].map(({ buffer }) => buffer) : [];
}
