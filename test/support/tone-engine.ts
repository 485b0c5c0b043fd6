import { deferred } from "../../src/core/async/deferred.ts";
import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import type { VoiceConfig } from "../../src/voices/voice-config.ts";

export interface ToneEngineOptions {
  name?: string;
  /** Samples for each character of text, at 8 kHz. */
  samplesPerChar?: number | ((text: string) => number);
  /** Texts that make it throw. */
  failsOn?: (text: string) => boolean;
  available?: boolean;
  /** Default every one. */
  languages?: readonly string[];
}

/**
 * A real, small engine: a tone as long as the text, the same for the same text. It can be held back
 * before a sentence, to see what happens meanwhile.
 */
export class ToneEngine implements TTSEngine {
  readonly name: string;
  readonly capabilities = { streaming: true, wordTimes: false, sampleRate: 8000 };
  /** Texts in the order they were asked for. */
  readonly asked: string[] = [];
  /** The voices they were asked for in. */
  readonly voices: VoiceConfig[] = [];
  readonly aborted: string[] = [];
  warmups = 0;
  readonly #options: ToneEngineOptions;
  readonly #held = new Map<string, { released: Promise<void>; release: () => void }>();

  constructor(options: ToneEngineOptions = {}) {
    this.name = options.name ?? "tone";
    this.#options = options;
  }

  supportedLanguages(): readonly string[] {
    return this.#options.languages ?? ["*"];
  }

  async isAvailable(): Promise<boolean> {
    return this.#options.available ?? true;
  }

  async warmup(): Promise<void> {
    this.warmups += 1;
  }

  async shutdown(): Promise<void> {}

  /** Holds a sentence back until the returned function is called. */
  hold(text: string): () => void {
    const { promise, resolve } = deferred();
    this.#held.set(text, { released: promise, release: () => resolve() });
    return () => resolve();
  }

  async *synthesize(
    text: string,
    voice: VoiceConfig,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    this.asked.push(text);
    this.voices.push(voice);
    await this.#held.get(text)?.released;
    if (options.signal?.aborted) {
      this.aborted.push(text);
      return;
    }
    if (this.#options.failsOn?.(text)) throw new Error(`cannot say "${text}"`);
    const { samplesPerChar = 80 } = this.#options;
    const samples = tone(text, typeof samplesPerChar === "number" ? samplesPerChar : samplesPerChar(text));
    const half = Math.floor(samples.length / 2);
    yield { samples: samples.slice(0, half), sampleRate: 8000 };
    yield { samples: samples.slice(half), sampleRate: 8000 };
  }
}

function tone(text: string, samplesPerChar: number): Float32Array<ArrayBuffer> {
  const step = (2 * Math.PI * (200 + (text.charCodeAt(0) % 64) * 10)) / 8000;
  return Float32Array.from({ length: text.length * samplesPerChar }, (_, i) => 0.5 * Math.sin(step * i));
}
