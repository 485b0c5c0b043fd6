import { abortable, type WaitLimit, within } from "../../core/async/abortable.ts";
import type { PcmPiece } from "../../core/dsp/audio.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, SynthesizeOptions, TTSEngine } from "../contract/engine.ts";
import { engineError } from "../contract/engine-error.ts";
import { type EngineVoice, voicesOf } from "../contract/engine-voice.ts";
import {
  isSpeakingEngine,
  type SentenceEvent,
  type SentenceJob,
  type SpeakingEngine,
} from "../contract/sentence-job.ts";
import { piecesOf } from "./synthesizer.ts";

/** ms of silence after which an engine on this thread is given up. */
const DEFAULT_HANG_MS = 10_000;
/** ms that an engine may take to say whether it is there… */
const THERE_MS = 5_000;
/** …and to get warm, or to be tried; it may still do so later. */
const ANSWER_MS = 10_000;
/** ms that it may take to shut down. */
const SHUTDOWN_MS = 3_000;

/**
 * Somebody's engine, as the router trusts it: whatever it is asked ends when it is told to, or when the engine has been
 * silent for too long. An engine that is supervised is ended by its supervisor.
 */
export class GuardedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  /** The engine itself. */
  readonly own: TTSEngine;
  readonly probe?: NonNullable<TTSEngine["probe"]>;
  readonly load?: NonNullable<TTSEngine["load"]>;
  readonly #hangMs: number;
  /** The engine, where it encodes by itself. */
  readonly #speaking: SpeakingEngine | undefined;

  /**
   * @param hangMs of silence after which it is given up; default 10 000
   * @throws BardcastError `engine-failed` where it cannot even be looked at
   */
  constructor(engine: TTSEngine, hangMs: number = DEFAULT_HANG_MS) {
    this.own = engine;
    this.#hangMs = hangMs;
    try {
      this.name = String(engine.name);
      this.capabilities = engine.capabilities ?? { streaming: false, wordTimes: false };
      if (engine.probe) {
        this.probe = (options) => this.#answer("did not answer", () => engine.probe?.(options), options);
      }
      if (engine.load)
        this.load = (voice) => this.#answer("did not begin to load", () => engine.load?.(voice));
      this.#speaking = isSpeakingEngine(engine) ? engine : undefined;
    } catch (error) {
      throw engineError(error);
    }
  }

  /** None where it does not say. */
  supportedLanguages(): readonly string[] {
    try {
      const languages: unknown = this.own.supportedLanguages();
      return Array.isArray(languages) ? languages.filter((tag) => typeof tag === "string") : [];
    } catch {
      return [];
    }
  }

  /** None where it does not list them. */
  listVoices(): readonly EngineVoice[] {
    return voicesOf(this.own);
  }

  /** @throws BardcastError `engine-hung`, or what it throws although it must not */
  isAvailable(): Promise<boolean> {
    return this.#answer("did not say whether it is there", () => this.own.isAvailable(), { ms: THERE_MS });
  }

  warmup(): Promise<void> {
    return this.#answer("did not get warm", () => this.own.warmup());
  }

  /** Never rejects. */
  async shutdown(): Promise<void> {
    const ending = (async () => this.own.shutdown())();
    await within(ending, this.#limit(SHUTDOWN_MS, "did not shut down")).catch(() => undefined);
  }

  /** Where the engine encodes, if it can, or else on this thread. @throws whatever the engine throws */
  speak(job: SentenceJob, options: { signal?: AbortSignal } = {}): AsyncIterable<SentenceEvent> {
    if (!this.#speaking) return speakHere(this, job, options);
    const events = this.#speaking.speak(job, options);
    return this.own.isSupervised ? events : abortable(events, options.signal, this.#silence());
  }

  /** @throws whatever the engine throws */
  synthesize(text: string, voice: VoiceConfig, options: SynthesizeOptions = {}): AsyncIterable<PcmPiece> {
    // One that has all the parts of an engine may still answer as the least that speaks does.
    const pieces = piecesOf(this.own.synthesize(text, voice, options), this.name);
    const counts = ({ samples }: PcmPiece): boolean => samples.length > 0;
    // A supervisor knows when the engine is only waiting for its turn.
    return abortable(
      pieces,
      options.signal,
      this.own.isSupervised ? undefined : { ...this.#silence(), counts },
    );
  }

  #silence(): WaitLimit {
    return this.#limit(this.#hangMs, "gave no sound");
  }

  async #answer<T>(
    trouble: string,
    ask: () => T | PromiseLike<T>,
    { ms = ANSWER_MS, signal }: { ms?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    try {
      return await within((async () => ask())(), this.#limit(ms, trouble), signal);
    } catch (error) {
      throw engineError(error, signal);
    }
  }

  #limit(ms: number, trouble: string): WaitLimit {
    const message = `the engine "${this.name}" ${trouble} within ${ms} ms`;
    return { ms, late: () => new BardcastError("engine-hung", message, { retryable: true }) };
  }
}

/** Those that can at least be looked at; the log hears of the others. */
export function usableEngines(engines: readonly TTSEngine[], log: (message: string) => void): TTSEngine[] {
  return guarded(engines, log).map(({ own }) => own);
}

/** The engines as they can be trusted; one that cannot be looked at is left out, and the log says so. */
export function guarded(
  engines: readonly TTSEngine[],
  log: (message: string) => void,
  hangMs?: number,
): GuardedEngine[] {
  return engines.flatMap((engine) => {
    try {
      return [new GuardedEngine(engine, hangMs)];
    } catch (error) {
      log(`an engine cannot be used: ${engineError(error).message}`);
      return [];
    }
  });
}

/** The renderer is imported only where it is needed on this thread. */
async function* speakHere(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal },
): AsyncGenerator<SentenceEvent, void, undefined> {
  const { speakSentence } = await import("../render/speak-sentence.ts");
  yield* speakSentence(engine, job, options);
}
