import { letGo, quietly, within } from "../core/async/abortable.ts";
import { Lender } from "../core/async/lender.ts";
import { onAbort } from "../core/async/on-abort.ts";
import { nextTurn } from "../core/async/time-slicer.ts";
import { BardcastError } from "../core/errors.ts";
import { type Observe, unobserved } from "../core/observation.ts";
import type { SynthesizeOptions } from "../engines/contract/engine.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import { HostedEngine, logProblems } from "./hosted-engine.ts";
import { observedWait, orderWatch } from "./observed-order.ts";
import type { EngineReport, Order, OrderItem } from "./protocol.ts";
import {
  DEFAULT_HANG_MS,
  DEFAULT_MAX_QUEUED,
  DEFAULT_START_MS,
  type HostOptions,
  type SpeechHost,
  type SpeechHostStatus,
} from "./speech-host.ts";
import { WorkerEngines } from "./worker-engines.ts";

/**
 * Speaks on this thread, one sentence at a time, for where no worker can be made. The thread gets a turn
 * between the pieces, but while an engine computes one it does nothing else.
 * @throws BardcastError `cancelled`
 */
export async function createInlineHost(options: HostOptions): Promise<SpeechHost> {
  const { startMs = DEFAULT_START_MS, signal } = options;
  const engines = new WorkerEngines();
  const reports: EngineReport[] = [];
  for (const ref of options.engines) {
    if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    reports.push(await engines.prepare(ref, startMs));
  }
  logProblems(reports, quietly(options.log));
  return new InlineHost(engines, reports, options);
}

class InlineHost implements SpeechHost {
  readonly engines: readonly SpeakingEngine[];
  readonly #engines: WorkerEngines;
  readonly #hangMs: number;
  readonly #observe: Observe;
  /** One sentence is spoken at a time. */
  readonly #turns: Lender<number>;
  readonly #closing = new AbortController();

  constructor(engines: WorkerEngines, reports: readonly EngineReport[], options: HostOptions) {
    this.#engines = engines;
    this.#hangMs = options.hangMs ?? DEFAULT_HANG_MS;
    this.#observe = options.observe ?? unobserved;
    this.#turns = Lender.turns(1, options.maxQueued ?? DEFAULT_MAX_QUEUED);
    this.engines = reports.map((report) => new HostedEngine(report, this.#fulfil.bind(this)));
  }

  status(): SpeechHostStatus {
    const { idle, waiting } = this.#turns;
    const busy = this.#closing.signal.aborted ? 0 : 1 - idle;
    return { kind: "inline", workers: 0, busy, queued: waiting, restarts: 0 };
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const error = new BardcastError("closed", "the speech host is closed");
    this.#closing.abort(error);
    this.#turns.close(error);
    await this.#engines.shutdown();
  }

  async *#fulfil<O extends Order>(
    order: O,
    { signal, makesWay = false }: SynthesizeOptions = {},
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    const spare = makesWay ? this.#turns.borrowSpare() : undefined;
    const wait = (): Promise<number> => observedWait(() => this.#turns.borrow({ signal }), this.#observe);
    const turn = spare?.thing ?? (await wait());
    const abort = new AbortController();
    const cancel = (): void => abort.abort(new BardcastError("cancelled", "cancelled"));
    const stopListening = [
      onAbort(signal, cancel),
      onAbort(spare?.wanted, () => abort.abort(spare?.wanted.reason)),
      onAbort(this.#closing.signal, () => abort.abort(this.#closing.signal.reason)),
    ];
    let items: AsyncIterator<OrderItem<O>> | undefined;
    try {
      const note = orderWatch(order, spare ? unobserved : this.#observe);
      items = this.#engines.perform(order, abort.signal)[Symbol.asyncIterator]();
      for (;;) {
        const result = await this.#beforeHang(order.engine, items.next(), abort);
        if (result.done) return;
        note(result.value);
        yield result.value;
        await nextTurn();
      }
    } finally {
      for (const stop of stopListening) stop();
      cancel();
      // An engine that hangs answers only when it wakes; nobody waits for that.
      letGo(() => items?.return?.());
      this.#turns.add(turn);
    }
  }

  async #beforeHang<T>(engine: string, promise: Promise<T>, abort: AbortController): Promise<T> {
    const message = `the engine "${engine}" was silent for ${this.#hangMs} ms`;
    const late = (): BardcastError => {
      const hung = new BardcastError("engine-hung", message, { retryable: true });
      abort.abort(hung);
      this.#engines.abandon(engine);
      return hung;
    };
    return within(promise, { ms: this.#hangMs, late }, abort.signal);
  }
}
