/**
 * One order over a port, both ends: `serveOrders` fulfils it in the worker, `Delivery` takes what comes of it on the
 * host. Items come by credit, so that a worker is never more than `WINDOW` of them ahead of whoever takes them.
 * @module
 */
import { untilAborted } from "../core/async/abortable.ts";
import { BardcastError, fromWire, toWire } from "../core/errors.ts";
import { type FromWorker, type Order, type OrderItem, type ToWorker, WINDOW } from "./protocol.ts";
import type { OrderPort } from "./spawn.ts";

/** ms that an engine may take to stop once nobody waits for it. */
const ABANDON_MS = 200;

/** Items taken before the worker hears of it; half a window, so that it need not wait for the news. */
const CREDIT_STEP = WINDOW / 2;

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

/** The results of one order on the host's side, kept until they are taken. Taking one gives the worker a credit. */
export class Delivery {
  readonly #post: (message: ToWorker) => void;
  readonly #answered: () => void;
  #items: OrderItem[] = [];
  /** Items the worker may still send. */
  #allowed = WINDOW;
  #unpaid = 0;
  #end: { error?: BardcastError } | undefined;
  #isAnswered = false;
  #isCancelled = false;
  #isAbandoned = false;
  #wake: (() => void) | undefined;

  /** @param answered is called once, when the worker is free again or lost */
  constructor(post: (message: ToWorker) => void, answered: () => void) {
    this.#post = post;
    this.#answered = answered;
  }

  /** Whether nobody wants the rest, but the engine has not stopped. */
  get isStopping(): boolean {
    return this.#isCancelled && !this.#isAnswered;
  }

  /** Whether the worker is to say something; then its silence means that it hangs. */
  get isOwed(): boolean {
    return !this.#isAnswered && (this.#isCancelled || this.#allowed > 0);
  }

  receive(message: FromWorker): void {
    if (message.type === "item") {
      this.#allowed -= 1;
      if (!this.#end) this.#items.push(message.item);
    } else {
      this.#end ??= message.type === "failed" ? { error: fromWire(message.error) } : {};
      this.#answer();
    }
    this.#wake?.();
  }

  /** The worker is gone, and what it sent with it. */
  lose(error: BardcastError): void {
    this.#stop(error);
    this.#answer();
  }

  /** Nobody wants the rest: the worker is told, and `next` throws `error`. */
  cancel(error: BardcastError = new BardcastError("cancelled", "cancelled")): void {
    this.#stop(error);
    if (this.#isAnswered || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#post({ type: "cancel" });
  }

  /** The engine is not waited for any longer, where it does not stop by itself. */
  abandon(): void {
    this.cancel();
    if (this.#isAnswered || this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#post({ type: "abandon" });
  }

  /**
   * The next item, or undefined after the last.
   * @throws BardcastError what the engine failed with, `engine-hung`, `worker-lost`, `cancelled`, `closed`
   */
  async next(): Promise<OrderItem | undefined> {
    while (this.#items.length === 0 && !this.#end) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const item = this.#items.shift();
    if (item) this.#pay();
    else if (this.#end?.error) throw this.#end.error;
    return item;
  }

  #pay(): void {
    this.#unpaid += 1;
    if (this.#unpaid < CREDIT_STEP || this.#isAnswered) return;
    this.#post({ type: "credit", count: this.#unpaid });
    this.#allowed += this.#unpaid;
    this.#unpaid = 0;
  }

  #stop(error: BardcastError): void {
    this.#items = [];
    this.#end = { error };
    this.#wake?.();
  }

  #answer(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#answered();
  }
}
