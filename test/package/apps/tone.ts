import type { TTSEngine } from "bardcast";

/** 1,000 samples of a tone for each character, at 8 kHz. */
export const tone: TTSEngine = {
  name: "tone",
  capabilities: { streaming: true, wordTimes: false, sampleRate: 8000 },
  supportedLanguages: () => ["*"],
  isAvailable: async () => true,
  warmup: async () => {},
  shutdown: async () => {},
  async *synthesize(text) {
    const samples = Float32Array.from({ length: text.length * 1000 }, (_, i) => 0.3 * Math.sin(i / 8));
    yield { samples, sampleRate: 8000 };
  },
};
