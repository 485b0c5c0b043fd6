import { Lender } from "../core/async/lender.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import type { EngineReport } from "./protocol.ts";
import { WorkerHandle, type WorkerOptions } from "./worker-handle.ts";

/** ms until a replacement is started that follows one that did no work; doubles each time, up to the most. */
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;

export interface WorkerSetOptions extends WorkerOptions {
  /** Workers */
  size: number;
  /** Sentences that may wait for a worker. */
  maxQueued: number;
  /** Whether they wait for a replacement too, where no worker is left; else they fail with `worker-lost`. */
  waits: boolean;
  /** Where warnings go, one sentence each. */
  log: (message: string) => void;
}

/** Keeps a number of workers at hand, lends them out and replaces those that are lost. */
export class WorkerSet {
  readonly #options: WorkerSetOptions;
  readonly #lender: Lender<WorkerHandle>;
  readonly #workers = new Set<WorkerHandle>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #closing = new AbortController();
  /** Workers lost or not started since one last fulfilled an order. */
  #setbacks = 0;
  /** Why no worker starts, while there is none. */
  #failure: BardcastError | undefined;
  #restarts = 0;

  constructor(options: WorkerSetOptions) {
    this.#options = options;
    this.#lender = new Lender(options.maxQueued);
  }

  /** Workers alive. */
  get size(): number {
    return this.#workers.size;
  }

  /** Workers at work. */
  get busy(): number {
    return this.#workers.size - this.#lender.idle;
  }

  /** Borrowers that wait. */
  get queued(): number {
    return this.#lender.waiting;
  }

  /** Workers replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Starts all workers; those that do not start are tried again later if one does.
   * @returns what became of the engines
   * @throws BardcastError `worker-failed` where none starts, `cancelled`
   */
  async start(signal?: AbortSignal): Promise<readonly EngineReport[]> {
    const starts = Array.from({ length: this.#options.size }, () => this.#recruit(signal));
    const results = await Promise.allSettled(starts);
    const started = results.find((result) => result.status === "fulfilled");
    if (!started || signal?.aborted) {
      const failed = results.find((result) => result.status === "rejected");
      const error: BardcastError = failed?.reason ?? new BardcastError("cancelled", "cancelled");
      await this.close(error);
      throw error;
    }
    for (const result of results) if (result.status === "rejected") this.#missed(result.reason);
    return started.value.reports;
  }

  /**
   * A free worker; give it back.
   * @param engine that is to speak
   * @throws BardcastError `busy`, `cancelled`, `closed`, `worker-failed`
   */
  async borrow(
    engine: string,
    options: { signal?: AbortSignal | undefined; first?: boolean },
  ): Promise<WorkerHandle> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (this.#lender.idle === 0) for (const worker of this.#workers) worker.leaveFor(engine);
      const worker = await this.#lender.borrow(options);
      if (!worker.isLost) return worker;
    }
  }

  /**
   * A worker that nobody needs just now; `wanted` aborts as soon as somebody does, who gets it whatever it is at. Give
   * it back. @throws BardcastError `busy`, `closed`
   */
  borrowSpare(): { worker: WorkerHandle; wanted: AbortSignal } {
    const { thing: worker, wanted } = this.#lender.borrowSpare();
    wanted.addEventListener("abort", () => worker.makeWay(), { once: true });
    return { worker, wanted };
  }

  /** Its order is over, whether it was taken to its end or not. It is lent to others as soon as it is free again. */
  async giveBack(worker: WorkerHandle): Promise<void> {
    worker.finish();
    await worker.free;
    if (worker.isLost) return;
    this.#setbacks = 0;
    this.#lender.add(worker);
  }

  async close(error: BardcastError): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#lender.close(error);
    await Promise.all([...this.#workers].map((worker) => worker.close(error)));
  }

  async #recruit(signal: AbortSignal = this.#closing.signal): Promise<WorkerHandle> {
    const worker = await WorkerHandle.start(this.#options, AbortSignal.any([signal, this.#closing.signal]));
    this.#workers.add(worker);
    this.#failure = undefined;
    void worker.lost.then((reason) => this.#discharge(worker, reason));
    this.#lender.add(worker);
    return worker;
  }

  #discharge(worker: WorkerHandle, reason: BardcastError): void {
    this.#workers.delete(worker);
    this.#lender.remove(worker);
    if (this.#closing.signal.aborted) return;
    this.#options.log(`${reason.message}; it is replaced${because(reason)}`);
    if (!this.#options.waits && this.#workers.size === 0) {
      this.#fail(new BardcastError("worker-lost", "its worker is being replaced", { retryable: true }));
    }
    this.#replace();
  }

  #replace(): void {
    const delay = this.#setbacks === 0 ? 0 : FIRST_DELAY_MS * 2 ** (this.#setbacks - 1);
    this.#setbacks += 1;
    const recruit = (): void => {
      this.#timers.delete(timer);
      this.#recruit().then(
        () => {
          this.#restarts += 1;
        },
        (error: BardcastError) => this.#missed(error),
      );
    };
    const timer = setTimeout(recruit, Math.min(delay, MAX_DELAY_MS));
    this.#timers.add(timer);
  }

  /** A worker did not start. Whoever waits need not wait where there is no other. */
  #missed(error: BardcastError): void {
    if (this.#closing.signal.aborted) return;
    this.#options.log(`${error.message}${because(error)}`);
    if (this.#workers.size === 0) this.#fail(error);
    this.#replace();
  }

  /** Until a worker starts. */
  #fail(error: BardcastError): void {
    this.#failure = error;
    this.#lender.fail(error);
  }
}

/** The first cause, which is the runtime's own words, for the operator. */
function because({ cause }: BardcastError): string {
  if (cause === undefined) return "";
  return (cause instanceof BardcastError && because(cause)) || ` (${messageOf(cause)})`;
}
