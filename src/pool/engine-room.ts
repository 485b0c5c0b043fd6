import type { PcmPiece } from "../core/audio.ts";
import { BardcastError, messageOf, toWire, type WireError } from "../core/errors.ts";
import { type EnginePlace, type EngineRef, engineName, loadEngine } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/engine.ts";
import { engineError, speakSentence } from "../engines/speak-sentence.ts";
import type { EngineReport, Order, OrderItem, SynthesizeOrder } from "./protocol.ts";

/** The engines of one thread, and the orders they fulfil. Workers and the inline host have one each. */
export class EngineRoom {
  readonly #engines = new Map<string, TTSEngine>();
  readonly #place: EnginePlace;

  constructor(place: EnginePlace = {}) {
    this.#place = place;
  }

  /** Loads an engine and warms it up; one that cannot be is reported, never thrown. */
  async prepare(ref: EngineRef, withinMs: number): Promise<EngineReport> {
    const name = engineName(ref);
    let engine: TTSEngine | undefined;
    try {
      engine = await loadEngine(ref, this.#place);
      this.#engines.set(name, engine);
      await warmUp(name, engine, withinMs);
      return report(name, engine);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      return {
        ...report(name, engine),
        problem: toWire(engineError(error)),
        ...(cause === undefined ? {} : { cause: messageOf(cause) }),
      };
    }
  }

  /** @throws BardcastError `engine-unavailable` where no such engine was prepared; otherwise its iterator does */
  perform<O extends Order>(order: O, signal: AbortSignal): AsyncIterable<OrderItem<O>> {
    const engine = this.#engine(order.engine);
    const items =
      order.kind === "speak"
        ? speakSentence(engine, order.job, { signal })
        : synthesize(engine, order, signal);
    return items as AsyncIterable<OrderItem<O>>;
  }

  /** Has an engine find out whether it speaks again; nothing where it has no `probe`. @returns why not */
  async probe(engine: string): Promise<WireError | undefined> {
    try {
      await this.#engine(engine).probe?.();
      return undefined;
    } catch (error) {
      return toWire(engineError(error));
    }
  }

  #engine(name: string): TTSEngine {
    const engine = this.#engines.get(name);
    if (engine) return engine;
    throw new BardcastError("engine-unavailable", `the engine "${name}" could not be loaded`);
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled([...this.#engines.values()].map((engine) => engine.shutdown()));
    this.#engines.clear();
  }
}

async function* synthesize(
  engine: TTSEngine,
  { text, voice }: SynthesizeOrder,
  signal: AbortSignal,
): AsyncGenerator<PcmPiece, void, undefined> {
  try {
    yield* engine.synthesize(text, voice, { signal });
  } catch (error) {
    throw engineError(error, signal);
  }
}

async function warmUp(name: string, engine: TTSEngine, withinMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new BardcastError("engine-hung", `the engine "${name}" was not warm after ${withinMs} ms`);
    timer = setTimeout(() => reject(error), withinMs);
  });
  try {
    await Promise.race([engine.warmup(), late]);
    // Asked last: an engine that cannot be warmed up says why.
    if (await Promise.race([engine.isAvailable(), late])) return;
  } finally {
    clearTimeout(timer);
  }
  throw new BardcastError("engine-unavailable", `the engine "${name}" cannot speak here`);
}

function report(name: string, engine: TTSEngine | undefined): EngineReport {
  return {
    name,
    capabilities: engine?.capabilities ?? { streaming: false, wordTimes: false },
    languages: engine?.supportedLanguages() ?? [],
    probes: engine?.probe !== undefined,
  };
}
