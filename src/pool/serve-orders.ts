import { untilAborted } from "../core/async/abortable.ts";
import { toWire } from "../core/errors.ts";
import { type FromWorker, type Order, type OrderItem, type ToWorker, WINDOW } from "./protocol.ts";
import type { OrderPort } from "./spawn.ts";

/** ms that an engine may take to stop once nobody waits for it. */
const ABANDON_MS = 200;

/** Fulfils orders. */
export interface OrderHandler {
  /** Stops when `signal` aborts. */
  perform(order: Order, signal: AbortSignal): AsyncIterable<OrderItem>;
  /** An engine does not stop: it is left behind with whatever it is at. */
  abandon(engine: string): void;
}

/** The worker's end of the port: takes one order after the other and answers each. */
export function serveOrders(port: OrderPort, handler: OrderHandler): void {
  let serving: Serving | undefined;
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === "credit") serving?.credit(data.count);
    else if (data.type === "cancel") serving?.cancel();
    else if (data.type === "abandon") serving?.abandon();
    else {
      serving = new Serving(port);
      void serving.run(data.order, handler);
    }
  };
}

/** One order being fulfilled, never more than `WINDOW` items ahead of whoever takes them. */
class Serving {
  readonly #port: OrderPort;
  readonly #abort = new AbortController();
  readonly #abandoned = new AbortController();
  #isOver = false;
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

  abandon(): void {
    this.cancel();
    if (!this.#isOver) setTimeout(() => this.#abandoned.abort(), ABANDON_MS);
  }

  async run(order: Order, handler: OrderHandler): Promise<void> {
    const left = this.#abandoned.signal;
    left.addEventListener("abort", () => this.#isOver || handler.abandon(order.engine));
    try {
      const items = handler.perform(order, this.#abort.signal)[Symbol.asyncIterator]();
      await untilAborted(this.#send(items), left);
      this.#answer({ type: "done" });
    } catch (error) {
      this.#answer({ type: "failed", error: toWire(error) });
    }
  }

  #answer(message: FromWorker): void {
    this.#isOver = true;
    this.#post(message);
  }

  async #send(items: AsyncIterator<OrderItem>): Promise<void> {
    try {
      while (await this.#wanted()) {
        const { done, value } = await items.next();
        if (done || this.#isOver) return;
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

/** The buffers of an item that are transferred instead of copied. */
function buffersOf(item: OrderItem): Transferable[] {
  if (!("type" in item)) return [item.samples.buffer];
  return item.type === "frame" ? [...item.frame.bytes.values()].map(({ buffer }) => buffer) : [];
}
