import type { PcmPiece } from "../../core/dsp/audio.ts";
import { coded } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities } from "../contract/engine.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../contract/sentence-job.ts";
import { speakWith } from "../render/speak-with.ts";
import type { EngineHealth } from "./engine-health.ts";
import type { GuardedEngine } from "./guarded-engine.ts";

/**
 * An engine that tells how its sentences went. What stands between router and engines, as a cache does, asks
 * this one: a sentence that it repeats, or that several lines share, says no more than was made of it.
 */
export class WatchedEngine implements SpeakingEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #engine: GuardedEngine;
  readonly #health: EngineHealth;
  readonly #observe: Observe;

  constructor(engine: GuardedEngine, health: EngineHealth, observe: Observe) {
    this.#observe = observe;
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
    const since = performance.now();
    try {
      for await (const event of speakWith(this.#engine, job, options)) {
        isHeard ||= event.type === "frame";
        if (event.type === "end") this.#noteEnd(job, event.durationMs, since);
        yield event;
      }
    } catch (error) {
      if (!options.signal?.aborted) {
        this.#health.failed(this.#engine, job, error, { isHeard });
        const { code } = coded(error, "engine-failed");
        this.#observe({ type: "engine.failed", engine: this.name, code });
      }
      throw error;
    }
    // For silence the engine was not asked.
    if (job.text !== "") this.#health.succeeded(this.#engine, job);
  }

  /** Of an engine that somebody runs for us, they know better: it may have had to wait for its turn. */
  #noteEnd(job: SentenceJob, audioMs: number, since: number): void {
    if (job.text === "" || this.#engine.own.isSupervised) return;
    const tookMs = performance.now() - since;
    this.#observe({ type: "engine.spoke", engine: this.name, tookMs, audioMs });
  }

  /** Not watched: it is for whoever makes something else of it than a sentence. */
  synthesize(text: string, voice: VoiceConfig, options?: { signal?: AbortSignal }): AsyncIterable<PcmPiece> {
    return this.#engine.synthesize(text, voice, options);
  }
}
