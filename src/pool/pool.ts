import { quietly } from "../core/async/abortable.ts";
import { BardcastError } from "../core/errors.ts";
import { type Observe, unobserved } from "../core/observation.ts";
import { processors } from "../core/processors.ts";
import type { SynthesizeOptions } from "../engines/contract/engine.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import { type Fulfil, HostedEngine, logProblems } from "./hosted-engine.ts";
import { observedWait, orderWatch } from "./observed-order.ts";
import type { EngineReport, Order, OrderItem } from "./protocol.ts";
import type { CreateWorker } from "./spawn.ts";
import {
  DEFAULT_HANG_MS,
  DEFAULT_MAX_QUEUED,
  DEFAULT_START_MS,
  type HostOptions,
  type SpeechHost,
  type SpeechHostStatus,
} from "./speech-host.ts";
import type { WorkerHandle } from "./worker-handle.ts";
import { WorkerSet } from "./worker-set.ts";

/** ms that sentences of a pool that was replaced may take, and how often it is looked whether there are any. */
const RETIRE_MS = 60_000;
const RETIRE_LOOK_MS = 250;

/** How many workers there are, and how they are made. */
export interface SpeechPoolOptions extends HostOptions {
  /** Workers; default one less than the machine has processors, at least 1. */
  size?: number;
  /** Makes a worker that runs `workers/speech.ts`; needed only where a bundler has moved that file. */
  createWorker?: CreateWorker;
  /**
   * Whether a sentence whose worker is lost is spoken again by the next worker, for which it waits; default true.
   * Where another engine can speak it, that is sooner.
   */
  waits?: boolean;
}

/**
 * Speaks in workers, in each one sentence at a time. A sentence whose worker dies or hangs is spoken again
 * by another, once, unless some of it was taken already. A pool keeps its process alive until it is closed.
 */
export class SpeechPool implements SpeechHost {
  readonly engines: readonly SpeakingEngine[];
  readonly #workers: WorkerSet;
  readonly #waits: boolean;
  readonly #observe: Observe;
  #isClosed = false;

  private constructor(
    workers: WorkerSet,
    reports: readonly EngineReport[],
    { waits = true, observe = unobserved }: SpeechPoolOptions,
  ) {
    this.#observe = observe;
    this.#workers = workers;
    this.#waits = waits;
    const fulfil: Fulfil = (order, options) => this.#fulfil(order, options);
    this.engines = reports.map((report) => new HostedEngine(report, fulfil));
  }

  /**
   * A pool that is warm: every worker has loaded every engine. An engine that cannot be warmed up is there
   * all the same, as unavailable.
   * @throws BardcastError `worker-failed` where no worker starts, `cancelled`
   */
  static async start(options: SpeechPoolOptions): Promise<SpeechPool> {
    const { waits = true } = options;
    const log = quietly(options.log);
    const workers = new WorkerSet({
      engines: options.engines,
      size: options.size ?? Math.max(1, processors() - 1),
      startMs: options.startMs ?? DEFAULT_START_MS,
      hangMs: options.hangMs ?? DEFAULT_HANG_MS,
      maxQueued: options.maxQueued ?? DEFAULT_MAX_QUEUED,
      createWorker: options.createWorker,
      waits,
      log,
    });
    const reports = await workers.start(options.signal);
    logProblems(reports, log);
    return new SpeechPool(workers, reports, options);
  }

  status(): SpeechHostStatus {
    const { size, busy, queued, restarts } = this.#workers;
    return { kind: "pool", workers: size, busy, queued, restarts };
  }

  /** Only where it has no other engine; what is left of a table that never falls silent is given up after a while. */
  retire(engine: string): void {
    if (this.#isClosed || this.engines.some(({ name }) => name !== engine)) return;
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const { busy, queued } = this.#workers;
      const isIdle = busy === 0 && queued === 0;
      if (!isIdle && performance.now() - startedAt < RETIRE_MS) return;
      clearInterval(timer);
      void this.close();
    }, RETIRE_LOOK_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#workers.close(new BardcastError("closed", "the speech pool is closed"));
  }

  /** With a worker of its own; a trial, which makes way, only with one that nobody needs, and once. */
  async *#fulfil<O extends Order>(
    order: O,
    { signal, makesWay = false }: SynthesizeOptions = {},
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    let isTaken = false;
    for (let isRetry = false; ; isRetry = true) {
      const spare = makesWay ? this.#workers.borrowSpare() : undefined;
      const asked = { signal, first: isRetry };
      const wait = (): Promise<WorkerHandle> =>
        observedWait(() => this.#workers.borrow(order.engine, asked), this.#observe);
      const worker = spare?.worker ?? (await wait());
      const stop = signal && spare ? AbortSignal.any([signal, spare.wanted]) : (signal ?? spare?.wanted);
      const delivery = worker.perform(order, { signal: stop, isTrial: makesWay });
      const note = orderWatch(order, spare ? unobserved : this.#observe);
      try {
        for (let item = await delivery.next(); item; item = await delivery.next()) {
          note(item);
          isTaken ||= !isProgress(item);
          yield item as OrderItem<O>;
        }
        return;
      } catch (error) {
        if (spare?.wanted.aborted) throw spare.wanted.reason;
        const isFinal = makesWay || isRetry || isTaken || !this.#waits;
        if (isFinal || !worker.isLost || this.#isClosed || signal?.aborted) throw error;
      } finally {
        void this.#workers.giveBack(worker);
      }
    }
  }
}

/** Whether it can be said again without anybody noticing. */
function isProgress(item: OrderItem): boolean {
  return "type" in item && item.type === "progress";
}
