import { FairTurns } from "../core/async/fair-turns.ts";
import type { SynthesizeOptions } from "../engines/contract/engine.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import { DEFAULT_MAX_QUEUED, type SpeechHost } from "./speech-host.ts";

/** Sentences beyond one for each worker, so that no worker waits for the next. */
const SPARE_TURNS = 1;

/**
 * One host for many parties. Sentences of different parties are spoken in turn, so that a party with many of them keeps no
 * other one waiting longer than for a sentence of each.
 */
export class SharedHost {
  readonly #host: SpeechHost;
  readonly #maxQueued: number;
  /** Each engine has turns of its own: one that is slow holds up no other. */
  readonly #turns: readonly FairTurns[];

  /** @param options.maxQueued sentences of one party that may wait for one engine; default 256 */
  constructor(host: SpeechHost, { maxQueued = DEFAULT_MAX_QUEUED }: { maxQueued?: number | undefined } = {}) {
    this.#host = host;
    this.#maxQueued = maxQueued;
    const turns = Math.max(1, host.status().workers) + SPARE_TURNS;
    this.#turns = host.engines.map(() => new FairTurns(turns, this.#maxQueued));
  }

  /** Sentences that wait for a worker, or for their turn. */
  status(): ReturnType<SpeechHost["status"]> {
    const status = this.#host.status();
    return { ...status, queued: this.#turns.reduce((sum, turns) => sum + turns.waiting(), status.queued) };
  }

  /** The host as one party sees it; to close that ends nothing. */
  viewOf(party: string): SpeechHost {
    const fair = this.#host.viewOf?.(party);
    if (fair) return fair;
    const engines = this.#host.engines.map((engine, index) => {
      const turns = this.#turns[index] as FairTurns;
      return inTurn(engine, (signal) => turns.take(party, signal));
    });
    return { engines, status: () => this.status(), close: () => Promise.resolve() };
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}

/** The same engine, which waits for its turn before it speaks; a trial, which makes way, waits for nothing. */
function inTurn(
  engine: SpeakingEngine,
  take: (signal: AbortSignal | undefined) => Promise<() => void>,
): SpeakingEngine {
  async function* waiting<T>(
    ask: () => AsyncIterable<T>,
    { signal, makesWay = false }: SynthesizeOptions,
  ): AsyncGenerator<T, void, undefined> {
    const end = makesWay ? undefined : await take(signal);
    try {
      yield* ask();
    } finally {
      end?.();
    }
  }
  const { load, probe } = engine;
  return {
    name: engine.name,
    capabilities: engine.capabilities,
    isSupervised: engine.isSupervised ?? false,
    supportedLanguages: () => engine.supportedLanguages(),
    isAvailable: () => engine.isAvailable(),
    warmup: () => engine.warmup(),
    shutdown: () => Promise.resolve(),
    ...(load ? { load: (voice) => load.call(engine, voice) } : {}),
    ...(probe ? { probe: (options) => probe.call(engine, options) } : {}),
    speak: (job, options = {}) => waiting(() => engine.speak(job, options), options),
    synthesize: (text, voice, options = {}) =>
      waiting(() => engine.synthesize(text, voice, options), options),
  };
}
