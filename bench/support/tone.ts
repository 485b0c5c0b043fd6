import type { PcmPiece } from "../../src/core/audio.ts";
import type { TTSEngine } from "../../src/engines/engine.ts";

/** Hz */
const SAMPLE_RATE = 24_000;
/** Of each sentence. */
const SECONDS = 2.5;

/** An engine that costs next to nothing: what is left is Bardcast's own work. */
export default (): TTSEngine => ({
  name: "tone",
  capabilities: { streaming: true, wordTimes: false, sampleRate: SAMPLE_RATE },
  supportedLanguages: () => ["*"],
  isAvailable: async () => true,
  warmup: async () => undefined,
  shutdown: async () => undefined,
  async *synthesize(): AsyncGenerator<PcmPiece, void, undefined> {
    const samples = Float32Array.from({ length: SAMPLE_RATE * SECONDS }, (_, i) => 0.3 * Math.sin(i / 8));
    yield { samples, sampleRate: SAMPLE_RATE };
  },
});
