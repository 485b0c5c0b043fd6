import { BardcastError } from "../../core/errors.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { isSpeakingEngine, type SentenceEvent, type SentenceJob } from "../contract/sentence-job.ts";

export interface SpeakWithOptions {
  /** Said to nobody yet: may wait for, and make way for, what somebody is about to hear. */
  ahead?: boolean;
  /** Not for everybody: nothing of it may outlast the process. */
  isPrivate?: boolean;
  /** The engine is out of order: only what is kept is said. */
  keptOnly?: boolean;
  signal?: AbortSignal;
}

/**
 * Has an engine speak one sentence: straight away, or with something in between, as a cache is.
 * @throws BardcastError `engine-unavailable` where `keptOnly` is asked for and nothing is kept, without asking the engine
 */
export type SpeakWith = (
  engine: TTSEngine,
  job: SentenceJob,
  options: SpeakWithOptions,
) => AsyncIterable<SentenceEvent>;

/** Where the engine encodes, if it can, or else on this thread. */
export const speakWith: SpeakWith = (engine, job, { signal, keptOnly }) => {
  if (keptOnly) throw notKept();
  const options = signal ? { signal } : {};
  return isSpeakingEngine(engine) ? engine.speak(job, options) : speakHere(engine, job, options);
};

/** Nothing is kept, and the engine may not be asked. */
export function notKept(): BardcastError {
  return new BardcastError("engine-unavailable", "the sentence was not said before");
}

/** What speaks and encodes is loaded by whoever needs it on their own thread. */
async function* speakHere(
  engine: TTSEngine,
  job: SentenceJob,
  options: { signal?: AbortSignal },
): AsyncGenerator<SentenceEvent, void, undefined> {
  const { speakSentence } = await import("./speak-sentence.ts");
  yield* speakSentence(engine, job, options);
}
