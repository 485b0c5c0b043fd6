import { type Remote, transfer } from "comlink";
import { type Deferred, deferred } from "../core/async/deferred.ts";
import { onAbort } from "../core/async/on-abort.ts";
import { BardcastError } from "../core/errors.ts";
import { engineName, type WrittenEngineRef } from "../engines/catalogue.ts";
import { Control } from "./control.ts";
import { Delivery } from "./delivery.ts";
import type { EngineReport, FromWorker, Order, SpeechWorker, ToWorker } from "./protocol.ts";
import { type CreateWorker, type OrderPort, type SpawnedWorker, spawnWorker } from "./spawn.ts";
import { Watchdog } from "./watchdog.ts";

/** The part of the time for starting after which a worker gives up on an engine by itself. */
const ENGINE_SHARE = 0.8;

export interface WorkerOptions {
  engines: readonly WrittenEngineRef[];
  /** ms until a new worker answers, and then again until each engine is warm. */
  startMs: number;
  /** ms without a sign of life after which a worker is given up. */
  hangMs: number;
  createWorker?: CreateWorker | undefined;
}

/** ms that an engine may take to stop when it is told to; then its worker leaves it behind. */
const STOP_MS = 3_000;
/** ms that a worker may take to make way for somebody who waits for it; then it is replaced. */
const MAKE_WAY_MS = 1_000;

/** One worker and the order it is at. It is given up when it dies or hangs. */
export class WorkerHandle {
  /** What became of the engines, in the order they were given. */
  readonly reports: EngineReport[] = [];
  readonly #options: WorkerOptions;
  readonly #worker: SpawnedWorker;
  readonly #control: Control;
  readonly #orders: OrderPort;
  /** The end of a port that the worker gets. */
  readonly #handedOver: MessagePort | undefined;
  readonly #lost: Deferred<BardcastError> = deferred();
  #loss: BardcastError | undefined;
  #watchdog: Watchdog | undefined;
  #isAsked = false;
  #engine = "";
  #isTrial = false;
  #delivery: Delivery | undefined;
  #stopListening = (): void => undefined;
  #free: Promise<void> = Promise.resolve();

