import type { TTSEngine } from "./engine.ts";
import { isSpeakingEngine, type SentenceEvent, type SentenceJob } from "./sentence-job.ts";

export interface SpeakWithOptions {
  /** Said to nobody yet: may wait for, and make way for, what somebody is about to hear. */
  ahead?: boolean;
  /** Not for everybody: nothing of it may outlast the process. */
  isPrivate?: boolean;
  signal?: AbortSignal;
}

/** Has an engine speak one sentence: straight away, or with something in between, as a cache is. */
export type SpeakWith = (
  engine: TTSEngine,
  job: SentenceJob,
  options: SpeakWithOptions,
) => AsyncIterable<SentenceEvent>;

/** Where the engine encodes, if it can, or else on this thread. */
export const speakWith: SpeakWith = (engine, job, { signal }) => {
  const options = signal ? { signal } : {};
  return isSpeakingEngine(engine) ? engine.speak(job, options) : speakHere(engine, job, options);
};

/** What speaks and encodes is loaded by whoever needs it on their own thread. */
async function* speakHere(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal },
): AsyncGenerator<SentenceEvent, void, undefined> {
  const { speakSentence } = await import("./speak-sentence.ts");
  yield* speakSentence(engine, job, options);
}
