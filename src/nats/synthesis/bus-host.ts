import { onAbort } from "../../core/async/on-abort.ts";
import { BardcastError } from "../../core/errors.ts";
import { type Observe, unobserved } from "../../core/observation.ts";
import type { SynthesizeOptions } from "../../engines/contract/engine.ts";
import type { SpeakingEngine } from "../../engines/contract/sentence-job.ts";
import { HostedEngine } from "../../pool/hosted-engine.ts";
import { observedWait, orderWatch } from "../../pool/observed-order.ts";
import type { EngineReport, Order, OrderItem } from "../../pool/protocol.ts";
import type { SpeechHost, SpeechHostStatus } from "../../pool/speech-host.ts";
import type { BusConnection } from "../connection.ts";
import { performOrder } from "./perform-order.ts";
import { RemoteJob } from "./remote-job.ts";
import { jobSubjects } from "./subjects.ts";
import type { SynthesisWorkers } from "./synthesis-workers.ts";
import type { WorkerFinder, WorkerPlace } from "./worker-finder.ts";

/** ms that jobs of other nodes may take when this one ends. */
const GRACE_MS = 5_000;
/** Whose sentences they are where there is only one party. */
const ONE_PARTY = "";

export interface BusHostParts {
  connection: BusConnection;
  finder: WorkerFinder;
  /** What engines can do, here or elsewhere, in the order of preference. */
  reports: readonly EngineReport[];
  /** Workers of this node; without them every sentence is spoken elsewhere. */
  local?: { host: SpeechHost; workers: SynthesisWorkers };
  observe?: Observe;
}

/**
 * Speaks with the workers of all nodes, this one's first. A sentence whose node is lost is spoken again by another, once,
 * unless some of it was taken already.
 */
export class BusHost implements SpeechHost {
  readonly engines: readonly SpeakingEngine[];
  readonly #parts: BusHostParts;
  readonly #local: ReadonlyMap<string, SpeakingEngine>;
  readonly #observe: Observe;
  readonly #closing = new AbortController();
  /** Sentences that other nodes speak for this one. */
  #away = 0;

  constructor(parts: BusHostParts) {
    this.#parts = parts;
    this.#observe = parts.observe ?? unobserved;
    this.#local = new Map(parts.local?.host.engines.map((engine) => [engine.name, engine]));
    this.engines = this.#enginesOf(ONE_PARTY);
  }

  status(): SpeechHostStatus {
    const own = this.#parts.local?.host.status();
    return {
      kind: own?.kind ?? "pool",
      workers: own?.workers ?? 0,
      busy: (own?.busy ?? 0) + this.#away,
      queued: (own?.queued ?? 0) + this.#parts.finder.queued,
      restarts: own?.restarts ?? 0,
    };
  }

  /** As one party sees it: parties take turns where workers are short. To close that ends nothing. */
  viewOf(party: string): SpeechHost {
    return {
      engines: this.#enginesOf(party),
      status: () => this.status(),
      close: () => Promise.resolve(),
    };
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new BardcastError("closed", "the speech host is closed"));
    await this.#parts.local?.workers.close({ graceMs: GRACE_MS });
    await this.#parts.local?.host.close();
  }

  #enginesOf(party: string): SpeakingEngine[] {
    return this.#parts.reports.map(
      (report) => new HostedEngine(report, (order, options) => this.#fulfil(party, order, options)),
    );
  }

  async *#fulfil<O extends Order>(
    party: string,
    order: O,
    { signal, ...options }: SynthesizeOptions = {},
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    const abort = new AbortController();
    const closing = this.#closing.signal;
    const stopListening = [
      onAbort(signal, () => abort.abort(new BardcastError("cancelled", "cancelled"))),
      onAbort(closing, () => abort.abort(closing.reason)),
    ];
    try {
      yield* this.#spoken(party, order, { ...options, signal: abort.signal });
    } catch (error) {
      throw closing.aborted ? closing.reason : error;
    } finally {
      for (const stop of stopListening) stop();
    }
  }

  async *#spoken<O extends Order>(
    party: string,
    order: O,
    options: SynthesizeOptions & { signal: AbortSignal },
  ): AsyncGenerator<OrderItem<O>, void, undefined> {
    const { signal, makesWay = false } = options;
    let isTaken = false;
    for (let isRetry = false; ; isRetry = true) {
      const place = await this.#place(order, party, { signal, makesWay });
      // Nobody waits for it, so it is not worth anybody's worker.
      if (!place) return;
      try {
        for await (const item of this.#itemsAt(place, order, options)) {
          isTaken ||= !isProgress(item);
          yield item as OrderItem<O>;
        }
        return;
      } catch (error) {
        const isLost = error instanceof BardcastError && error.code === "worker-lost";
        if (!isLost || !place.remote || isRetry || isTaken || makesWay || signal.aborted) throw error;
      } finally {
        place.local?.();
      }
    }
  }

  /** @throws BardcastError as `WorkerFinder.find`; `busy` where it makes way and nobody is free */
  async #place(
    { kind, engine }: Order,
    party: string,
    { signal, makesWay }: { signal: AbortSignal; makesWay: boolean },
  ): Promise<WorkerPlace | undefined> {
    const { finder } = this.#parts;
    if (makesWay || kind === "load") {
      const place = await finder.findNow(engine);
      if (!place && kind !== "load")
        throw new BardcastError("busy", "no worker is to spare", { retryable: true });
      return place;
    }
    return observedWait(() => finder.find(engine, party, signal), this.#observe);
  }

  async *#itemsAt(
    place: WorkerPlace,
    order: Order,
    options: SynthesizeOptions,
  ): AsyncGenerator<OrderItem, void, undefined> {
    if (!place.remote) {
      const engine = this.#local.get(order.engine);
      if (!engine) throw new BardcastError("engine-unavailable", `there is no engine "${order.engine}" here`);
      yield* performOrder(engine, order, options);
      return;
    }
    const { job, worker } = place.remote;
    const note = orderWatch(order, options.makesWay ? unobserved : this.#observe);
    this.#away += 1;
    try {
      const remote = new RemoteJob(this.#parts.connection, jobSubjects(job, worker), order);
      for await (const item of remote.items(options.signal)) {
        note(item);
        yield item;
      }
    } finally {
      this.#away -= 1;
    }
  }
}

/** Whether it can be said again without anybody noticing. */
function isProgress(item: OrderItem): boolean {
  return "type" in item && item.type === "progress";
}