  private constructor(options: WorkerOptions) {
    this.#options = options;
    this.#worker = spawnWorker(options.createWorker);
    this.#control = new Control(this.#worker.endpoint);
    const channel = this.#worker.orders ? undefined : new MessageChannel();
    this.#handedOver = channel?.port2;
    this.#orders = this.#worker.orders ?? (channel as MessageChannel).port1;
    this.#orders.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      this.#watchdog?.reset();
      this.#delivery?.receive(data);
    };
    this.#worker.onEnd((reason) => {
      const error = new BardcastError("worker-lost", "a speech worker died", {
        cause: reason,
        retryable: true,
      });
      this.#lose(error);
    });
  }

  /**
   * A worker that answers, with its engines warm.
   * @throws BardcastError `worker-failed` (its cause is for the operator), `cancelled`
   */
  static async start(options: WorkerOptions, signal?: AbortSignal): Promise<WorkerHandle> {
    let stopListening = (): void => undefined;
    try {
      const worker = new WorkerHandle(options);
      stopListening = onAbort(signal, () => worker.#lose(new BardcastError("cancelled", "cancelled")));
      await worker.#prepare();
      return worker;
    } catch (cause) {
      if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
      throw startError(cause);
    } finally {
      stopListening();
    }
  }

  get isLost(): boolean {
    return this.#loss !== undefined;
  }

  /** Resolves with the reason once it is gone. */
  get lost(): Promise<BardcastError> {
    return this.#lost.promise;
  }

  /** Resolves once it can take an order, which a cancelled one may delay, or once it is gone. */
  get free(): Promise<void> {
    return this.#free;
  }

  /**
   * Has an order fulfilled; only while it is free. Whoever takes what it yields says so when they are done with it.
   * @param options.isTrial nobody waits for it: that the engine is silent is no reason to give the worker up
   */
  perform(order: Order, options: { signal: AbortSignal | undefined; isTrial: boolean }): Delivery {
    this.#isTrial = options.isTrial;
    const delivery = this.#begin(order);
    this.#stopListening = onAbort(options.signal, () => delivery.cancel());
    return delivery;
  }

  /** Nobody takes any more of its order. An engine that is still at it is told to stop, and left behind if it does not. */
  finish(): void {
    this.#stopListening();
    const delivery = this.#delivery;
    delivery?.cancel();
    if (delivery?.isStopping) this.#unlessFree(STOP_MS, () => delivery.abandon());
  }

  /** Somebody waits who wants another engine: one that is told to stop, and does not, is left behind. */
  leaveFor(engine: string): void {
    if (this.#delivery?.isStopping && this.#engine !== engine) this.#delivery.abandon();
  }

  /** Somebody waits for it: whatever it is at is given up, and so is the worker where that does not help. */
  makeWay(): void {
    this.#delivery?.abandon();
    const message = `the engine "${this.#engine}" did not make way in a trial`;
    this.#unlessFree(MAKE_WAY_MS, () =>
      this.#lose(new BardcastError("worker-lost", message, { retryable: true })),
    );
  }

  /** Ends it at once; its order fails with `error`. */
  async close(error: BardcastError): Promise<void> {
    this.#lose(error);
    await this.#worker.terminate();
  }

  async #prepare(): Promise<void> {
    const { hangMs } = this.#options;
    const port = this.#handedOver;
    // Asked at once: this thread may be busy when the answers come, and the worker need not wait for it.
    await Promise.all([
      this.#step("it does not answer", (worker) => worker.ping()),
      port && this.#step("it does not take its port", (worker) => worker.connect(transfer(port, [port]))),
      this.#prepareEngines(),
    ]);
    this.#watchdog = new Watchdog(hangMs, {
      isExpected: () => this.#isAsked || this.#isSoundOwed,
      ask: () => this.#ask(),
      onSilence: () => this.#lose(this.#silence()),
    });
  }

  async #prepareEngines(): Promise<void> {
    const { startMs, engines } = this.#options;
    for (const ref of engines) {
      const prepare = (worker: Remote<SpeechWorker>): Promise<EngineReport> =>
        worker.prepare(portable(ref), startMs * ENGINE_SHARE);
      this.reports.push(await this.#step(`it is stuck in the engine "${engineName(ref)}"`, prepare));
    }
  }

  async #step<T>(trouble: string, ask: (worker: Remote<SpeechWorker>) => Promise<T>): Promise<T> {
    const late = new BardcastError("worker-failed", trouble);
    const timer = setTimeout(() => this.#lose(late), this.#options.startMs);
    return this.#control.call(ask).finally(() => clearTimeout(timer));
  }

  get #isSoundOwed(): boolean {
    return !this.#isTrial && this.#delivery?.isOwed === true;
  }

  /** Does it after `ms`, unless the worker is free by then. */
  #unlessFree(ms: number, late: () => void): void {
    const timer = setTimeout(late, ms);
    void this.#free.then(() => clearTimeout(timer));
  }

  #begin(order: Order): Delivery {
    const { promise, resolve } = deferred();
    const delivery = new Delivery((message) => this.#post(message), resolve);
    this.#free = promise;
    this.#delivery = delivery;
    this.#engine = order.engine;
    this.#watchdog?.reset();
    try {
      if (this.#loss) delivery.lose(this.#loss);
      else this.#post({ type: "order", order });
    } catch (cause) {
      delivery.lose(new BardcastError("bad-request", "a voice must be plain data", { cause }));
    }
    return delivery;
  }

  #post(message: ToWorker): void {
    this.#watchdog?.reset();
    this.#orders.postMessage(message);
  }

  /** A heartbeat: some runtimes end a worker without a word. */
  #ask(): void {
    this.#isAsked = true;
    this.#control
      .call((worker) => worker.ping())
      .then(() => {
        this.#isAsked = false;
        this.#watchdog?.reset();
      })
      .catch(() => undefined);
  }

  #silence(): BardcastError {
    const { hangMs } = this.#options;
    if (!this.#isSoundOwed) {
      return new BardcastError("worker-lost", "a speech worker does not answer", { retryable: true });
    }
    const message = `the engine "${this.#engine}" was silent for ${hangMs} ms`;
    return new BardcastError("engine-hung", message, { retryable: true });
  }

  #lose(error: BardcastError): void {
    if (this.#loss) return;
    this.#loss = error;
    this.#watchdog?.stop();
    this.#control.lose(error);
    this.#delivery?.lose(error);
    this.#orders.close();
    void this.#worker.terminate();
    this.#lost.resolve(error);
  }
}

function startError(cause: unknown): BardcastError {
  const message = "a speech worker does not start; where a bundler has moved its file, pass `createWorker`";
  return new BardcastError("worker-failed", message, { cause, retryable: true });
}

/** A URL does not cross threads, its text does. */
function portable(ref: WrittenEngineRef): WrittenEngineRef {
  return typeof ref !== "string" && "module" in ref ? { ...ref, module: String(ref.module) } : ref;
}
