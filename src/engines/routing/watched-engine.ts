import type { PcmPiece } from "../../core/dsp/audio.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, TTSEngine } from "../contract/engine.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../contract/sentence-job.ts";
import { speakWith } from "../render/speak-with.ts";
import type { EngineHealth } from "./engine-health.ts";

/**
 * An engine that tells how its sentences went. What stands between router and engines, as a cache does, asks
 * this one: a sentence that it repeats, or that several lines share, says no more than was made of it.
 */
export class WatchedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #engine: TTSEngine;
  readonly #health: EngineHealth;

  constructor(engine: TTSEngine, health: EngineHealth) {
    this.name = engine.name;
    this.capabilities = engine.capabilities;
    this.#engine = engine;
    this.#health = health;
  }

  supportedLanguages(): readonly string[] {
    return this.#engine.supportedLanguages();
  }

  isAvailable(): Promise<boolean> {
    return this.#engine.isAvailable();
  }

  warmup(): Promise<void> {
    return this.#engine.warmup();
  }

  shutdown(): Promise<void> {
    return this.#engine.shutdown();
  }

  async *speak(
    job: SentenceJob,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<SentenceEvent, void, undefined> {
    let isHeard = false;
    try {
      for await (const event of speakWith(this.#engine, job, options)) {
        isHeard ||= event.type === "frame";
        yield event;
      }
    } catch (error) {
      if (!options.signal?.aborted) this.#health.failed(this.#engine, job, error, { isHeard });
      throw error;
    }
    // For silence the engine was not asked.
    if (job.text !== "") this.#health.succeeded(this.#engine, job);
  }

  /** Not watched: it is for whoever makes something else of it than a sentence. */
  synthesize(text: string, voice: VoiceConfig, options?: { signal?: AbortSignal }): AsyncIterable<PcmPiece> {
    return this.#engine.synthesize(text, voice, options);
  }
}
