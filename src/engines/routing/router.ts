/**
 * The way of a sentence to its frames, in order:
 *
 * 1. `TTSRouter.speak` (here) has the candidates and goes on to the next one when an engine fails.
 * 2. `attempt` (`engine-attempt.ts`) asks one of them, and gives out nothing before its first sound.
 * 3. `SpeechCache.speakWith` (`cache/speech-cache.ts`) says what is kept, or has the engine asked once for everybody.
 * 4. `GuardedEngine.speak` (`guarded-engine.ts`) asks the engine, which is not trusted to end.
 * 5. `HostedEngine` (`pool/hosted-engine.ts`) hands the sentence to a worker, or
 * 6. on whatever thread, `speakSentence` (`render/speak-sentence.ts`) has the engine synthesise it, and encodes.
 *
 * Frames come back the same way. `engine-health.ts` knows which engines are out of order.
 * @module
 */

import { quietly, within } from "../../core/async/abortable.ts";
import { cleanText } from "../../core/clean-text.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { unobserved } from "../../core/observation.ts";
import type { EngineStatus } from "../../core/protocol/api.ts";
import { printableLog } from "../../core/text/printable.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { engineError } from "../contract/engine-error.ts";
import type { SentenceJob } from "../contract/sentence-job.ts";
import { speakersOf } from "../contract/spoken-language.ts";
import type { TTSResult } from "../contract/tts-result.ts";
import { type AttemptContext, askEngine, attempt, EngineText, type RoutedSpeech } from "./engine-attempt.ts";
import { EngineHealth } from "./engine-health.ts";
import { EngineRoster, type ListedVoices } from "./engine-roster.ts";
import { GuardedEngine, guarded } from "./guarded-engine.ts";
import { noEngine, unspoken } from "./no-engine.ts";
import type { RouteOptions, TTSRouterOptions } from "./router-options.ts";
import { asEngine, type Synthesizer } from "./synthesizer.ts";
import { TIERS, type Tier } from "./tiers.ts";
import { VoiceLevels } from "./voice-levels.ts";

/** How each candidate is asked, until one has spoken. */
interface Turn<T> {
  /** @param isOutOfOrder it is asked all the same, as there is no other */
  ask: (engine: GuardedEngine, isOutOfOrder: boolean) => Promise<T>;
  /** Speech that is kept of an engine which is passed over; the engine is not asked. */
  recall?: (engine: GuardedEngine) => Promise<T>;
}

/** Chooses the engine for a line and goes on to the next one when it fails. */
export class TTSRouter {
  /** Every wait for an engine has a limit here: nobody else needs to give it up. */
  readonly isBounded?: boolean = true;
  readonly #engines: EngineRoster;
  readonly #hangMs: number | undefined;
  readonly #health: EngineHealth;
  readonly #context: AttemptContext;
  #initialized: Promise<void> | undefined;
  #isInitialized = false;

  /** @throws RangeError where a tier names an engine that is not among `engines` */
  constructor(options: TTSRouterOptions) {
    const engines = guarded(options.engines.map(asEngine), quietly(options.log), options.hangMs);
    this.#engines = new EngineRoster(engines, options.tiers);
    this.#hangMs = options.hangMs;
    this.#health = new EngineHealth(options.health, options.log && printableLog(options.log));
    const { speakWith = askEngine, observe = unobserved } = options;
    const text = new EngineText();
    this.#context = { health: this.#health, levels: new VoiceLevels(), speakWith, text, observe };
  }

  /** Finds out which engines can speak here. Runs once, however often it is called. */
  initialize(): Promise<void> {
    this.#initialized ??= this.#probe();
    return this.#initialized;
  }

