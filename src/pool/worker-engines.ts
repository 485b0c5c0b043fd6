import { type WaitLimit, within } from "../core/async/abortable.ts";
import type { PcmPiece } from "../core/dsp/audio.ts";
import { BardcastError, messageOf, toWire } from "../core/errors.ts";
import { type EnginePlace, engineName, loadEngine, type WrittenEngineRef } from "../engines/catalogue.ts";
import type { TTSEngine } from "../engines/contract/engine.ts";
import { engineError } from "../engines/contract/engine-error.ts";
import { voicesOf } from "../engines/contract/engine-voice.ts";
import { speakSentence } from "../engines/render/speak-sentence.ts";
import type { EngineReport, LoadOrder, Order, OrderItem, ProbeOrder, SynthesizeOrder } from "./protocol.ts";

/** ms that an engine may take to shut down. */
const SHUTDOWN_MS = 3_000;

/** An engine of this thread. */
interface LoadedEngine {
  ref: WrittenEngineRef;
  /** ms that it may take to get warm. */
  withinMs: number;
  /** Undefined where it was left behind: another one takes its place. */
  engine: TTSEngine | undefined;
  isWarm: boolean;
}

/** The engines of one thread, and the orders they fulfil. Workers and the inline host have one each. */
export class WorkerEngines {
  readonly #engines = new Map<string, LoadedEngine>();
  readonly #place: EnginePlace;

  constructor(place: EnginePlace = {}) {
    this.#place = place;
  }

  /** Loads an engine and warms it up; one that cannot be is reported, never thrown. */
  async prepare(ref: WrittenEngineRef, withinMs: number): Promise<EngineReport> {
    const name = engineName(ref);
    let engine: TTSEngine | undefined;
    try {
      engine = await within(loadEngine(ref, this.#place), notWarm(name, withinMs));
      const loaded = { ref, withinMs, engine, isWarm: false };
      this.#engines.set(name, loaded);
      await warmUp(name, engine, withinMs);
      loaded.isWarm = true;
      return report(name, engine);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      return {
        ...reportOf(name, engine),
        problem: toWire(engineError(error)),
        ...(cause === undefined ? {} : { cause: messageOf(cause) }),
      };
    }
  }

  /** @throws BardcastError `engine-unavailable` where no such engine was prepared; otherwise its iterator does */
  perform<O extends Order>(order: O, signal: AbortSignal): AsyncIterable<OrderItem<O>> {
    const loaded = this.#engines.get(order.engine);
    if (!loaded)
      throw new BardcastError("engine-unavailable", `the engine "${order.engine}" could not be loaded`);
    const items =
      loaded.engine && loaded.isWarm
        ? itemsOf(loaded.engine, order, signal)
        : this.#onceWarm(loaded, order, signal);
    return items as AsyncIterable<OrderItem<O>>;
  }

  /** An engine does not stop: it is left behind with whatever it is at, and the next order has another one made. */
  abandon(engine: string): void {
    const loaded = this.#engines.get(engine);
    if (!loaded) return;
    loaded.engine = undefined;
    loaded.isWarm = false;
  }

  async shutdown(): Promise<void> {
    const late = (): unknown => new BardcastError("engine-hung", "it does not shut down");
    const ending = [...this.#engines.values()].map(async ({ engine }) => engine?.shutdown());
    await Promise.allSettled(ending.map((each) => within(each, { ms: SHUTDOWN_MS, late })));
    this.#engines.clear();
  }

  /** It was not warm when it was prepared, or it is another one by now. */
  async *#onceWarm(
    loaded: LoadedEngine,
    order: Order,
    signal: AbortSignal,
  ): AsyncGenerator<OrderItem, void, undefined> {
    const { ref, withinMs } = loaded;
    try {
      loaded.engine ??= await within(loadEngine(ref, this.#place), notWarm(order.engine, withinMs), signal);
      await within(warmUp(order.engine, loaded.engine, withinMs), undefined, signal);
      loaded.isWarm = true;
    } catch (error) {
      throw engineError(error, signal);
    }
    yield* itemsOf(loaded.engine, order, signal);
  }
}

function itemsOf(engine: TTSEngine, order: Order, signal: AbortSignal): AsyncIterable<OrderItem> {
  if (order.kind === "speak") return speakSentence(engine, order.job, { signal });
  if (order.kind === "load") return load(engine, order);
  return order.kind === "probe" ? probe(engine, order, signal) : synthesize(engine, order, signal);
}

async function* synthesize(
  engine: TTSEngine,
  { text, voice, ipa }: SynthesizeOrder,
  signal: AbortSignal,
): AsyncGenerator<PcmPiece, void, undefined> {
  try {
    yield* engine.synthesize(text, voice, { ...(ipa ? { ipa } : {}), signal });
  } catch (error) {
    throw engineError(error, signal);
  }
}

/** Has an engine find out whether it speaks again; nothing where it has no `probe`. */
// biome-ignore lint/correctness/useYield: it is an order like the others, with nothing to yield.
async function* probe(
  engine: TTSEngine,
  _order: ProbeOrder,
  signal: AbortSignal,
): AsyncGenerator<never, void, undefined> {
  try {
    await engine.probe?.({ signal });
  } catch (error) {
    throw engineError(error, signal);
  }
}

/** Has an engine begin to load a voice. What keeps it from that, the first sentence finds out. */
// biome-ignore lint/correctness/useYield: it is an order like the others, with nothing to yield.
async function* load(engine: TTSEngine, { voice }: LoadOrder): AsyncGenerator<never, void, undefined> {
  try {
    await engine.load?.(voice);
  } catch {}
}

async function warmUp(name: string, engine: TTSEngine, withinMs: number): Promise<void> {
  const getReady = async (): Promise<boolean> => {
    await engine.warmup();
    // Asked last: an engine that cannot be warmed up says why.
    return engine.isAvailable();
  };
  if (await within(getReady(), notWarm(name, withinMs))) return;
  throw new BardcastError("engine-unavailable", `the engine "${name}" cannot speak here`);
}

function notWarm(name: string, withinMs: number): WaitLimit {
  const message = `the engine "${name}" was not warm after ${withinMs} ms`;
  return { ms: withinMs, late: () => new BardcastError("engine-hung", message) };
}

/** An engine's description of itself, as plain data. @throws whatever the engine throws, and where it is no engine */
function report(name: string, engine: TTSEngine): EngineReport {
  return structuredClone({
    name,
    capabilities: engine.capabilities,
    languages: engine.supportedLanguages(),
    voices: voicesOf(engine),
    probes: engine.probe !== undefined,
    loads: engine.load !== undefined,
  });
}

/** The same of one that cannot be used, and may not even say that. */
function reportOf(name: string, engine: TTSEngine | undefined): EngineReport {
  const nothing = {
    name,
    capabilities: { streaming: false, wordTimes: false },
    languages: [],
    probes: false,
  };
  try {
    return engine ? report(name, engine) : nothing;
  } catch {
    return nothing;
  }
}
