import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";

/** Hz */
export const SAMPLE_RATE = 24_000;
/** Of each sentence, where nothing else is said. */
export const SENTENCE_MS = 2500;

export interface ToneOptions {
  /** ms of sound in a sentence; default 2500. */
  sentenceMs?: number;
  /** ms of sound in a piece; default all of the sentence. */
  pieceMs?: number;
  /** Gives each piece when it would have been said, as a service does that speaks as it goes. */
  live?: boolean;
}

/** An engine that costs next to nothing: what is left is Bardcast's own work. */
export default ({
  sentenceMs = SENTENCE_MS,
  pieceMs = sentenceMs,
  live = false,
}: ToneOptions = {}): TTSEngine => ({
  name: "tone",
  capabilities: { streaming: true, wordTimes: false, sampleRate: SAMPLE_RATE },
  supportedLanguages: () => ["*"],
  isAvailable: async () => true,
  warmup: async () => undefined,
  shutdown: async () => undefined,
  async *synthesize(): AsyncGenerator<PcmPiece, void, undefined> {
    const start = performance.now();
    for (let atMs = 0; atMs < sentenceMs; atMs += pieceMs) {
      const dueMs = start + atMs + pieceMs - performance.now();
      if (live) await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs)));
      const length = (pieceMs * SAMPLE_RATE) / 1000;
      const samples = Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i / 8));
      yield { samples, sampleRate: SAMPLE_RATE };
    }
  },
});