  /**
   * Warms the engines of some tiers, all by default. One that cannot be warmed is out of order, and tried again in the
   * background; one that lacks what does not come by waiting is not available.
   */
  async warmup(tiers: readonly Tier[] = TIERS): Promise<void> {
    const isFirst = this.#initialized === undefined;
    await this.initialize();
    const warm = async (engine: GuardedEngine): Promise<void> => {
      // An engine that was missing before may be there by now.
      if (!isFirst && !this.#engines.isAvailable(engine.name)) await this.#look(engine);
      // An engine that gave no answer a moment ago is not waited for again.
      if (!isFirst || !this.#health.isOutOfOrder(engine)) await this.#warm(engine);
    };
    await Promise.all(this.#engines.inTiers(tiers).map(warm));
  }

  /**
   * Takes in another engine while lines are spoken: from now on it is asked. It takes the place of the one of its name
   * where there is one, whose sentences under way go on.
   * @param options `before`: an engine that it is preferred to; by default all
   * @throws BardcastError why it cannot be warmed up; nothing has changed then
   */
  async add(
    engine: TTSEngine | Synthesizer,
    { before }: { before?: string | undefined } = {},
  ): Promise<void> {
    await this.initialize();
    const added = new GuardedEngine(asEngine(engine), this.#hangMs);
    await added.warmup();
    this.#health.forget(added.name);
    await this.#engines.add(added, before)?.shutdown();
  }

  /** The engine that a line would start with begins to load its voice, where it can. Never rejects. */
  async load(voice: VoiceConfig, context = "default"): Promise<void> {
    await this.initialize();
    const [first] = this.#health.usable(this.#engines.candidates(context, voice));
    await first?.load?.(voice).catch(() => undefined);
  }

  /**
   * Has each network service say a word that nobody hears, which may cost what a word costs. One that does not
   * answer is out of order, so that no line waits for it, and tried again in the background.
   */
  async examine(): Promise<void> {
    await this.initialize();
    const services = this.#engines.all.filter(
      ({ name, capabilities }) => capabilities.network && this.#engines.isAvailable(name),
    );
    await Promise.all(services.map((engine) => this.#health.examine(engine)));
  }

  /** The engine a line of this context would start with. @throws BardcastError `engine-unavailable` */
  async getEngineForContext(context: string, voice?: VoiceConfig): Promise<TTSEngine> {
    await this.initialize();
    const [first] = this.#health.usable(this.#engines.candidates(context, voice));
    if (!first) throw noEngine();
    return first.own;
  }

  /** Names of the engines, those that cannot speak here too. */
  get engineNames(): readonly string[] {
    return this.#engines.all.map(({ name }) => name);
  }

  async getStatus(): Promise<EngineStatus[]> {
    await this.initialize();
    return this.#engines.status.map((engine) => {
      const outOfOrder = this.#health.problem(engine.name);
      return outOfOrder === undefined ? engine : { ...engine, outOfOrder };
    });
  }

  /** The voices of the engines that can speak here, in order of preference. */
  async getVoices(): Promise<ListedVoices[]> {
    await this.initialize();
    return this.#engines.voices;
  }

  /** Shuts every engine down; one that refuses does not keep the others, nor the caller. */
  async shutdown(): Promise<void> {
    this.#health.close();
    await Promise.all(this.#engines.all.map((engine) => engine.shutdown()));
    this.#engines.forget();
    this.#initialized = undefined;
    this.#isInitialized = false;
  }

  /**
   * Speaks one sentence with the first engine that can. Resolves with its first audio: from then on a
   * failure is final, because nothing that was given out may be said twice.
   * @throws BardcastError `all-engines-failed` (its message lists each engine's reason), `cancelled`
   */
  async speak(job: SentenceJob, options: RouteOptions = {}): Promise<RoutedSpeech> {
    const text = cleanText(job.text);
    const order = text === job.text ? job : { ...job, text };
    return this.#firstThatSpeaks(order.voice, options, {
      ask: (engine, isLastResort) => attempt(engine, order, { ...options, isLastResort }, this.#context),
      recall: (engine) => attempt(engine, order, { ...options, keptOnly: true }, this.#context),
    });
  }

  /** Speaks a text into one WAV file. @throws BardcastError as `speak` */
  async synthesize(text: string, voice: VoiceConfig, options: RouteOptions = {}): Promise<TTSResult> {
    const { speakWhole } = await import("../render/speak-whole.ts");
    const line = { text: cleanText(text), voice };
    return this.#firstThatSpeaks(voice, options, {
      ask: async (engine) => {
        try {
          const said = await this.#context.text.of(line.text, voice, engine.capabilities, options);
          const { signal } = options;
          const whole = await speakWhole(engine, said.text, voice, {
            ipa: said.ipa,
            ...(signal ? { signal } : {}),
          });
          this.#health.succeeded(engine, line);
          return { ...whole, words: said.inWritten(whole.words), engine: engine.name };
        } catch (error) {
          if (!options.signal?.aborted) this.#health.failed(engine, line, error);
          throw error;
        }
      },
    });
  }

  /** One candidate after the other, in order; those out of order only as the last resort. */
  async #firstThatSpeaks<T>(
    voice: VoiceConfig,
    { context = "default", onlyLanguage, signal }: RouteOptions,
    { ask, recall }: Turn<T>,
  ): Promise<T> {
    if (!this.#isInitialized) await this.#initializedFor(signal);
    const all = this.#engines.candidates(context, voice);
    if (all.length === 0) throw noEngine();
    const candidates = onlyLanguage === undefined ? all : speakersOf(all, onlyLanguage);
    if (candidates.length === 0) throw unspoken(onlyLanguage);
    const usable = this.#health.usable(candidates);
    const reasons: string[] = [];
    for (const engine of candidates) {
      const problem = this.#health.problem(engine.name);
      try {
        if (usable.includes(engine)) return await ask(engine, problem !== undefined);
        if (recall) return await recall(engine);
      } catch (error) {
        if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
        if (usable.includes(engine)) reasons.push(`${engine.name}: ${messageOf(error)}`);
      }
      if (!usable.includes(engine)) reasons.push(`${engine.name} is out of order: ${problem}`);
    }
    throw new BardcastError("all-engines-failed", `no engine could speak: ${reasons.join("; ")}`, {
      retryable: true,
    });
  }

  /** The same, but a caller whose signal aborts stops waiting. */
  async #initializedFor(signal: AbortSignal | undefined): Promise<void> {
    try {
      await within(this.initialize(), undefined, signal);
    } catch (error) {
      throw engineError(error, signal);
    }
  }

  async #probe(): Promise<void> {
    await Promise.all([this.#context.text.load(), ...this.#engines.all.map((engine) => this.#look(engine))]);
    this.#isInitialized = true;
  }

  /** Whether it is there. Of one that does not say so, only trials can tell. */
  async #look(engine: GuardedEngine): Promise<void> {
    try {
      if (await engine.isAvailable()) this.#engines.setAvailable(engine.name, true);
    } catch (error) {
      this.#engines.setAvailable(engine.name, true);
      this.#health.foundCold(engine, error);
    }
  }

  async #warm(engine: GuardedEngine): Promise<void> {
    const { name, own } = engine;
    // A supervised engine tells only when it is warmed why it is missing.
    if (!this.#engines.isAvailable(name) && !own.isSupervised) return;
    try {
      await engine.warmup();
      this.#engines.setAvailable(name, true);
      this.#health.foundWarm(engine);
    } catch (error) {
      const isMissing = engineError(error).code === "engine-unavailable";
      this.#engines.setAvailable(name, !isMissing);
      if (!isMissing) this.#health.foundCold(engine, error);
    }
  }
}
