import { describe, expect, test } from "bun:test";
import type { PcmPiece } from "../../src/core/audio.ts";
import { FRAME_HEADER_BYTES } from "../../src/core/frame.ts";
import { LoudnessMeter } from "../../src/core/loudness.ts";
import { int16ToFloat, joinPcm } from "../../src/core/pcm.ts";
import type { TTSEngine } from "../../src/engines/engine.ts";
import { createEspeakEngine } from "../../src/engines/espeak.ts";
import { TTSRouter } from "../../src/engines/router.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { hasMeter, measure } from "../support/meter.ts";
import { babble } from "../support/sound.ts";

const SENTENCES = [
  "The gate groans open, and quietly nobody comes out.",
  "Behind it lies a hall of black glass; a thousand candles burn in it, and not one of them gives any warmth.",
  "Who dares to wake the keeper?",
  "It counts your steps, one by one, and it has been counting since you left the village.",
  "When it stops, the candles go out together. Run, if you still can!",
];

const espeak = createEspeakEngine();

/** An engine that speaks as another one does, at another level, in small pieces as they are made. */
function recorded(name: string, source: TTSEngine["synthesize"], gain: number): TTSEngine {
  return {
    name,
    capabilities: { streaming: true, wordTimes: false },
    supportedLanguages: () => ["*"],
    isAvailable: async () => true,
    warmup: async () => undefined,
    shutdown: async () => undefined,
    async *synthesize(text, voice): AsyncGenerator<PcmPiece, void, undefined> {
      for await (const { samples, sampleRate } of source(text, voice)) {
        const louder = samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
        for (let at = 0; at < louder.length; at += 1000)
          yield { samples: louder.slice(at, at + 1000), sampleRate };
      }
    },
  };
}

async function* buzz(text: string): AsyncGenerator<PcmPiece, void, undefined> {
  yield { samples: babble(1 + text.length / 30, 0.5, 140), sampleRate: 24_000 };
}

const speak: TTSEngine["synthesize"] = (text, voice) => espeak.synthesize(text, voice);
const router = new TTSRouter({
  engines: [
    espeak,
    recorded("far away", speak, 0.05),
    recorded("too close", speak, 3),
    recorded("buzz", buzz, 1),
    recorded("buzz far away", buzz, 0.02),
  ],
});

async function heard(text: string, voice: VoiceConfig): Promise<Float32Array<ArrayBuffer>> {
  const job = { text, voice, encodings: ["pcm16"], chunkBytes: 4096, aheadMs: 0 } as const;
  const { events, engine } = await router.speak({ ...job, bitrates: { opus: 24_000, "opus-low": 12_000 } });
  expect(engine).toBe(String(voice.extra.engine));
  const sound: Float32Array[] = [];
  for await (const event of events) {
    const bytes = event.type === "frame" && event.frame.bytes.get("pcm16");
    if (bytes) sound.push(int16ToFloat(new Int16Array(bytes.slice(FRAME_HEADER_BYTES).buffer)));
  }
  return joinPcm(sound);
}

function voiced(engine: string, voiceId: string, effects: string[] = []): [string, VoiceConfig] {
  const name = [engine, voiceId, ...effects].join(", ");
  return [name, { ...plainVoice("en-us"), voiceId, extra: { engine, effects } }];
}

describe.skipIf(!hasMeter)("by ffmpeg's meter", () => {
  test.each([
    voiced("espeak", "en-us"),
    voiced("espeak", "en-us+f3"),
    voiced("espeak", "en-us+whisper"),
    voiced("espeak", "en-us+croak"),
    voiced("espeak", "it"),
    voiced("far away", "en-us"),
    voiced("far away", "en-us+whisper"),
    voiced("too close", "en-us+m7"),
    voiced("too close", "de"),
    voiced("buzz", "en-us"),
    voiced("buzz far away", "en-us"),
    voiced("espeak", "en-us", ["cave"]),
    voiced("espeak", "en-us+f3", ["telepathy"]),
    voiced("too close", "en-us", ["giant"]),
    voiced("far away", "en-us", ["spirit"]),
    voiced("far away", "en-us", ["radio"]),
  ])(
    "%s: within 3 LU of the target at first, within 1 LU from the second sentence on, never over −1 dBTP",
    async (_, voice) => {
      const sentences: Float32Array<ArrayBuffer>[] = [];
      for (const sentence of SENTENCES) sentences.push(await heard(sentence, voice));
      const [first = new Float32Array(0), ...others] = sentences;
      const [atFirst, later] = [await measure(first), await measure(joinPcm(others))];
      expect(Math.abs(atFirst.lufs + 18)).toBeLessThanOrEqual(3);
      expect(Math.abs(later.lufs + 18)).toBeLessThanOrEqual(1);
      expect(Math.max(atFirst.truePeak, later.truePeak)).toBeLessThanOrEqual(-1);
      // One sentence of a few seconds may be a little louder than its voice: the gain does not pump.
      for (const sentence of others) {
        const meter = new LoudnessMeter(24_000);
        meter.push(sentence);
        expect(Math.abs((meter.lufs as number) + 18)).toBeLessThanOrEqual(2);
      }
    },
    20_000,
  );
});
