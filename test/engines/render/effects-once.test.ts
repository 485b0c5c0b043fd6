import { expect, test } from "bun:test";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { EFFECTS } from "../../../src/core/dsp/effects/names.ts";
import { FRAME_HEADER_BYTES } from "../../../src/core/protocol/frame.ts";
import { SpeechCache } from "../../../src/engines/cache/speech-cache.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import type { SentenceEvent, SentenceJob } from "../../../src/engines/contract/sentence-job.ts";
import { speakSentence } from "../../../src/engines/render/speak-sentence.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import type { TTSRouterOptions } from "../../../src/engines/routing/router-options.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { babble } from "../../support/sound.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const bitrates = { opus: 24_000, "opus-low": 12_000 };
const jobWith = (effects: readonly string[]): SentenceJob => ({
  text: "The dragon roars, and the walls of the old keep tremble.",
  voice: { ...plainVoice("en-us"), extra: { effects } },
  encodings: ["pcm16"],
  chunkBytes: 4096,
  bitrates,
  aheadMs: 0,
});

async function soundOf(events: AsyncIterable<SentenceEvent>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const event of events) {
    const bytes = event.type === "frame" && event.frame.bytes.get("pcm16");
    if (bytes) parts.push(bytes.slice(FRAME_HEADER_BYTES));
  }
  return Buffer.concat(parts);
}

async function routed(job: SentenceJob, options: TTSRouterOptions): Promise<Buffer> {
  const { events } = await new TTSRouter(options).speak(job);
  return soundOf(events);
}

/** Speaks for so long that the sound chain is at work, and breaks down before anything was heard. */
class Stumbling extends ToneEngine {
  override readonly name = "stumbling";

  override async *synthesize(): AsyncGenerator<PcmPiece, void, undefined> {
    yield { samples: babble(0.1, 0.5), sampleRate: 24_000 };
    throw new Error("it stumbled");
  }
}

const tone = (): TTSEngine => new ToneEngine({ samplesPerChar: 200 });

test.each([...EFFECTS])(
  "%s sounds the same from whoever takes over, as if nobody had tried before",
  async (effect) => {
    const job = jobWith([effect]);
    const alone = await soundOf(speakSentence(tone(), job));
    const dry = await soundOf(speakSentence(tone(), jobWith([])));
    expect(alone.equals(dry)).toBe(false);
    const takenOver = await routed(job, { engines: [new Stumbling(), tone()] });
    expect(takenOver.equals(alone)).toBe(true);
  },
);

test.each([...EFFECTS])("%s is in what is kept, and is not added again", async (effect) => {
  const job = jobWith([effect]);
  const alone = await soundOf(speakSentence(tone(), job));
  const engine = new ToneEngine({ samplesPerChar: 200 });
  const cache = new SpeechCache({ memoryBytes: 2 ** 20 });
  const router = new TTSRouter({ engines: [engine], speakWith: cache.speakWith });
  const first = await soundOf((await router.speak(job)).events);
  const again = await soundOf((await router.speak(job)).events);
  expect(engine.asked).toHaveLength(1);
  expect(first.equals(alone)).toBe(true);
  expect(again.equals(alone)).toBe(true);
});
