import { BardcastError, fromWire } from "../core/errors.ts";
import { type FromWorker, type OrderItem, type ToWorker, WINDOW } from "./protocol.ts";

/** Items taken before the worker hears of it; half a window, so that it need not wait for the news. */
const CREDIT_STEP = WINDOW / 2;

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
