/** eSpeak and nothing else, on this thread. */

import { loadEngine } from "../../src/engines/catalogue.ts";
import type { SentenceJob } from "../../src/engines/contract/sentence-job.ts";
import { speakSentence } from "../../src/engines/render/speak-sentence.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { answer } from "../support/answer.ts";
import { SENTENCE, SHORT } from "../support/texts.ts";

const engine = await loadEngine("espeak");
await engine.warmup();
const voice = (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm");
let host: SpeechHost | undefined;

const job: SentenceJob = {
  text: SENTENCE,
  voice,
  encodings: ["opus"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 10_000,
};

/** Seconds of speech made in a second, with so many sentences under way at once. */
async function rate(ms: number, atOnce: number, speak: () => AsyncIterable<unknown>): Promise<number> {
  const start = performance.now();
  let sentences = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      for await (const _event of speak());
      sentences += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (sentences * 1000) / (performance.now() - start);
}

answer({
  /** ms from asking the engine to its first piece of sound. */
  async firstPiece() {
    const start = performance.now();
    for await (const _piece of engine.synthesize(SHORT, voice)) return performance.now() - start;
    throw new Error("no sound");
  },
  async startPool(size: number) {
    await host?.close();
    host = await createSpeechHost({ engines: ["espeak"], size });
  },
  /** Sentences a second. */
  alone: (ms: number) => rate(ms, 1, () => speakSentence(engine, job)),
  pooled(ms: number, size: number) {
    const [pooled] = host?.engines ?? [];
    if (!pooled) throw new Error("there is no pool");
    // One more than there are workers, so that none of them waits for this thread.
    return rate(ms, size + 1, () => pooled.speak(job));
  },
});
